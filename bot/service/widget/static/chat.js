// The conversation. A question goes to POST /api/v1/ask, the sentences come back as server-sent events and are put in
// as text: no markup is ever made from what the server or a model says. The conversation lives in this page alone.
"use strict";
(() => {
  const ASK = "/api/v1/ask";
  const PATIENCE = 70000; // milliseconds; the server gives up at 60 seconds
  const MOST_TURNS = 6;
  const LONGEST = Number(document.body.dataset.longest);
  const STATUSES = JSON.parse(document.body.dataset.statuses);
  const NOTICE = document.querySelector(".fixed-notice p").firstChild.textContent.replace(/。$/, "");
  const LABEL_CLASS = { AI生成: "generated", 人工审定: "curated" };
  const FAILED = {
    network: "没有连上服务，请检查网络后重试。",
    cut: "连接中断，没有收到完整的回答，请重试。",
    slow: "等待时间过长，没有收到回答，请稍后重试。",
  };

  const find = (selector) => document.querySelector(selector);
  const log = find(".log");
  const stage = find(".stage");
  const reader = find("#reader");
  const form = find(".composer");
  const field = find("#question");
  const send = find(".send");
  const problem = find("#question-error");
  const announcer = find("#announcer");
  const menu = find(".menu");
  const greeting = find("#greeting");

  let conversation = "";
  let history = [];
  let pending = null; // the AbortController of the question under way
  let trail = []; // documents opened one from another
  let opener = null; // where the focus goes back to when the document is closed
  const name = document.title;

  const made = (tag, properties = {}, ...children) => {
    const { attributes = {}, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  // ---- The page that embeds us: its origin must be on the server's list, and it alone is heard and told.

  const HOST = (() => {
    const origin = new URLSearchParams(location.search).get("origin");
    const listed = origin === location.origin || JSON.parse(document.body.dataset.hosts).includes(origin);
    return window.parent !== window && origin && listed ? origin : null;
  })();

  const tellHost = (type, values = {}) => {
    if (HOST) window.parent.postMessage({ from: "policy-chat", type, ...values }, HOST);
  };

  addEventListener("message", (event) => {
    if (!HOST || event.source !== window.parent || event.origin !== HOST) return;
    const said = event.data;
    if (!said || said.from !== "policy-chat") return;
    if (said.type === "configure") configure(said);
    else if (said.type === "open") field.focus();
    else if (said.type === "ask") ask(String(said.question));
    else if (said.type === "reset") reset();
  });

  function configure({ title, theme, fontSize, greeting: words, presets }) {
    if (title) document.title = find("#name").textContent = String(title).slice(0, 40);
    window.policyDisplay.suggest(String(theme), String(fontSize));
    if (words) greeting.querySelector("p").textContent = String(words).slice(0, 300);
    if (Array.isArray(presets) && presets.length) suggestAtFirst(presets.slice(0, 6).map(String));
  }

  // ---- Asking

  function announce(text) {
    announcer.textContent = text;
  }

  function complain(text) {
    problem.hidden = !text;
    problem.textContent = text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (text) announce(text);
  }

  function submit() {
    const question = field.value.trim();
    const length = [...question].length;
    if (pending) return announce("上一个问题还在回答，请稍候。");
    if (!question) return complain("请输入问题。");
    if (length > LONGEST) return complain(`问题请控制在${LONGEST}字以内，现有${length}字。`);
    field.value = "";
    grow();
    ask(question);
  }

  async function ask(question) {
    question = question.trim();
    if (!question || pending) return;
    complain("");
    closeReader(false);
    const asked = made(
      "section",
      { className: "question" },
      made("h2", { className: "unseen", textContent: "您的提问" }),
      made("p", { textContent: question }),
    );
    const waiting = made("p", { className: "pending", textContent: "正在查阅文件……" });
    const answer = made("article", { className: "answer" }, waiting);
    log.append(asked, answer);
    asked.scrollIntoView({ block: "start" });
    busy(new AbortController());
    announce("正在查阅文件，请稍候。");
    tellHost("question");
    const timer = setTimeout(() => pending?.abort("slow"), PATIENCE);
    const mine = pending;
    try {
      const reply = await stream(question, mine.signal, (sentence) => {
        waiting.remove();
        answer.append(sentenceLine(sentence, null));
      });
      if (mine.signal.aborted) return;
      conversation = reply.conversation;
      history = [...history, [question, reply.text]].slice(-MOST_TURNS);
      showAnswer(answer, reply);
      tellConversation();
      announce(spoken(reply));
      tellHost("answer", { id: reply.id, status: reply.status, mode: reply.mode });
    } catch (error) {
      if (mine.signal.reason === "reset") return;
      const told = mine.signal.reason === "slow" ? FAILED.slow : error.detail || FAILED.network;
      showFailure(answer, told, question);
      announce(told);
      tellHost("error", { status: error.status || 0 });
    } finally {
      clearTimeout(timer);
      if (pending === mine) busy(null);
    }
    if (document.contains(asked)) asked.scrollIntoView({ block: "start" });
  }

  function busy(controller) {
    pending = controller;
    send.setAttribute("aria-disabled", String(Boolean(controller)));
    log.setAttribute("aria-busy", String(Boolean(controller)));
  }

  /** The whole reply; `onSentence` is called for each sentence as it comes. Throws {detail, status}. */
  async function stream(question, signal, onSentence) {
    const response = await fetch(ASK, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ question, history, conversation: conversation || null }),
      credentials: "omit",
      signal,
    });
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      throw Object.assign(new Error("refused"), { detail: told.detail, status: response.status });
    }
    let reply = null;
    for await (const { event, data } of events(response.body)) {
      if (event === "sentence") onSentence(data);
      if (event === "error") throw Object.assign(new Error("failed"), data);
      if (event === "done") reply = data;
    }
    if (reply) return reply;
    throw Object.assign(new Error("cut"), { detail: FAILED.cut });
  }

  async function* events(body) {
    const chunks = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await chunks.read();
      if (done) return;
      text += value;
      let end;
      while ((end = /\r?\n\r?\n/.exec(text))) {
        const lines = text.slice(0, end.index).split(/\r?\n/);
        text = text.slice(end.index + end[0].length);
        const of = (key) => lines.filter((line) => line.startsWith(`${key}:`)).map((line) => line.slice(key.length + 1).trimStart());
        if (of("event").length) yield { event: of("event")[0], data: JSON.parse(of("data").join("\n")) };
      }
    }
  }

  // ---- Showing

  /** What a screen reader says once: the whole message without the numbers of its sources. */
  function spoken(reply) {
    const sources = reply.citations.length ? `依据${reply.citations.length}处，可在回答中查看。` : "";
    const labels = reply.mode === "generated" ? "AI生成。" : "";
    return `${labels}${STATUSES[reply.status] ? `${STATUSES[reply.status]}。` : ""}${reply.sentences.map((each) => closed(each.text)).join("")}${sources}`;
  }

  const closed = (text) => (/[。！？；：…，、]$/.test(text) ? text : `${text}。`);

  function sentenceLine(sentence, cited) {
    const numbers = sentence.citations.map((number) => {
      const citation = cited?.get(number);
      return citation ? citeButton(citation) : `[${number}]`;
    });
    return made("p", { className: sentence.origin }, sentence.text, ...numbers);
  }

  function citeButton(citation) {
    return made("button", {
      type: "button",
      className: "cite",
      textContent: `[${citation.number}]`,
      attributes: { "aria-label": `查看依据${citation.number}：${citation.ref}` },
      onclick: (event) => openDocument(citation.href, event.currentTarget),
    });
  }

  function labelBadge(label) {
    const kind = LABEL_CLASS[label] || (label === "政策原文" ? "" : "glossary");
    return made("span", { className: `label ${kind}`.trim(), textContent: label });
  }

  /** Sentences of one kind that follow each other stand together under one label. */
  function runs(reply, cited) {
    const shown = [];
    let key = null;
    for (const sentence of reply.sentences) {
      const own = sentence.label || sentence.origin;
      if (own !== key) {
        key = own;
        shown.push(made("div", { className: `run ${sentence.origin}` }));
        if (sentence.label) shown.at(-1).append(labelBadge(sentence.label));
      }
      shown.at(-1).append(sentenceLine(sentence, cited));
    }
    return shown;
  }

  function showAnswer(answer, reply) {
    const cited = new Map(reply.citations.map((citation) => [citation.number, citation]));
    const understood = reply.understood.map(([typed, meant]) => `${meant}（${typed}）`).join("；");
    const status = STATUSES[reply.status];
    answer.dataset.status = reply.status;
    answer.replaceChildren(
      made("h2", { className: "unseen", textContent: "回答" }),
      ...(reply.mode === "generated" ? [made("p", {}, labelBadge("AI生成"))] : []),
      ...(understood ? [made("p", { className: "understood", textContent: `已理解为：${understood}` })] : []),
      ...(status ? [made("p", { className: "status", textContent: status })] : []),
      ...runs(reply, cited),
      ...(reply.card ? [card(reply)] : []),
      ...sources(reply.citations),
      ...handoff(reply.handoff),
      made("p", { className: "number", textContent: `答复编号：${reply.id}` }),
      tools(reply),
      ...suggestions(reply.suggestions, "继续问"),
    );
  }

  /** Where to turn to with what was not answered. */
  function handoff(to) {
    if (!to) return [];
    const facts = [to.contact, to.hours, to.address].filter(Boolean).map((fact) => `，${fact}`);
    const link = { textContent: "网址", attributes: { href: to.link, target: "_blank", rel: "noopener noreferrer" } };
    return [
      made(
        "p",
        { className: "handoff" },
        "咨询渠道：",
        made("strong", { textContent: to.unit }),
        facts.join(""),
        ...(/^https?:/.test(to.link) ? [" ", made("a", link)] : []),
      ),
    ];
  }

  /** The cited places in order, each run of them under the name of its document. */
  function sources(citations, heading = "依据") {
    if (!citations.length) return [];
    const lines = [];
    let paper = null;
    for (const citation of citations) {
      const { document: cited, flags } = citation;
      const own = `${cited.id} ${flags.join()}`;
      if (own !== paper) {
        paper = own;
        const badges = flags.map((flag) => made("span", { className: "flag", textContent: flag }));
        lines.push(made("li", { className: "source-document" }, made("span", { textContent: paperName(cited) }), ...badges, cited.url ? originalLink(cited.url) : null));
      }
      const open = (event) => openDocument(citation.href, event.currentTarget);
      const words = `[${citation.number}] ${placeName(citation)}：${shortened(citation.quote)}`;
      lines.push(made("li", {}, made("button", { type: "button", className: "source", textContent: words, onclick: open })));
    }
    return [made("h3", { textContent: heading }), made("ul", { className: "sources" }, ...lines)];
  }

  const paperName = ({ title, doc_number: number }) => `《${title}》${number ? `（${number}）` : ""}`;

  /** 6.推进科技成果转化改革; 第四十五条 where the heading is no name. */
  function placeName({ ref, path }) {
    const own = path.at(-1) || ref;
    return own.length > 30 ? ref : own;
  }

  function shortened(quote) {
    const characters = [...quote.trim().replace(/\s+/g, " ")];
    return characters.length > 18 ? `${characters.slice(0, 18).join("")}……` : characters.join("");
  }

  function originalLink(url) {
    if (!/^https?:\/\//.test(url)) return null;
    return made("a", { className: "original", href: url, target: "_blank", rel: "noopener noreferrer", textContent: "官方原件" }, made("span", { className: "unseen", textContent: "（新窗口打开）" }));
  }

  function card(reply) {
    const { fields, citations } = reply.card;
    const cited = new Map([...reply.citations, ...citations].map((citation) => [citation.number, citation]));
    const rows = Object.entries(fields).map(([title, lines]) =>
      made(
        "div",
        { className: "field" },
        made("dt", { textContent: title }),
        ...lines.map((line) => {
          const shown = sentenceLine(line, cited);
          if (line.label) shown.prepend(made("span", { className: "line-label", textContent: `${line.label}：` }));
          return made("dd", {}, shown);
        }),
      ),
    );
    const further = citations.filter((citation) => citation.number > reply.citations.length);
    return made(
      "details",
      { className: "card" },
      made("summary", { textContent: "政策匹配答复卡" }),
      made("dl", {}, ...rows),
      ...sources(further, "答复卡的依据"),
    );
  }

  function tools(reply) {
    const thanks = made("p", { className: "thanks", attributes: { role: "status" } });
    const verdict = (value, words) =>
      made("button", {
        type: "button",
        textContent: words,
        attributes: { "aria-pressed": "false" },
        onclick: (event) => judge(event.currentTarget, reply.id, value, thanks),
      });
    const rating = made("div", { attributes: { role: "group", "aria-label": "对这条回答的评价" } }, verdict("up", "有帮助"), verdict("down", "没帮助"));
    const copy = made("button", { type: "button", textContent: "复制", onclick: () => copyText(copied(reply), thanks) });
    return made("div", { className: "answer-tools" }, rating, copy, thanks);
  }

  async function judge(button, answer, verdict, thanks) {
    for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
    tellHost("feedback", { id: answer, verdict });
    const response = await fetch("/api/v1/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ answer, verdict }),
      credentials: "omit",
    }).catch(() => null);
    if (response?.ok && verdict === "down") {
      thanks.replaceChildren("已记录。内容有误的，可以", made("a", { href: "/complaints", target: "_blank", rel: "noopener", textContent: "投诉举报（新窗口打开）" }), "，或者拨打12345。");
    } else if (response?.ok) thanks.textContent = "已记录，感谢评价。";
    else {
      button.setAttribute("aria-pressed", "false");
      thanks.textContent = "评价没有记录成功，请稍后再试。";
    }
  }

  function copied(reply) {
    const flags = (citation) => (citation.flags.length ? `（${citation.flags.join("；")}）` : "");
    const lines = reply.citations.map((citation) => `[${citation.number}] ${paperName(citation.document)}${placeName(citation)}${flags(citation)}`);
    return [reply.text, ...(lines.length ? ["来源：", ...lines] : []), `答复编号：${reply.id}`, NOTICE].join("\n");
  }

  async function copyText(text, told) {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = "已复制。";
    } catch {
      told.textContent = "浏览器不允许复制，请选中文字后复制。";
    }
  }

  // Whatever is selected and copied by hand carries the notice too.
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    const inside = selection.anchorNode && [log, reader].some((part) => part.contains(selection.anchorNode));
    if (!inside || selection.isCollapsed) return;
    event.clipboardData.setData("text/plain", `${selection}\n${NOTICE}`);
    event.preventDefault();
  });

  function suggestions(questions, heading) {
    if (!questions.length) return [];
    const buttons = questions.map((question) => made("button", { type: "button", textContent: question, onclick: () => (pending ? announce("上一个问题还在回答，请稍候。") : ask(question)) }));
    return [made("div", { className: "suggestions", attributes: { role: "group", "aria-label": heading } }, ...buttons)];
  }

  function suggestAtFirst(questions) {
    greeting.querySelector(".suggestions")?.remove();
    greeting.append(...suggestions(questions, "可以这样问"));
  }

  function showFailure(answer, told, question) {
    const again = made("button", {
      type: "button",
      textContent: "重试",
      onclick: () => {
        if (pending) return;
        if (document.activeElement === again) field.focus();
        answer.previousElementSibling.remove();
        answer.remove();
        ask(question);
      },
    });
    answer.className = "failure";
    answer.replaceChildren(made("h2", { className: "unseen", textContent: "没有得到回答" }), made("p", { textContent: told }), again);
  }

  // ---- Documents: the server's own page, of which the text is shown here with the quoted characters marked.

  function fetched(url) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // parses without running anything, and without making markup from strings
      request.open("GET", url);
      request.responseType = "document";
      request.timeout = 20000;
      request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(new Error(String(request.status))));
      request.onerror = request.ontimeout = () => reject(new Error("network"));
      request.send();
    });
  }

  /** /chat/documents/ID#3-12 is asked of the server as /chat/documents/ID?quote=3-12 */
  const served = (href) => href.replace(/#(\d+-\d+)$/, "?quote=$1");

  async function openDocument(href, from) {
    if (from && !reader.contains(from)) {
      opener = from;
      trail = [];
    }
    const url = served(href);
    let found;
    try {
      found = await fetched(url.replace(/#.*$/, ""));
    } catch {
      return announceBeside(from, "原文没有打开，请稍后再试。");
    }
    trail.push(url);
    const title = found.querySelector("h1").textContent;
    const back = made("button", { type: "button", className: "back", textContent: trail.length > 1 ? "返回上一处" : "返回对话", onclick: goBack });
    const whole = made("a", { href: `${url.replace(/#.*$/, "")}#quote`, target: "_blank", rel: "noopener", textContent: "单独打开" }, made("span", { className: "unseen", textContent: "（新窗口打开）" }));
    const flags = found.querySelector(".flags");
    const original = found.querySelector(".document-links a[target]")?.href;
    reader.replaceChildren(
      made("div", { className: "reader-bar" }, back, whole, original ? originalLink(original) : null),
      made("h2", { className: "reader-title", textContent: title }),
      ...(flags ? [document.importNode(flags, true)] : []),
      document.importNode(found.querySelector("article.document"), true),
    );
    reader.hidden = false;
    log.inert = true;
    const quote = reader.querySelector("#quote");
    (quote || back).focus({ preventScroll: true });
    if (quote) quote.scrollIntoView({ block: "center" });
    else reader.scrollTop = 0;
  }

  function announceBeside(from, words) {
    announce(words);
    const told = from?.closest(".answer")?.querySelector(".thanks");
    if (told) told.textContent = words;
  }

  function goBack() {
    trail.pop();
    const before = trail.pop();
    if (before) openDocument(before, reader);
    else closeReader(true);
  }

  function closeReader(refocus) {
    if (reader.hidden) return;
    reader.hidden = true;
    reader.replaceChildren();
    log.inert = false;
    trail = [];
    if (refocus) (opener && document.contains(opener) ? opener : field).focus();
    opener = null;
  }

  reader.addEventListener("click", (event) => {
    const link = event.target.closest("a.reference");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openDocument(link.getAttribute("href"), link);
  });

  // ---- The rest of the page

  function tellConversation() {
    const line = find(".menu .conversation");
    line.hidden = !conversation;
    line.querySelector(".code").textContent = conversation;
  }

  async function reset() {
    const old = conversation;
    pending?.abort("reset");
    busy(null);
    closeReader(false);
    conversation = "";
    history = [];
    for (const each of log.querySelectorAll(".question, .answer, .failure")) each.remove();
    complain("");
    tellConversation();
    announce("对话已清空。");
    if (!old) return;
    const response = await fetch(`/api/v1/conversations/${encodeURIComponent(old)}`, { method: "DELETE", credentials: "omit" }).catch(() => null);
    announce(response?.ok ? "对话已清空，服务器上的问答记录已删除。" : `对话已清空，但服务器上的问答记录没有删除成功，可到隐私说明页面凭会话编号${old}删除。`);
    if (!response?.ok) complain(`服务器上的问答记录没有删除成功，可到隐私说明页面凭会话编号 ${old} 删除。`);
  }

  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  field.addEventListener("input", () => {
    grow();
    if (!problem.hidden && field.value.trim()) complain("");
  });

  field.addEventListener("keydown", (event) => {
    // keyCode 229: Safari ends the composition before it tells of the Enter that ended it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    if (menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (!reader.hidden) goBack();
    else if (HOST) tellHost("close");
  });

  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });

  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details.card")) each.open = true;
  });

  const print = find(".menu .print");
  print.hidden = false;
  print.addEventListener("click", () => {
    menu.open = false;
    menu.querySelector("summary").focus();
    window.print();
  });

  const clear = find(".menu .reset");
  clear.hidden = false;
  clear.addEventListener("click", () => {
    menu.open = false;
    field.focus();
    reset();
  });

  if (HOST) {
    const close = find(".close");
    close.hidden = false;
    close.addEventListener("click", () => tellHost("close"));
  }
  stage.classList.add("live");

  fetch("/api/v1/suggestions", { credentials: "omit" })
    .then((response) => (response.ok ? response.json() : { suggestions: [] }))
    .then(({ suggestions: found }) => {
      if (!greeting.querySelector(".suggestions") && found.length) suggestAtFirst(found.slice(0, 4));
    })
    .catch(() => {});
  tellHost("ready");
})();
