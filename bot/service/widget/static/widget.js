// <script src="https://…/widget.js" defer></script><policy-chat server="https://…"><a href="https://…/chat">政策问答</a></policy-chat>
//
// A launcher in the corner; the conversation is a frame from the server, loaded when it is first opened. Nothing of the
// host page is read or changed. Without script the link inside the element is what one sees.
//
// Attributes: server, title, lang, position, theme, font-scale, greeting, question-presets (separated by |).
// Methods: open, close, toggle, ask, reset. Events, none with the words of a question: policy-chat:ready, open, close,
// question, answer, error, feedback.
"use strict";
(() => {
  if (customElements.get("policy-chat")) return;

  const CALLED_FROM = document.currentScript ? document.currentScript.src : location.href;
  const PATIENCE = 10000; // milliseconds until the plain link is offered instead
  const WORDS = {
    zh: { title: "政策问答助手", open: "打开", close: "关闭", waiting: "正在打开……", failed: "对话窗口没有打开。", link: "在新窗口打开" },
    en: { title: "Policy assistant", open: "Open", close: "Close", waiting: "Opening…", failed: "The conversation did not open.", link: "Open it in a new window" },
  };
  const TOLD = ["id", "status", "mode", "verdict"]; // what of a message from the frame an event may carry
  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button, section { font: 18px/1.4 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
    .launcher {
      position: fixed; right: 20px; bottom: 20px; z-index: 2147483000;
      display: flex; align-items: center; gap: 10px; min-width: 60px; min-height: 60px; max-width: calc(100vw - 24px);
      padding: 8px 20px 8px 16px; border: 2px solid #fff; border-radius: 32px;
      background: #17457a; color: #fff; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / 35%);
    }
    .launcher svg { flex: none; width: 30px; height: 30px; }
    .launcher:hover { background: #0f3462; }
    :focus-visible { outline: 3px solid #17457a; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    .panel {
      position: fixed; right: 16px; bottom: 16px; z-index: 2147483001;
      width: min(440px, calc(100vw - 32px)); height: min(720px, calc(100vh - 32px)); height: min(720px, calc(100dvh - 32px));
      background: #fff; color: #1c2733; border: 1px solid #6b7885; border-radius: 10px; overflow: hidden;
      box-shadow: 0 10px 40px rgb(0 0 0 / 35%);
    }
    :host([position="bottom-left"]) :is(.launcher, .panel) { right: auto; left: 16px; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .aside { padding: 16px; }
    .aside a { color: #17457a; display: inline-block; padding: 10px 0; }
    .aside button { min-width: 44px; min-height: 44px; float: right; }
    @media (max-width: 540px), (max-height: 540px) {
      .panel, :host([position="bottom-left"]) .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
    }
    @media print { .launcher, .panel { display: none; } }
  `;

  let sheet;
  const styled = (root) => {
    if (!sheet) {
      sheet = new CSSStyleSheet(); // no <style>: a host that forbids inline style still shows us as we are
      sheet.replaceSync(STYLE);
    }
    root.adoptedStyleSheets = [sheet];
  };

  const made = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const icon = () => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 32 32");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("fill", "currentColor");
    path.setAttribute("fill-rule", "evenodd");
    path.setAttribute("d", "M5 3h22a3 3 0 0 1 3 3v15a3 3 0 0 1-3 3H16l-7 6v-6H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3zm3 6v2.4h16V9zm0 6v2.4h11V15z");
    svg.append(path);
    return svg;
  };

  class PolicyChat extends HTMLElement {
    static observedAttributes = ["title", "lang", "theme", "font-scale", "greeting", "question-presets"];

    #root = this.attachShadow({ mode: "open" });
    #launcher;
    #panel;
    #aside;
    #frame;
    #ready = false;
    #waiting = []; // messages until the frame listens
    #timer;

    connectedCallback() {
      if (!this.#launcher) this.#build();
      addEventListener("message", this.#hear);
      queueMicrotask(() => this.#tell("ready"));
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      clearTimeout(this.#timer);
      this.#frame?.remove(); // a frame that is moved in the page begins anew
      this.#frame = undefined;
      this.#ready = false;
      if (this.#panel) this.#show(false);
    }

    attributeChangedCallback() {
      if (!this.#launcher) return;
      this.#name();
      if (this.#ready) this.#post("configure", this.#configuration);
    }

    get isOpen() {
      return Boolean(this.#panel && !this.#panel.hidden);
    }

    open() {
      if (this.isOpen) return;
      this.#load();
      this.#show(true);
      if (this.#frame.hidden) this.#aside.querySelector("button").focus();
      else this.#frame.focus();
      this.#post("open");
      this.#tell("open");
    }

    close() {
      if (!this.isOpen) return;
      this.#show(false);
      this.#launcher.focus();
      this.#tell("close");
    }

    toggle() {
      if (this.isOpen) this.close();
      else this.open();
    }

    ask(question) {
      this.open();
      this.#post("ask", { question: String(question) });
    }

    reset() {
      if (this.#frame) this.#post("reset");
    }

    get #words() {
      return (this.getAttribute("lang") || "").toLowerCase().startsWith("en") ? WORDS.en : WORDS.zh;
    }

    get #title() {
      return this.getAttribute("title") || this.#words.title;
    }

    /** Where the server is; a file:, data: or javascript: address is none. */
    get #server() {
      const url = new URL(this.getAttribute("server") || new URL(CALLED_FROM).origin, location.href);
      if (!/^https?:$/.test(url.protocol)) throw new TypeError(`policy-chat: server="${url}" is not a web address`);
      return url;
    }

    get #address() {
      return `${this.#server.href.replace(/[?#].*$/, "").replace(/\/+$/, "")}/chat`;
    }

    get #configuration() {
      return {
        title: this.getAttribute("title") || "",
        theme: this.getAttribute("theme") || "",
        fontSize: this.getAttribute("font-scale") || "",
        greeting: this.getAttribute("greeting") || "",
        presets: (this.getAttribute("question-presets") || "").split("|").map((each) => each.trim()).filter(Boolean),
      };
    }

    #build() {
      styled(this.#root);
      this.#launcher = made("button", { type: "button", className: "launcher" }, icon(), made("span"));
      this.#launcher.setAttribute("aria-haspopup", "dialog");
      this.#launcher.addEventListener("click", () => this.open());
      this.#aside = made(
        "div",
        { className: "aside" },
        made("button", { type: "button", textContent: "×", onclick: () => this.close() }),
        made("p"),
        made("a", { target: "_blank", rel: "noopener", hidden: true }),
      );
      this.#panel = made("section", { className: "panel", hidden: true }, this.#aside);
      this.#panel.setAttribute("role", "dialog");
      this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && this.close());
      this.#root.append(this.#launcher, this.#panel);
      this.#name();
    }

    #name() {
      const words = this.#words;
      const language = words === WORDS.en ? "en" : "zh-CN";
      this.#launcher.lang = this.#panel.lang = language;
      this.#launcher.querySelector("span").textContent = this.#title;
      this.#launcher.setAttribute("aria-label", `${words.open}${words === WORDS.en ? " " : ""}${this.#title}`);
      this.#panel.setAttribute("aria-label", this.#title);
      this.#aside.querySelector("button").setAttribute("aria-label", words.close);
      this.#aside.querySelector("p").textContent = words.waiting;
      this.#aside.querySelector("a").textContent = words.link;
      if (this.#frame) this.#frame.title = this.#title;
    }

    #load() {
      if (this.#frame) return;
      this.#ready = false;
      this.#aside.hidden = false;
      this.#aside.querySelector("p").textContent = this.#words.waiting;
      this.#frame = made("iframe", {
        title: this.#title,
        hidden: true,
        allow: "clipboard-write",
        referrerPolicy: "origin",
        src: `${this.#address}?origin=${encodeURIComponent(location.origin)}`,
      });
      this.#panel.append(this.#frame);
      this.#timer = setTimeout(() => this.#failed(), PATIENCE);
    }

    #failed() {
      const link = this.#aside.querySelector("a");
      this.#aside.querySelector("p").textContent = this.#words.failed;
      link.href = this.#address;
      link.hidden = false;
      this.#waiting = [];
      this.#frame?.remove();
      this.#frame = undefined;
      this.#tell("error", { status: 0 });
    }

    #show(open) {
      this.#panel.hidden = !open;
      this.#launcher.hidden = open;
    }

    #post(type, values = {}) {
      if (this.#ready) this.#frame.contentWindow.postMessage({ from: "policy-chat", type, ...values }, this.#server.origin);
      else this.#waiting.push([type, values]);
    }

    #hear = (event) => {
      if (!this.#frame || event.source !== this.#frame.contentWindow || event.origin !== this.#server.origin) return;
      const said = event.data;
      if (!said || said.from !== "policy-chat") return;
      if (said.type === "ready") this.#begin();
      else if (said.type === "close") this.close();
      else if (["question", "answer", "error", "feedback"].includes(said.type)) this.#tell(said.type, said);
    };

    #begin() {
      clearTimeout(this.#timer);
      const focused = this.#root.activeElement;
      this.#ready = true;
      this.#frame.hidden = false;
      if (focused && this.#aside.contains(focused)) this.#frame.focus();
      this.#aside.hidden = true;
      this.#post("configure", this.#configuration);
      for (const [type, values] of this.#waiting.splice(0)) this.#post(type, values);
    }

    #tell(name, said = {}) {
      const detail = Object.fromEntries(TOLD.filter((key) => key in said).map((key) => [key, said[key]]));
      this.dispatchEvent(new CustomEvent(`policy-chat:${name}`, { bubbles: true, composed: true, detail }));
    }
  }

  customElements.define("policy-chat", PolicyChat);
})();
