// The editor's toolbar and preview. Without this script the field is a plain textarea.

import { request } from "./helpers.js";
import { attachPictures } from "./pictures.js";
import "../vendor/markdown-toolbar-element/index.js";

const PAUSE_MS = 500;

function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]").value;
}

async function render(editor, textarea, preview) {
  const source = textarea.value;
  const body = new FormData();
  body.set("body", source);
  body.set("csrfmiddlewaretoken", csrfToken());
  const response = await request(editor.dataset.renderUrl, { method: "POST", body }).catch(() => null);
  const html = (await response?.text()) ?? null;
  // The text has changed since, and a newer response will follow.
  if (textarea.value !== source) return;
  if (html === null) {
    preview.textContent = "Preview not available. Try again later.";
    return;
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  preview.replaceChildren(...page.body.childNodes);
}

for (const editor of document.querySelectorAll(".markdown-editor")) {
  const textarea = editor.querySelector("textarea");
  const preview = editor.querySelector(".markdown-preview");
  const toggle = editor.querySelector("button[aria-controls]");
  editor.querySelector(".markdown-tools").hidden = false;
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
  attachPictures(editor);
}
