// Labels of an article, chosen by typing: the combobox pattern of the ARIA Authoring Practices Guide.
// A select has what is chosen, in its order; it is what the form sends.

import { liveRegion, request } from "../../helpers.js";
import { csrfToken } from "../saver.js";
import { Chosen, element } from "./chosen.js";

const PAUSE = 150;

export class Picker {
  constructor(box) {
    this.box = box;
    const select = box.querySelector("select");
    this.input = box.querySelector("input");
    [this.results, this.active] = [[], -1];
    this.chosen = new Chosen(select, "ordered" in box.dataset, (text) => {
      this.live.textContent = text;
      this.input.focus();
      select.dispatchEvent(new Event("input", { bubbles: true }));
    });
    this.list = element("ul", { id: `${this.input.id}_list`, hidden: true, role: "listbox" });
    this.list.setAttribute("aria-label", box.dataset.kind);
    this.problem = element("p", { className: "picker-problem", role: "alert" });
    this.input.role = "combobox";
    this.#set({ expanded: false, controls: this.list.id, autocomplete: "list" });
    this.input.before(this.chosen.list);
    this.input.after(this.list, this.problem);
    this.live = liveRegion(box);
    this.#listen();
  }

  #set(states) {
    for (const [name, value] of Object.entries(states)) this.input.setAttribute(`aria-${name}`, value);
  }

  #listen() {
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("input", () => {
      this.#say("");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#find(), PAUSE);
    });
    this.input.addEventListener("click", () => this.#find());
    // What was typed and is not chosen is chosen or made when the form is sent.
    this.input.addEventListener("blur", () => this.#close());
    // The field keeps the focus while an option is clicked.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  #choose(result) {
    this.input.value = "";
    this.#close();
    this.box.dispatchEvent(new CustomEvent("picked", { detail: result, bubbles: true }));
    this.chosen.add(String(result.key), result.name);
  }

  async #make(name) {
    const body = new URLSearchParams({ name });
    try {
      const options = { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } };
      this.#choose(await (await request(this.box.dataset.url, options)).json());
    } catch (error) {
      const answer = await error.response?.json().catch(() => null);
      this.#say(answer?.problem ?? gettext("No answer. It is made when you save."));
    }
  }

  #say(text) {
    if (this.problem.textContent !== text) this.problem.textContent = text;
    this.#set({ invalid: Boolean(text) });
  }

  // --- the list ---

  async #find() {
    clearTimeout(this.timer);
    const query = this.input.value.trim();
    this.found?.abort();
    this.found = new AbortController();
    try {
      const url = `${this.box.dataset.url}?q=${encodeURIComponent(query)}`;
      const answer = await (await request(url, { signal: this.found.signal })).json();
      const isCurrent = query === this.input.value.trim() && document.activeElement === this.input;
      if (isCurrent) this.#show(query, answer);
    } catch {
      this.#close();
    }
  }

  #show(query, { results, same, may_make: mayMake }) {
    this.results = results.filter((result) => !this.chosen.keys.includes(String(result.key)));
    const number = this.results.length;
    this.live.textContent = interpolate(ngettext("%s found", "%s found", number), [number]);
    if (mayMake) this.results.push({ name: query, isNew: true });
    this.list.replaceChildren(...this.results.map((result, index) => this.#option(result, index)));
    if (!this.results.length) {
      const none = query ? gettext("No such name.") : gettext("Type a name.");
      const text = same ? gettext("It is chosen already.") : none;
      this.list.append(element("li", { textContent: text, role: "option", ariaDisabled: "true" }));
    }
    this.shown = query;
    this.list.hidden = false;
    this.#set({ expanded: true });
    this.#activate(query && this.results.length ? 0 : -1);
  }

  #option(result, index) {
    const textContent = result.isNew ? interpolate(gettext("Make “%s”"), [result.name]) : result.name;
    const option = element("li", { id: `${this.list.id}_${index}`, textContent, role: "option" });
    if (result.note) option.append(" ", element("small", { textContent: result.note }));
    option.onclick = () => this.#take(index);
    return option;
  }

  #activate(index) {
    this.active = index;
    [...this.list.querySelectorAll("[role=option]")].forEach((option, place) => {
      option.ariaSelected = String(place === index);
    });
    this.#set({ activedescendant: index < 0 ? "" : this.list.children[index].id });
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
  }

  #take(index) {
    const result = this.results[index];
    if (result.isNew) this.#make(result.name);
    else this.#choose(result);
  }

  #close() {
    this.list.hidden = true;
    this.active = -1;
    this.#set({ expanded: false, activedescendant: "" });
  }

  #key(event) {
    // Keys of an input method choose among its own candidates.
    if (event.isComposing) return;
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    const isOpen = !this.list.hidden;
    if (step) {
      event.preventDefault();
      const { length } = this.results;
      if (!isOpen) this.#find();
      else if (length) this.#activate((Math.max(this.active, step < 0 ? 0 : -1) + step + length) % length);
    } else if (key === "Enter" && !event.ctrlKey && !event.metaKey) {
      // It would send the form.
      event.preventDefault();
      const isCurrent = isOpen && this.shown === this.input.value.trim();
      if (isCurrent && this.active >= 0) this.#take(this.active);
      else if (this.input.value.trim()) this.#find();
    } else if (key === "Escape" && isOpen) {
      event.stopPropagation();
      this.#close();
    } else if (key === "Backspace" && !this.input.value && this.chosen.options.length) {
      this.chosen.remove(this.chosen.options.at(-1));
    }
  }
}
