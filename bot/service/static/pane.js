// The document pane. Gradio gives `element` and `server.read_document(document) -> HTML`.
// Anything on the page with data-document and data-block opens its place here; data-marks are the characters to mark there
// ("120-145,160-170", offsets into the document), so that a click needs no round trip once a document is here.
// A .cite opens what the .source of the same number in its answer does; a .reference is a link inside a document.

const pane = element.querySelector(".pane");
const body = element.querySelector(".pane-body");
const place = element.querySelector(".place");
const earlier = element.querySelector(".earlier");
const desk = document.getElementById("desk");
const wide = matchMedia("(min-width: 900px)");
const documents = new Map();
let shown = null; // id of the document in the pane
let current = null; // what names the place in the pane
let opener = null; // what was clicked to open it, where the focus goes back to
let trail = []; // the places from which references were followed

document.addEventListener("click", (event) => {
  const cite = event.target.closest(".cite");
  const target = cite
    ? cite.closest(".answer").querySelector(`.source[data-number="${cite.dataset.number}"]`)
    : event.target.closest("[data-document][data-block]");
  if (!target) return;
  const followed = target.matches(".pane .reference");
  if (target.matches(".reference")) event.preventDefault();
  trail = followed ? [...trail, current] : [];
  open(target, cite ?? target);
});
earlier.addEventListener("click", () => {
  open(trail.pop(), opener);
  body.focus({ preventScroll: true });
});
element.querySelector(".back").addEventListener("click", () => window.history.back());
element.addEventListener("keydown", (event) => event.key === "Escape" && covers() && window.history.back());
window.addEventListener("popstate", close);
window.addEventListener("documents-changed", () => documents.clear());
wide.addEventListener("change", close);

async function open(target, clicked) {
  current = target;
  earlier.hidden = !trail.length;
  describe(target);
  cover(clicked);
  if (!(await show(target.dataset.document)) || current !== target) return;
  flag(body.querySelector(".document").dataset.flags ?? "");
  unmark();
  (target.dataset.marks ?? "").split(",").filter(Boolean).forEach((range) => mark(...range.split("-").map(Number)));
  body.querySelectorAll(".current").forEach((block) => block.classList.remove("current"));
  const block = find(target.dataset.block);
  (block.closest(".clause") ?? block).classList.add("current");
  scrollTo(body.querySelector("mark") ?? block);
}

// Offsets count characters as Python does, so that one outside the basic plane (a rare name) is one and not two.
function mark(start, end) {
  for (const block of body.querySelectorAll("[data-block]")) {
    let at = Number(block.dataset.block);
    if (at >= end) break;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      const letters = [...node.data];
      const [left, right] = [Math.max(start - at, 0), Math.min(end - at, letters.length)];
      at += letters.length;
      if (left >= right) continue;
      const marked = document.createElement("mark");
      marked.textContent = letters.slice(left, right).join("");
      node.replaceWith(letters.slice(0, left).join(""), marked, letters.slice(right).join(""));
    }
  }
}

function unmark() {
  body.querySelectorAll("mark").forEach((marked) => {
    const around = marked.parentElement;
    marked.replaceWith(...marked.childNodes);
    around.normalize();
  });
}

function flag(flags) {
  const badges = flags.split("\n").filter(Boolean).map((words) => {
    const badge = document.createElement("span");
    badge.className = "flag";
    badge.textContent = words;
    return badge;
  });
  place.querySelector(".place-flags").replaceChildren(...badges);
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
  }
  return Boolean(html);
}

function describe(target) {
  place.hidden = false;
  place.querySelector(".place-title").textContent = target.dataset.title;
  place.querySelector(".place-path").textContent = target.dataset.path;
  place.querySelector(".place-units").textContent = target.dataset.units;
  const original = place.querySelector(".original");
  original.hidden = !target.dataset.original;
  original.href = target.dataset.original ?? "";
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
