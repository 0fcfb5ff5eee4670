// The answer desk by keyboard, its copy button, and the numbers that lead to a clause. Gradio gives `element`.

const COPIED = "已复制答复。";
const $ = (id) => document.getElementById(id);
const shown = () => element.offsetParent !== null; // whether this tab is the open one
const button = (id) => ($(id)?.matches("button") ? $(id) : $(id)?.querySelector("button"));
const KINDS = { p: 0, m: 1, g: 2 };

document.addEventListener("keydown", (event) => {
  if (!shown() || event.isComposing) return;
  const key = event.key.toLowerCase();
  if (event.ctrlKey && key === "enter") act(event, () => button(event.shiftKey ? "desk-reject" : "desk-approve").click());
  if (!event.altKey || event.ctrlKey) return;
  if (key === "q") act(event, () => focusOn("desk-question"));
  if (key === "c") act(event, () => button("desk-copy").click());
  if (key in KINDS) act(event, () => $("desk-kind").querySelectorAll("input")[KINDS[key]].click());
});

document.addEventListener("click", (event) => {
  const number = event.target.closest("#desk-answer :is(.cite, .source)")?.dataset.number;
  const clause = number && document.getElementById(`cited-${number}`)?.closest(".cited");
  if (!clause) return;
  document.querySelectorAll(".cited[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  clause.setAttribute("aria-current", "true");
  clause.focus({ preventScroll: true });
  clause.scrollIntoView({ block: "nearest" });
});

window.addEventListener("desk-copy", async ({ detail }) => {
  await copied(detail ?? "");
  const told = $("desk-told")?.querySelector(".told");
  if (told) told.textContent = COPIED;
});

function act(event, work) {
  event.preventDefault();
  event.stopPropagation();
  work();
}

function focusOn(id) {
  const area = $(id).querySelector("textarea, input");
  area.focus();
  area.select();
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers give no clipboard to pages served without TLS, as on an office network.
    const before = document.activeElement;
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
    before?.focus();
  }
}
