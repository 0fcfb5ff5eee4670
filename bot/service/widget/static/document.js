// /chat/documents/ID#120-168 -> the same page with these characters marked, which the server does.
"use strict";
(() => {
  const span = /^#(\d{1,9}-\d{1,9})$/.exec(location.hash);
  const go = (found) => location.replace(`${location.pathname}?quote=${found[1]}#quote`);
  if (span) go(span);
  else if (location.hash === "#quote") document.getElementById("quote")?.scrollIntoView({ block: "center" });
  addEventListener("hashchange", () => {
    const next = /^#(\d{1,9}-\d{1,9})$/.exec(location.hash);
    if (next) go(next);
  });
})();
