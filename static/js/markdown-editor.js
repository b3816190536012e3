// The editor's toolbar and preview. Without this script the field is a plain textarea.
import "../vendor/markdown-toolbar-element/index.js";

const PAUSE_MS = 500;

function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]").value;
}

async function render(editor, textarea, preview) {
  const body = new FormData();
  body.set("body", textarea.value);
  body.set("csrfmiddlewaretoken", csrfToken());
  const answer = await fetch(editor.dataset.renderUrl, { method: "POST", body });
  if (!answer.ok) {
    preview.textContent = "The preview is not available just now.";
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  preview.replaceChildren(...page.body.childNodes);
}

for (const editor of document.querySelectorAll(".markdown-editor")) {
  const textarea = editor.querySelector("textarea");
  const preview = editor.querySelector(".markdown-preview");
  editor.querySelector("markdown-toolbar").hidden = false;
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "markdown-preview-toggle";
  toggle.textContent = "Preview";
  toggle.setAttribute("aria-expanded", "false");
  textarea.before(toggle);
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => preview.hidden || render(editor, textarea, preview), PAUSE_MS);
  };
  toggle.addEventListener("click", () => {
    preview.hidden = !preview.hidden;
    toggle.setAttribute("aria-expanded", String(!preview.hidden));
    if (!preview.hidden) render(editor, textarea, preview);
  });
  textarea.addEventListener("input", later);
}
