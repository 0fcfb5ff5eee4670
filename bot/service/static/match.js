// The form of 政策匹配. Gradio gives `element` and `server.match_policy({track, stage, needs}) -> {html, text}`.

const form = element.querySelector(".match-form");
const result = element.querySelector(".match-result");
const UNREACHABLE = "暂时连接不上服务，请稍后再试。";
let waiting = false;

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (waiting) return;
  wait(true);
  const chosen = new FormData(form);
  const reply = await server.match_policy({
    track: chosen.get("track"),
    stage: chosen.get("stage"),
    needs: chosen.getAll("needs"),
  });
  wait(false);
  const text = reply ? reply.text : UNREACHABLE;
  result.innerHTML = reply?.html ?? "";
  form.querySelector(".complaint").textContent = reply?.html ? "" : text;
  element.querySelector(".announcement").textContent = reply?.html ? text : "";
  result.scrollIntoView({ block: "nearest" });
});

form?.addEventListener("reset", () => {
  result.innerHTML = "";
  form.querySelector(".complaint").textContent = "";
});

function wait(on) {
  waiting = on;
  form.querySelector(".send").setAttribute("aria-disabled", on);
}
