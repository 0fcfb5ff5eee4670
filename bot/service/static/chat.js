// The conversation. Gradio gives `element` (this part of the page) and `server.ask({question, history}) -> {status, html, text, history, suggestions}`.
// The history lives here and is sent along with each question; the server keeps none of it.

const conversation = element.querySelector(".conversation");
const form = element.querySelector(".composer");
const input = form.querySelector("textarea");
const send = form.querySelector(".send");
const restart = form.querySelector(".restart");
const complaint = form.querySelector(".complaint");
const announcement = element.querySelector(".announcement");
const UNREACHABLE = "暂时连接不上服务，请稍后再试。";
const TURNS = 6; // earlier exchanges that the server looks at
let history = [];
let waiting = false;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(input.value);
  input.focus({ preventScroll: true });
});

input.addEventListener("keydown", (event) => {
  // 229 is what browsers report for a key that the input method takes, also just after isComposing has ended.
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  form.requestSubmit();
});

input.addEventListener("input", () => {
  complaint.textContent = "";
  fitInput();
});

element.addEventListener("click", (event) => {
  const example = event.target.closest(".examples button");
  if (example) {
    ask(example.textContent);
    // On a touch screen the focus would raise the keyboard over the answer.
    if (!matchMedia("(pointer: coarse)").matches) input.focus({ preventScroll: true });
  }
});

restart.addEventListener("click", () => {
  conversation.querySelectorAll(".turn").forEach((turn) => turn.remove());
  history = [];
  restart.hidden = true;
  input.focus({ preventScroll: true });
});

async function ask(question) {
  if (waiting) return;
  wait(true);
  complaint.textContent = "";
  const turn = showQuestion(question);
  input.value = "";
  fitInput();
  const reply = await server.ask({ question, history: history.slice(-TURNS) });
  wait(false);
  if (!reply || reply.status === "error_invalid_question") {
    turn.remove();
    if (!input.value) input.value = question;
    fitInput();
    complaint.textContent = reply ? reply.text : UNREACHABLE;
    return;
  }
  history.push([question, reply.history]);
  restart.hidden = false;
  turn.hidden = false;
  turn.querySelector(".pending").outerHTML = reply.html;
  showSuggestions(turn, reply.suggestions);
  conversation.scrollTop = turn.offsetTop - 16;
  announcement.textContent = reply.text;
  // Beside the conversation the clause opens by itself; where it would cover the conversation the reader opens it.
  if (matchMedia("(min-width: 900px)").matches) turn.querySelector('.source[data-number="1"]')?.click();
}

// Only the latest answer has them: what an earlier one led to has been asked or passed over.
function showSuggestions(turn, suggestions) {
  conversation.querySelector(".suggestions")?.remove();
  if (!suggestions.length) return;
  const list = document.createElement("ul");
  list.className = "examples suggestions";
  list.setAttribute("aria-label", "您还可以问");
  for (const suggestion of suggestions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = suggestion;
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  turn.append(list);
}

function wait(on) {
  waiting = on;
  send.setAttribute("aria-disabled", on);
}

function showQuestion(question) {
  const turn = document.createElement("section");
  turn.className = "turn";
  turn.innerHTML = '<p class="question"></p><p class="pending">正在查找原文…</p>';
  turn.querySelector(".question").textContent = question;
  turn.hidden = !question.trim();
  conversation.append(turn);
  conversation.scrollTop = turn.offsetTop - 16;
  return turn;
}

function fitInput() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
}
