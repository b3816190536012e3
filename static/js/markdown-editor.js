// The editor's toolbar and preview. Without this script the field is a plain textarea.

import { request } from "./helpers.js";
import { insertBlock } from "./insert.js";
import { attachLinks } from "./link-picker.js";
import { attachFiles } from "./pictures.js";
import "../vendor/markdown-toolbar-element/index.js";

// Until the text is rendered: sooner if the preview is open.
const PAUSE_MS = 400;
const PAUSE_HIDDEN_MS = 1500;
const KEYS = { b: "md-bold", i: "md-italic", k: "md-link", e: "md-code" };
const SHIFT_KEYS = { p: "[aria-controls]" };
for (const [key, name] of Object.entries({ o: "note", l: "pull", f: "footnote" })) {
  SHIFT_KEYS[key] = `[data-md-button="${name}"]`;
}

function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]").value;
}

// A shadow root with the style sheets of the site: the preview looks as the page does.
function bodyOf(preview, stylesheets) {
  const root = preview.attachShadow({ mode: "open" });
  const links = stylesheets.map((href) =>
    Object.assign(document.createElement("link"), { rel: "stylesheet", href }),
  );
  const body = document.createElement("div");
  body.className = "prose";
  root.append(...links, body);
  return body;
}

async function render(editor, textarea, body) {
  const source = textarea.value;
  const sent = new FormData();
  sent.set("body", source);
  for (const name of ["title", "summary", "language"]) {
    sent.set(name, textarea.form?.elements[name]?.value ?? "");
  }
  sent.set("csrfmiddlewaretoken", csrfToken());
  const options = { method: "POST", body: sent, headers: { Accept: "application/json" } };
  const response = await request(editor.dataset.renderUrl, options).catch(() => null);
  const rendered = await response?.json().catch(() => null);
  // The text has changed since, and a newer response will follow.
  if (textarea.value !== source) return;
  if (!rendered) {
    body.textContent = gettext("Preview not available. Try again later.");
    return;
  }
  const page = new DOMParser().parseFromString(rendered.html, "text/html");
  body.replaceChildren(...page.body.childNodes);
  Object.assign(body, { lang: rendered.language, dir: rendered.direction });
  const { words, minutes } = rendered;
  const length = ngettext("%(words)s word · %(minutes)s min", "%(words)s words · %(minutes)s min", words);
  const facts = { words: words.toLocaleString(document.documentElement.lang), minutes };
  editor.querySelector(".markdown-length").textContent = interpolate(length, facts, true);
  editor.dispatchEvent(new CustomEvent("rendered", { detail: rendered }));
}

// Scroll to the part of the preview that is written: in a long text, about where the caret is.
function follow(textarea, preview) {
  const part = textarea.selectionEnd / (textarea.value.length || 1);
  preview.scrollTop = part * preview.scrollHeight - preview.clientHeight / 2;
}

function attach(editor) {
  const textarea = editor.querySelector("textarea");
  const preview = editor.querySelector(".markdown-preview");
  const body = bodyOf(preview, editor.dataset.stylesheets.split(/\s+/));
  const toggle = editor.querySelector("button[aria-controls]");
  editor.querySelector(".markdown-tools").hidden = false;
  let waiting;
  const now = async () => {
    await render(editor, textarea, body);
    follow(textarea, preview);
  };
  textarea.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(now, preview.hidden ? PAUSE_HIDDEN_MS : PAUSE_MS);
  });
  textarea.addEventListener("click", () => follow(textarea, preview));
  toggle.addEventListener("click", () => {
    preview.hidden = !preview.hidden;
    toggle.setAttribute("aria-expanded", String(!preview.hidden));
    if (!preview.hidden) now();
  });
  editor.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const selector = (event.shiftKey ? SHIFT_KEYS : KEYS)[event.key.toLowerCase()];
    if (!selector) return;
    event.preventDefault();
    editor.querySelector(selector).click();
  });
  for (const button of editor.querySelectorAll("[data-md-button]")) {
    button.addEventListener("click", () => insertBlock(textarea, button.dataset.mdButton));
  }
  attachFiles(editor);
  attachLinks(editor);
  if (textarea.value) now();
}

document.querySelectorAll(".markdown-editor").forEach(attach);
