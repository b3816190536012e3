// A dialog that uploads a file and inserts it into a text, or one of a library.

import { request } from "./helpers.js";
import { insertParagraph } from "./insert.js";

const SIGNED_OUT = gettext("Not taken. If your session has ended, sign in in another tab and try again.");
const AWAY = gettext("The server does not answer. Try again.");

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function plain(text) {
  return make("button", { type: "button", className: "button", textContent: text });
}

export function field(text, name, properties = {}) {
  const input = make("input", { type: "text", name, ...properties });
  return [make("label", {}, ...(input.type === "checkbox" ? [input, text] : [text, input])), input];
}

// A button of the toolbar, which moves the focus between its buttons with the arrow keys.
export function addDialogButton(editor, properties, open) {
  const button = make("button", { type: "button", tabIndex: -1, ...properties });
  button.dataset.mdButton = "dialog";
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", open);
  editor.querySelector("markdown-toolbar").append(button);
}

// `answered` resolves to the status and the JSON of the answer, null if there is none.
function send(url, body, onProgress) {
  const sending = new XMLHttpRequest();
  const answered = new Promise((resolve) => {
    sending.addEventListener("loadend", () => {
      const isJson = sending.getResponseHeader("Content-Type")?.startsWith("application/json");
      resolve({ status: sending.status, answer: isJson ? JSON.parse(sending.responseText) : null });
    });
  });
  sending.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
  sending.open("POST", url);
  sending.send(body);
  return { answered, cancel: () => sending.abort() };
}

// `parts` are the fields by the names under which they are sent; the dialog has their inputs by these names:
// `file` and `first`, the one to fill. `words.rows` is what the library calls its rows;
// `shown` makes what is in buttons.
export class UploadDialog {
  constructor(url, textarea, words, parts) {
    Object.assign(this, { url, textarea, words, found: make("ul", { className: "pictures" }) });
    this.names = Object.keys(parts);
    for (const name of this.names) {
      this[name] = parts[name][1];
      if (this[name].type === "text") this[name].dir = "auto";
    }
    this.said = make("p", { hidden: true });
    this.said.setAttribute("role", "alert");
    this.bar = make("progress", { hidden: true, max: 1, ariaLabel: gettext("Upload") });
    this.submit = Object.assign(plain(gettext("Upload and insert")), { type: "submit" });
    const cancel = plain(gettext("Cancel"));
    const [searchLabel, search] = field(gettext("Or choose from the library"), "q", { type: "search" });
    this.more = plain(gettext("More"));
    const title = make("h2", { id: `${textarea.id}_${words.id}`, textContent: words.title });
    this.form = make("form", {}, ...Object.values(parts).map(([label]) => label), this.said,
      this.bar, make("div", { className: "picture-buttons" }, this.submit, cancel));
    this.dialog = make("dialog", { className: "editor-dialog picture-dialog" }, title, this.form, searchLabel,
      this.found, this.more);
    this.dialog.setAttribute("aria-labelledby", title.id);
    document.body.append(this.dialog);

    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.upload();
    });
    cancel.addEventListener("click", () => this.dialog.close());
    let pause;
    search.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => this.look(search.value), 300);
    });
    this.more.addEventListener("click", () => this.look(search.value, this.next));
    this.dialog.addEventListener("close", () => {
      this.sending?.cancel();
      this.textarea.focus();
      this.textarea.setSelectionRange(...this.place);
    });
  }

  open(file) {
    this.keepPlace();
    this.form.reset();
    this.say("");
    if (file) {
      const files = new DataTransfer();
      files.items.add(file);
      this.file.files = files.files;
    }
    this.file.dispatchEvent(new Event("change"));
    this.dialog.showModal();
    (file ? this.first : this.file).focus();
    this.look("");
  }

  // A modal dialog takes the selection away.
  keepPlace() {
    this.place = [this.textarea.selectionStart, this.textarea.selectionEnd];
  }

  say(text) {
    this.said.textContent = text;
    this.said.hidden = !text;
  }

  use(row) {
    this.dialog.close();
    insertParagraph(this.textarea, this.place, row.markdown);
    this.keepPlace();
  }

  async upload() {
    if (!this.file.files.length) return this.say(this.words.missing);
    const body = new FormData(this.form);
    body.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
    this.say("");
    this.submit.disabled = true;
    this.bar.hidden = false;
    this.sending = send(`${this.url}upload/`, body, (part) => (this.bar.value = part));
    const { status, answer } = await this.sending.answered;
    this.submit.disabled = false;
    this.bar.hidden = true;
    if (answer?.markdown) return this.use(answer);
    const errors = Object.entries(answer?.errors ?? {});
    for (const name of this.names) {
      this[name].setAttribute("aria-invalid", String(errors.some(([wrong]) => wrong === name)));
    }
    this.say(errors.flatMap(([, sentences]) => sentences).join(" ") || (status ? SIGNED_OUT : AWAY));
  }

  async look(words, page = 1) {
    const query = new URLSearchParams({ q: words, page });
    const response = await request(`${this.url}pick/?${query}`).catch(() => null);
    const answer = (await response?.json().catch(() => null)) ?? {};
    const items = (answer[this.words.rows] ?? []).map((row) => {
      const button = make("button", { type: "button" }, ...this.shown(row));
      button.addEventListener("click", () => this.use(row));
      return make("li", {}, button);
    });
    if (page === 1) this.found.replaceChildren(...items);
    else this.found.append(...items);
    this.next = answer.next;
    this.more.hidden = !this.next;
  }
}
