// The filter of 责任分工: one unit's row of the matrix and its lines of the table. Gradio gives `element`.

element.querySelectorAll(".duties-of").forEach((section) => {
  section.querySelector(".unit-filter").addEventListener("change", (event) => filter(section, event.target.value));
});

function filter(section, unit) {
  section.querySelectorAll(".matrix tbody tr").forEach((row) => (row.hidden = Boolean(unit) && row.dataset.unit !== unit));
  const lines = [...section.querySelectorAll(".duty-table tr[data-units]")];
  lines.forEach((line) => (line.hidden = Boolean(unit) && !line.dataset.units.split("\n").includes(unit)));
  section.querySelectorAll(".duty-table tbody").forEach((body) => {
    body.hidden = !body.querySelector("tr[data-units]:not([hidden])");
  });
  const shown = lines.filter((line) => !line.hidden).length;
  element.querySelector('[role="status"]').textContent = `${unit || "全部单位"}：${shown}段`;
}
