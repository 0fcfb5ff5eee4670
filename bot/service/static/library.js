// The list of documents. Gradio gives `element` and `server`: read_library() and read_details(document) give HTML,
// read_difference({old, new}) what changed from one version to the other. The list is read when the page opens, so that
// it is of today, and again when a document has been added.

const list = element.querySelector(".library");
const FAILED = '<p class="pane-empty">暂时打不开，请稍后再试。</p>';

list.addEventListener("toggle", (event) => event.target.open && fill(event.target), true); // toggle does not bubble
list.addEventListener("input", filter);
list.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches(".compare")) compare(event.target);
});
window.addEventListener("documents-changed", load);
load();

async function load() {
  const html = await server.read_library(null);
  if (!html) return;
  const words = list.querySelector('[name="words"]')?.value ?? "";
  list.innerHTML = html;
  list.querySelector('[name="words"]').value = words;
  filter();
  const cards = list.querySelectorAll(".document-card");
  if (cards.length === 1) cards[0].open = true;
}

async function fill(card) {
  const place = card.querySelector(".document-details");
  if (!place || place.dataset.filled) return;
  const html = await server.read_details(card.dataset.document);
  place.innerHTML = html || FAILED;
  if (html) place.dataset.filled = "yes";
}

function filter() {
  const chosen = new FormData(list.querySelector(".library-filter"));
  const words = chosen.get("words").toLowerCase().split(/\s+/).filter(Boolean);
  const cards = [...list.querySelectorAll(".document-card")];
  cards.forEach((card) => {
    const { search, standing, level, place } = card.dataset;
    const fits = (name, value) => !chosen.get(name) || chosen.get(name) === value;
    const found = words.every((word) => search.includes(word));
    card.hidden = !(found && fits("standing", standing) && fits("level", level) && fits("place", place));
  });
  list.querySelectorAll(".library-group").forEach((group) => {
    const shown = group.querySelectorAll(".document-card:not([hidden])").length;
    group.hidden = !shown;
    group.querySelector(".group-count").textContent = shown;
  });
  const shown = cards.filter((card) => !card.hidden).length;
  const all = `共${cards.length}份`;
  list.querySelector(".library-count").textContent =
    shown === cards.length ? all : shown ? `${all}，符合条件的${shown}份` : "没有符合条件的文件，请换个词或放宽条件。";
}

async function compare(form) {
  const place = form.parentElement.querySelector(".difference-place");
  const chosen = Object.fromEntries(new FormData(form));
  if (chosen.old === chosen.new) {
    place.textContent = "请选择两个不同的版本。";
    return;
  }
  place.textContent = "正在比较…";
  place.innerHTML = (await server.read_difference(chosen)) || FAILED;
  place.querySelector(".difference")?.focus();
}
