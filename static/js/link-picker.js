// A page of this site to link to, found by its title. `[[`, Ctrl+Shift+K and the button open it.

import { request } from "./helpers.js";
import { insert } from "./insert.js";
import { addDialogButton, make } from "./upload-dialog.js";

const PAUSE_MS = 150;
const LONGEST = 200;
const AWAY = gettext("No answer. If your session has ended, sign in in another tab and try again.");
const NOTHING = gettext("No page has these words in its title.");

// Whether the text ends in a block of code or between backticks.
function endsInCode(text) {
  const fences = text.match(/^ {0,3}(```|~~~)/gm) ?? [];
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return fences.length % 2 === 1 || line.split("`").length % 2 === 0;
}

// A selection as the text of a link: one line, its brackets in pairs.
function asText(selected) {
  const text = selected.trim().replace(/\s*\n\s*/g, " ");
  let brackets = text.replace(/\\[^]|[^[\]]/g, "");
  while (brackets.includes("[]")) brackets = brackets.replaceAll("[]", "");
  return brackets ? text.replace(/\\[^]|[[\]]/g, (found) => (found.length > 1 ? found : `\\${found}`)) : text;
}

class LinkPicker {
  constructor(url, textarea) {
    Object.assign(this, { url, textarea, pages: [], active: -1 });
    const id = `${textarea.id}_links`;
    const title = make("h2", { id, textContent: gettext("Link to a page") });
    this.input = make("input", { type: "text", dir: "auto", maxLength: LONGEST, autocomplete: "off" });
    this.list = make("ul", { id: `${id}_found`, role: "listbox", ariaLabel: gettext("Pages") });
    this.said = make("p", { role: "status" });
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    const cancel = make("button", { type: "button", className: "button", textContent: gettext("Cancel") });
    this.dialog = make("dialog", { className: "editor-dialog link-dialog" }, title,
      make("label", {}, gettext("Words of its title"), this.input), this.list, this.said,
      make("div", { className: "picture-buttons" }, cancel));
    this.dialog.setAttribute("aria-labelledby", id);
    document.body.append(this.dialog);

    cancel.addEventListener("click", () => this.dialog.close());
    this.input.addEventListener("input", () => this.lookSoon());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
    this.dialog.addEventListener("close", () => {
      textarea.focus();
      textarea.setSelectionRange(...this.after);
    });
  }

  // The link replaces what is between the two places, and has the selected text.
  open(from, to) {
    const { selectionStart, selectionEnd, value } = this.textarea;
    this.place = [from, to];
    this.after = [selectionStart, selectionEnd];
    this.text = asText(value.slice(selectionStart, selectionEnd));
    this.input.value = this.text.slice(0, LONGEST);
    this.show([]);
    this.dialog.showModal();
    this.input.select();
    this.look();
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  look() {
    clearTimeout(this.timer);
    this.timer = null;
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const query = new URLSearchParams({ q: this.input.value });
    this.looking = request(`${this.url}?${query}`, { signal: asking.signal })
      .then((response) => response.json())
      .then(({ pages }) => this.show(pages, pages.length ? "" : NOTHING))
      .catch(() => asking.signal.aborted || this.show([], AWAY));
  }

  show(pages, said = "") {
    this.pages = pages;
    this.list.replaceChildren(...pages.map((page, number) => {
      const about = make("small", { textContent: [page.kind, page.state].filter(Boolean).join(", ") });
      const name = make("span", { dir: "auto", textContent: page.title });
      return make("li", { id: `${this.list.id}_${number}`, role: "option" }, name, about);
    }));
    this.said.textContent = said;
    this.list.hidden = !pages.length;
    this.input.setAttribute("aria-expanded", String(pages.length > 0));
    this.activate(0);
  }

  activate(number) {
    this.active = this.pages.length ? (number + this.pages.length) % this.pages.length : -1;
    [...this.list.children].forEach((option, place) => {
      option.ariaSelected = String(place === this.active);
    });
    const option = this.list.children[this.active];
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  async press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.activate(this.active + step);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      // What is typed faster than pages are found.
      if (this.timer) this.look();
      await this.looking;
      this.choose(this.active);
    }
  }

  choose(number) {
    const page = this.pages[number];
    if (!page || !this.dialog.open) return;
    this.dialog.close();
    const [from, to] = this.place;
    // With `!` before it, it would be a picture.
    const isShouted = /(^|[^\\])!$/.test(this.textarea.value.slice(0, from));
    const link = `[${this.text || page.text}](${page.address})`;
    insert(this.textarea, from - isShouted, to, isShouted ? `\\!${link}` : link);
    this.after = [this.textarea.selectionStart, this.textarea.selectionEnd];
  }
}

// Give a `.markdown-editor` its button and keys.
export function attachLinks(editor) {
  const textarea = editor.querySelector("textarea");
  if (!editor.dataset.linksUrl) return;
  const picker = new LinkPicker(editor.dataset.linksUrl, textarea);
  const open = () => picker.open(textarea.selectionStart, textarea.selectionEnd);
  addDialogButton(editor, { textContent: gettext("Page link"), title: gettext("Link to a page ([[)") }, open);
  editor.addEventListener("keydown", (event) => {
    const isKey = (event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "k";
    if (!isKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  textarea.addEventListener("input", (event) => {
    const end = textarea.selectionEnd;
    const before = textarea.value.slice(0, end);
    const isTyped = event.data?.endsWith("[") && /(^|[^[\\])\[\[$/.test(before);
    if (isTyped && !endsInCode(before)) picker.open(end - 2, end);
  });
}
