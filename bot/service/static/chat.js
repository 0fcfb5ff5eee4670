// The conversation. Gradio gives `element` (this part of the page); a question goes to bot.service.chat, which sends back
// {is_whole, status, html, text, history, suggestions}, one a line: growing answers where a model writes them.
// The history lives here and is sent along with each question; the server keeps none of it.

const conversation = element.querySelector(".conversation");
const form = element.querySelector(".composer");
const input = form.querySelector("textarea");
const send = form.querySelector(".send");
const stop = form.querySelector(".stop");
const restart = form.querySelector(".restart");
const complaint = form.querySelector(".complaint");
const announcement = element.querySelector(".announcement");
const UNREACHABLE = "暂时连接不上服务，请稍后再试。";
const STOPPED = "已停止作答，以上内容没有写完。";
const STOPPED_AT_ONCE = "已停止作答。";
const BROKEN = "连接中断，以上内容没有写完。";
const TURNS = 6; // earlier exchanges that the server looks at
const LONG = 400; // milliseconds until an answer can be stopped; most are there before
let history = [];
let waiting = null; // what stops the answer that is waited for
let broughtTo = 0; // where the conversation was scrolled to
let token = ""; // of staff who have signed in

window.addEventListener("staff", (event) => (token = event.detail));

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
  waiting?.abort();
  conversation.querySelectorAll(".turn").forEach((turn) => turn.remove());
  history = [];
  restart.hidden = true;
  input.focus({ preventScroll: true });
});

stop.addEventListener("click", () => {
  waiting?.abort();
  input.focus({ preventScroll: true });
});

async function ask(question) {
  if (waiting) return;
  wait(new AbortController());
  const { signal } = waiting;
  complaint.textContent = "";
  const turn = showQuestion(question);
  input.value = "";
  fitInput();
  let reply = null;
  let fault = null;
  try {
    for await (const next of replies({ question, history: history.slice(-TURNS) }, signal)) {
      show(turn, next, !reply);
      reply = next;
    }
  } catch (error) {
    fault = error;
  }
  wait(null);
  if (!turn.isConnected) return; // the conversation was cleared meanwhile
  if (reply?.status === "error_invalid_question" || (!reply && !signal.aborted)) {
    turn.remove();
    if (!input.value) input.value = question;
    fitInput();
    complaint.textContent = reply?.text ?? fault?.sentence ?? UNREACHABLE;
    return;
  }
  const told = reply?.is_whole ? "" : signal.aborted ? (reply ? STOPPED : STOPPED_AT_ONCE) : BROKEN;
  finish(turn, reply, told);
  restart.hidden = false;
  if (reply) history.push([question, reply.history]);
}

// The replies to a question as they come. Throws where the service cannot be reached or will not answer.
async function* replies(asked, signal) {
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const url = new URL("chat/ask", document.baseURI);
  const response = await fetch(url, { method: "POST", body: JSON.stringify(asked), headers, signal });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw Object.assign(new Error(response.status), { sentence: problem.detail });
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    yield* lines.map((line) => JSON.parse(line));
  }
}

function show(turn, reply, isFirst) {
  const article = document.createRange().createContextualFragment(reply.html).firstElementChild;
  article.setAttribute("aria-busy", !reply.is_whole);
  turn.hidden = reply.status === "error_invalid_question";
  if (isFirst) turn.querySelector(".pending").replaceWith(article);
  else grow(turn.querySelector(".answer"), article);
  bringUp(turn, isFirst);
  // Beside the conversation the clause opens by itself; where it would cover the conversation the reader opens it.
  const source = turn.querySelector('.source[data-number="1"]');
  if (source && !turn.dataset.opened && matchMedia("(min-width: 900px)").matches) {
    turn.dataset.opened = true;
    source.click();
  }
}

// The question goes up to the top as far as there is something below it, unless the reader has scrolled meanwhile.
function bringUp(turn, anyway) {
  if (!anyway && conversation.scrollTop !== broughtTo) return;
  conversation.scrollTop = turn.offsetTop - 16;
  broughtTo = conversation.scrollTop;
}

// What is there already stays, so that neither the focus nor a selection in it is lost.
function grow(now, next) {
  [...next.attributes].forEach(({ name, value }) => now.setAttribute(name, value));
  const [before, after] = [[...now.children], [...next.children]];
  let same = 0;
  while (before[same] && after[same] && alike(before[same], after[same])) same++;
  const list = before.slice(same).find((part) => part.matches(".sources"));
  const place = after.findIndex((part) => part.matches(".sources"));
  const kept = place < 0 ? undefined : list;
  before.slice(same).forEach((part) => part !== kept && part.remove());
  if (kept) {
    grow(kept, after[place]);
    kept.before(...after.slice(same, place));
    kept.after(...after.slice(place + 1));
  } else {
    now.append(...after.slice(same));
  }
}

function alike(one, other) {
  return one.className === other.className && one.textContent === other.textContent;
}

// A screen reader hears the whole answer, once.
function finish(turn, reply, told) {
  const article = turn.querySelector(".answer");
  article?.setAttribute("aria-busy", false);
  if (told) {
    const note = document.createElement("p");
    note.className = "note stopped";
    note.textContent = told;
    if (article) article.querySelector(".sources, .copy").before(note);
    else turn.querySelector(".pending").replaceWith(note);
  }
  if (reply) showSuggestions(turn, reply.suggestions);
  bringUp(turn);
  announcement.textContent = [reply?.text, told].filter(Boolean).join("\n");
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

function wait(controller) {
  waiting = controller;
  send.setAttribute("aria-disabled", Boolean(controller));
  if (controller) {
    setTimeout(() => waiting === controller && showStop(true), LONG);
  } else {
    if (document.activeElement === stop) input.focus({ preventScroll: true });
    showStop(false);
  }
}

function showStop(on) {
  stop.hidden = !on;
  send.hidden = on;
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
