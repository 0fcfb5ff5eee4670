// The size of the letters and the colours, as chosen: 18 -> 24 -> 30 px, remembered on this device and nowhere else.
"use strict";
(() => {
  const root = document.documentElement;
  const SIZES = ["18", "24", "30"];
  const NAMES = { 18: "标准", 24: "大", 30: "特大" };
  const THEMES = ["light", "dark", "contrast"];

  // Storage may be forbidden, in a frame above all; the choice then lasts as long as the page.
  const read = (name) => {
    try {
      return localStorage.getItem(`policy-chat:${name}`) || "";
    } catch {
      return "";
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(`policy-chat:${name}`, value);
    } catch {}
  };

  const size = () => root.dataset.size || "18";

  function setSize(value, remember) {
    if (!SIZES.includes(value)) return;
    root.dataset.size = value;
    if (remember) write("size", value);
    tellSize();
  }

  function setTheme(value, remember) {
    if (THEMES.includes(value)) root.dataset.theme = value;
    else delete root.dataset.theme;
    if (remember) write("theme", THEMES.includes(value) ? value : "auto");
    for (const choice of document.querySelectorAll(".themes input")) choice.checked = choice.value === (root.dataset.theme || "");
  }

  function tellSize() {
    for (const button of document.querySelectorAll("button.size")) {
      button.hidden = false;
      button.textContent = { 18: "大字", 24: "更大", 30: "还原" }[size()];
      button.setAttribute("aria-label", `${button.textContent}，当前字号：${NAMES[size()]}`);
    }
  }

  setSize(read("size"), false);
  setTheme(read("theme"), false);

  document.addEventListener("DOMContentLoaded", () => {
    tellSize();
    setTheme(read("theme"), false);
    for (const themes of document.querySelectorAll(".themes")) themes.hidden = false;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("button.size")) return;
    setSize(SIZES[(SIZES.indexOf(size()) + 1) % SIZES.length], true);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".themes input")) setTheme(event.target.value, true);
  });

  // What the page that embeds us asks for; what the reader chose goes before it.
  window.policyDisplay = {
    suggest(theme, fontSize) {
      if (!read("theme")) setTheme(theme, false);
      if (!read("size")) setSize(fontSize, false);
    },
  };
})();
