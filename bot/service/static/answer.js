// What any answer on the page can do: copy its text, print its card. (That its numbers open their clauses is in pane.js.)
// What is printed is a copy of the answer, unfolded; the print style shows nothing else (see page.css).

const SHEET = "print-sheet";

document.addEventListener("click", (event) => {
  const copy = event.target.closest(".copy");
  const print = event.target.closest(".print");
  if (copy) copyText(copy);
  if (print) {
    prepare(print.closest(".answer"));
    window.print();
  }
});
window.addEventListener("afterprint", () => document.getElementById(SHEET)?.remove());

function prepare(answer) {
  document.getElementById(SHEET)?.remove();
  const sheet = document.body.appendChild(document.createElement("div"));
  sheet.id = SHEET;
  sheet.append(head(), answer.cloneNode(true));
  sheet.querySelectorAll("details").forEach((fold) => (fold.open = true));
  sheet.querySelectorAll(".copy, .print, .removed, template").forEach((part) => part.remove());
}

function head() {
  const line = document.createElement("p");
  const day = new Date().toLocaleDateString("zh-CN", { year: "numeric", month: "long", day: "numeric" });
  line.className = "sheet-head";
  line.textContent = `${document.title} · 打印日期：${day}`;
  return line;
}

async function copyText(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers give no clipboard to pages served without TLS, as on an office network.
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = "已复制";
  setTimeout(() => (button.textContent = "复制"), 2000);
}
