// The list of documents. Gradio gives `element` and `server.read_outline(document) -> HTML`; an outline is read when its card opens.

const cards = element.querySelectorAll(".document-card");

cards.forEach((card) => card.addEventListener("toggle", () => card.open && fill(card)));
if (cards.length === 1) cards[0].open = true;

async function fill(card) {
  const place = card.querySelector(".outline-place");
  if (place.dataset.filled) return;
  const html = await server.read_outline(card.dataset.document);
  place.innerHTML = html || '<p class="pane-empty">目录暂时打不开，请稍后再试。</p>';
  if (html) place.dataset.filled = "yes";
}
