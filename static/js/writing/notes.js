// Notes of colleagues on paragraphs of the text, beside it.

import { addDialogButton, make } from "../upload-dialog.js";
import { Marks } from "./marks.js";
import { goTo } from "./outline.js";
import { csrfToken } from "./saver.js";

const TIMEOUT = 20_000;
const SIGNED_OUT = gettext("Not stored: your session has ended. Sign in, then try again.");
const AWAY = gettext("Not stored: the server does not answer. Try again.");

function plain(textContent, onclick) {
  return make("button", { type: "button", className: "plain", textContent, onclick });
}

// Where a paragraph begins that starts with these words: the nearest one to where it was when it was saved.
function placeOf(text, { words, start }) {
  let best = -1;
  for (let at = text.indexOf(words); words && at !== -1; at = text.indexOf(words, at + 1)) {
    const begins = at === 0 || /\s/.test(text[at - 1]);
    if (begins && (best === -1 || Math.abs(at - start) < Math.abs(best - start))) best = at;
  }
  return best;
}

// The first words of the paragraph at a place; empty between two paragraphs.
function wordsAt(text, place) {
  const before = text.slice(0, place).split(/\n[ \t]*\n/).at(-1);
  return text.slice(place - before.length).trimStart().split("\n")[0].slice(0, 60);
}

export class Notes {
  constructor(section, textarea, saver) {
    Object.assign(this, { section, textarea, saver, digest: "", notes: [] });
    [this.list, this.resolved] = section.querySelectorAll("ol");
    this.fold = section.querySelector("details");
    const dialog = section.querySelector("dialog");
    this.writing = this.#form(dialog, () => this.#add());
    this.reply = this.#form(section.querySelector(".answer-form"), () => this.#answer());
    dialog.onclose = () => {
      this.writing.close();
      textarea.focus();
      textarea.setSelectionRange(...this.place);
    };
    this.marks = new Marks(textarea, (text) => this.#places(text));
    const editor = textarea.closest(".markdown-editor");
    addDialogButton(editor, { textContent: gettext("Note to colleagues") }, () => this.begin());
  }

  // A note on the paragraph with the caret.
  begin() {
    const { box, text } = this.writing;
    this.place = [this.textarea.selectionStart, this.textarea.selectionEnd];
    const words = wordsAt(this.textarea.value, this.place[0]);
    box.querySelector(".on").textContent = words
      ? interpolate(gettext("On “%s”"), [words])
      : gettext("Put the caret into a paragraph first.");
    box.hidden = false;
    box.showModal();
    text.focus();
  }

  // Whether a note or an answer is typed and not sent.
  get isUnsent() {
    return [this.writing, this.reply].some(({ box, text }) => !box.hidden && text.value.trim());
  }

  #form(box, send) {
    const [text, alert] = [box.querySelector("textarea"), box.querySelector("[role=alert]")];
    const [store, cancel] = box.querySelectorAll("button");
    const close = () => {
      box.hidden = true;
      box.close?.();
    };
    const form = { box, text, close };
    store.onclick = async () => {
      store.disabled = true;
      alert.textContent = text.value.trim() ? await send() : gettext("Write something first.");
      store.disabled = false;
      if (alert.textContent) return;
      text.value = "";
      form.close();
    };
    // Not the first button of the page.
    box.onkeydown = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.stopPropagation();
      store.click();
    };
    cancel.onclick = () => {
      alert.textContent = "";
      form.close();
    };
    return form;
  }

  // The note is on the text that is stored, so that is stored first.
  async #add() {
    if (!(await this.saver.save())) return gettext("The text is not saved yet. Try again when it is.");
    // A place in characters, not in the units of JavaScript.
    const start = [...this.textarea.value.slice(0, this.place[0])].length;
    const { value: token } = this.saver.form.elements.token;
    return this.#send("", { text: this.writing.text.value, start, token });
  }

  #answer() {
    return this.#send(`${this.answering}/`, { action: "answer", text: this.reply.text.value });
  }

  async #act(key, action) {
    const problem = await this.#send(`${key}/`, { action });
    if (problem) this.saver.on.status(problem, true);
  }

  // Resolves to a sentence that says what went wrong, empty if nothing did.
  async #send(path, fields) {
    const response = await fetch(this.saver.url.replace(/autosave\/$/, `notes/${path}`), {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "X-CSRFToken": csrfToken() },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    }).catch(() => null);
    if (response?.type === "opaqueredirect") return SIGNED_OUT;
    const answer = await response?.json().catch(() => null);
    const away = response?.status === 404 ? gettext("It is gone.") : AWAY;
    if (!answer?.notes) return answer?.errors?.join(" ") ?? away;
    this.show(answer.notes);
    return "";
  }

  show(notes, digest = "") {
    Object.assign(this, { notes, digest });
    const wasAnswering = this.reply.box.contains(document.activeElement);
    this.section.append(this.reply.box);
    const open = notes.filter(({ resolved }) => !resolved);
    const done = notes.filter(({ resolved }) => resolved);
    this.list.replaceChildren(...open.map((note) => this.#item(note)));
    this.resolved.replaceChildren(...done.map((note) => this.#item(note)));
    this.fold.hidden = !done.length;
    this.fold.querySelector("summary").textContent = interpolate(gettext("Resolved: %s"), [done.length]);
    this.section.querySelector("small").textContent = open.length
      ? interpolate(ngettext("%s open", "%s open", open.length), [open.length])
      : gettext("none open");
    this.list.querySelector(`[data-key="${this.answering}"]`)?.append(this.reply.box);
    if (wasAnswering) this.reply.text.focus();
    this.marks.show();
  }

  // Where paragraphs with open notes begin, in order and each once.
  #places(text) {
    const open = this.notes.filter(({ resolved, start }) => !resolved && start !== null);
    const places = open.map((note) => placeOf(text, note)).filter((place) => place !== -1);
    return [...new Set(places)].sort((one, other) => one - other);
  }

  #item(note) {
    const item = make("li");
    item.dataset.key = note.key;
    const isGone = note.start === null;
    const jump = plain(`“${note.words}”`, () => this.#jump(note));
    const textContent = interpolate(gettext("The paragraph is gone: “%s”"), [note.words]);
    const gone = make("p", { className: "gone", textContent });
    item.append(isGone ? gone : jump);
    for (const { text, by, at } of [note, ...note.answers]) {
      const name = make("b", { textContent: by || gettext("Somebody") });
      item.append(make("p", { className: "said" }, name, ` ${at}`));
      item.append(make("p", { className: "text", dir: "auto", textContent: text }));
    }
    const buttons = note.resolved
      ? [
          `${interpolate(gettext("Resolved by %s"), [note.resolved])} `,
          plain(gettext("Open again"), () => this.#act(note.key, "open")),
        ]
      : [
          plain(gettext("Answer"), () => {
            this.answering = note.key;
            item.append(this.reply.box);
            this.reply.box.hidden = false;
            this.reply.text.focus();
          }),
          plain(gettext("Resolve"), () => this.#act(note.key, "resolve")),
        ];
    if (note.removable) {
      const remove = () => window.confirm(gettext("Delete this note?")) && this.#act(note.key, "remove");
      buttons.push(plain(gettext("Delete"), remove));
    }
    item.append(make("p", { className: "steps" }, ...buttons));
    return item;
  }

  #jump(note) {
    const place = placeOf(this.textarea.value, note);
    goTo(this.textarea, place === -1 ? note.start : place, place === -1 ? 0 : note.words.length);
  }
}
