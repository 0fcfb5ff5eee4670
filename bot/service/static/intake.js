// Adding a document. Gradio gives `element`; the requests go to bot.service.staff. The token of the login lives here only,
// in memory: a page that is loaded again asks for the password again. The conversation is told of it (event "staff"), as
// staff may see there what the check of a model's answer took out.

const part = (name) => element.querySelector(name);
const login = part(".login");
const chooser = part(".upload");
const working = part(".working");
const preview = part(".preview");
const outcome = part(".outcome");
const LARGEST = 100 * 1024 * 1024; // bytes, as bot.documents.load.MOST_BYTES
const OFTEN = 500; // milliseconds between two looks at how it goes on
const UNREACHABLE = "暂时连接不上服务，请稍后再试。";
let token = "";
let paper = ""; // the file that waits to be confirmed
let busy = false;

login.addEventListener("submit", (event) => {
  event.preventDefault();
  act(login, "正在核对密码", async () => {
    const password = login.elements.password.value;
    token = (await call("login", { body: JSON.stringify({ password }) })).token;
    login.reset();
    tellConversation();
    enter();
  });
});

chooser.addEventListener("change", () => {
  chooser.querySelector(".chosen").textContent = chooser.elements.file.files[0]?.name ?? "还没有选择文件";
});
chooser.addEventListener("reset", () => (chooser.querySelector(".chosen").textContent = "还没有选择文件"));

chooser.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = chooser.elements.file.files[0];
  act(chooser, file ? `正在上传和读取：${file.name}` : "", async () => {
    outcome.textContent = "";
    if (!file) throw new Error("请先选择一份文件。");
    if (file.size > LARGEST) throw new Error("文件超过 100 MB 的上限，请压缩图片或拆成几份后重试。");
    preview.replaceChildren();
    show(await call("paper", { body: file, headers: { "X-File-Name": encodeURIComponent(file.name) } }));
  });
});

preview.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  act(form, "正在收录", async () => {
    await call("add", { body: JSON.stringify(filled(form)) });
    form.closest(".preview").replaceChildren();
    await follow();
  });
});

preview.addEventListener("click", (event) => {
  const form = event.target.closest(".paper");
  if (event.target.matches(".again")) {
    act(form, "正在重新读取", async () => show(await call("preview", { body: JSON.stringify(filled(form)) })));
  }
  if (event.target.matches(".drop")) {
    act(form, "正在删去", async () => {
      await call("paper", { method: "DELETE" });
      preview.replaceChildren();
      tell("没有收录，文件已删去。", "dropped");
      chooser.reset();
    });
  }
});

async function call(path, options) {
  const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...options.headers };
  let response, reply;
  try {
    response = await fetch(new URL(`staff/${path}`, document.baseURI), { method: "POST", ...options, headers });
    reply = await response.json();
  } catch {
    throw new Error(UNREACHABLE);
  }
  if (response.ok) return reply;
  if (response.status === 401) leave();
  throw new Error(reply.text ?? UNREACHABLE);
}

async function act(form, step, action) {
  if (busy) return;
  wait(form, step);
  const complaint = form.querySelector(".complaint");
  complaint.textContent = "";
  try {
    await action();
  } catch (error) {
    const shown = form.isConnected && !form.hidden ? complaint : (token ? chooser : login).querySelector(".complaint");
    shown.textContent = error.message;
  }
  wait(form, "");
}

function wait(form, step) {
  busy = Boolean(step);
  working.hidden = !busy;
  count(step, 0, 0);
  form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", busy));
}

function count(step, done, total) {
  const bar = working.querySelector("progress");
  if (total) bar.max = total;
  if (total) bar.value = done;
  else bar.removeAttribute("value");
  const said = working.querySelector(".step");
  if (said.textContent !== step) said.textContent = step;
  working.querySelector(".count").textContent = total ? `　${done}/${total}` : "";
}

function show(reply) {
  paper = reply.paper;
  preview.innerHTML = reply.html;
  preview.querySelector("h3").focus();
  preview.scrollIntoView({ block: "nearest" });
}

async function follow() {
  let told;
  do {
    await new Promise((resolve) => setTimeout(resolve, OFTEN));
    told = await call("progress", { method: "GET" });
    count(told.text, told.done, told.total);
  } while (told.state === "working");
  tell(told.text, told.state);
  chooser.reset();
  if (told.state === "done") window.dispatchEvent(new Event("documents-changed"));
}

function tell(text, state) {
  outcome.textContent = text;
  outcome.dataset.state = state;
  outcome.focus();
}

function filled(form) {
  const { name, instead, ...values } = Object.fromEntries(new FormData(form));
  return { paper, name, values, instead: instead === "on" };
}

function enter() {
  login.hidden = true;
  chooser.hidden = false;
  chooser.elements.file.focus();
}

function tellConversation() {
  window.dispatchEvent(new CustomEvent("staff", { detail: token }));
}

function leave() {
  token = "";
  tellConversation();
  login.hidden = false;
  chooser.hidden = true;
  preview.replaceChildren();
}
