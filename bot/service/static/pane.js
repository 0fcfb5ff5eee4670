// The document pane. Gradio gives `element` and `server.read_document(document) -> HTML`.
// Anything on the page with data-document and data-block opens its place here; the <template data-block> elements beside it
// hold the same blocks with the quoted characters in <mark>, so that a click needs no round trip once a document is here.
// A .cite opens what the .source of the same number in its answer does.

const pane = element.querySelector(".pane");
const body = element.querySelector(".pane-body");
const place = element.querySelector(".place");
const desk = document.getElementById("desk");
const wide = matchMedia("(min-width: 900px)");
const documents = new Map();
let shown = null; // id of the document in the pane
let current = null; // what names the place in the pane
let opener = null; // what was clicked to open it, where the focus goes back to
let marked = []; // [block, its HTML without marks]

document.addEventListener("click", (event) => {
  const cite = event.target.closest(".cite");
  const target = cite
    ? cite.closest(".answer").querySelector(`.source[data-number="${cite.dataset.number}"]`)
    : event.target.closest("[data-document][data-block]");
  if (target) open(target, cite ?? target);
});
element.querySelector(".back").addEventListener("click", () => window.history.back());
element.addEventListener("keydown", (event) => event.key === "Escape" && covers() && window.history.back());
window.addEventListener("popstate", close);
wide.addEventListener("change", close);

async function open(target, clicked) {
  current = target;
  describe(target);
  cover(clicked);
  if (!(await show(target.dataset.document)) || current !== target) return;
  marked.forEach(([block, html]) => (block.innerHTML = html));
  marked = [...target.parentElement.querySelectorAll("template[data-block]")].map((template) => {
    const block = find(template.dataset.block);
    const plain = [block, block.innerHTML];
    block.innerHTML = template.innerHTML;
    return plain;
  });
  body.querySelectorAll(".current").forEach((block) => block.classList.remove("current"));
  const block = find(target.dataset.block);
  (block.closest(".clause") ?? block).classList.add("current");
  scrollTo(body.querySelector("mark") ?? block);
}

async function show(id) {
  if (!documents.has(id)) documents.set(id, await server.read_document(id));
  const html = documents.get(id);
  if (!html) {
    documents.delete(id);
    body.innerHTML = '<p class="pane-empty">原文暂时打不开，请稍后再试。</p>';
    shown = null;
  } else if (shown !== id) {
    body.innerHTML = html;
    shown = id;
    marked = [];
  }
  return Boolean(html);
}

function describe(target) {
  place.hidden = false;
  place.querySelector(".place-title").textContent = target.dataset.title;
  place.querySelector(".place-path").textContent = target.dataset.path;
  place.querySelector(".place-units").textContent = target.dataset.units;
  desk.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  const cites = target.closest(".answer")?.querySelectorAll(`.cite[data-number="${target.dataset.number}"]`) ?? [];
  [target, ...cites].forEach((part) => part.setAttribute("aria-current", "true"));
}

function find(block) {
  return body.querySelector(`[data-block="${block}"]`);
}

function scrollTo(block) {
  const top = block.getBoundingClientRect().top - body.getBoundingClientRect().top;
  body.scrollTop += top - body.clientHeight / 4;
}

// On a narrow screen the pane covers the conversation, and the phone's own way back closes it.

function covers() {
  return pane.classList.contains("open");
}

function cover(clicked) {
  opener = clicked;
  if (wide.matches || covers()) return;
  window.history.pushState({ pane: true }, "");
  pane.classList.add("open");
  desk.inert = true;
  element.querySelector(".back").focus();
}

function close() {
  if (!covers()) return;
  pane.classList.remove("open");
  desk.inert = false;
  opener.focus({ preventScroll: true });
}
