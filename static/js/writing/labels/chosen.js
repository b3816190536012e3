// What is chosen in a select, as a list: removed by a button, put in order by dragging, buttons or arrows.

export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(text, label, press) {
  const made = element("button", { type: "button", textContent: text, onclick: press });
  made.setAttribute("aria-label", label);
  return made;
}

export class Chosen {
  // `changed` is called with what to say about each change.
  constructor(select, isOrdered, changed) {
    Object.assign(this, { select, isOrdered, changed });
    this.list = element(isOrdered ? "ol" : "ul", { className: "chosen" });
    this.list.setAttribute("aria-label", select.getAttribute("aria-label"));
    select.hidden = true;
    // Others saved something else.
    select.addEventListener("change", () => this.draw());
    this.list.addEventListener("dragover", (event) => this.dragged && event.preventDefault());
    this.list.addEventListener("drop", (event) => {
      const over = event.target.closest("li");
      if (!this.dragged || !over) return;
      event.preventDefault();
      this.#move(this.dragged, [...this.list.children].indexOf(over));
    });
    this.draw();
  }

  get options() {
    return [...this.select.selectedOptions].filter((option) => option.value);
  }

  get keys() {
    return this.options.map((option) => option.value);
  }

  draw() {
    this.list.replaceChildren(...this.options.map((option) => this.#row(option)));
    this.list.hidden = !this.list.children.length;
  }

  add(key, name) {
    let option = [...this.select.options].find((one) => one.value === key);
    if (!option) {
      option = new Option(name, key);
      this.select.append(option);
    }
    option.selected = true;
    this.#done(interpolate(gettext("%s added"), [name]));
  }

  remove(option) {
    option.selected = false;
    if (this.select.multiple) option.remove();
    this.#done(interpolate(gettext("%s removed"), [option.text]));
  }

  #row(option) {
    const name = option.text;
    const row = element("li", {}, element("span", { textContent: name }));
    if (this.isOrdered) this.#makeMovable(row, option, name);
    row.append(button("×", interpolate(gettext("Remove %s"), [name]), () => this.remove(option)));
    return row;
  }

  #makeMovable(row, option, name) {
    const place = () => this.options.indexOf(option);
    row.draggable = true;
    row.ondragstart = (event) => {
      this.dragged = option;
      event.dataTransfer.effectAllowed = "move";
    };
    row.ondragend = () => {
      this.dragged = null;
    };
    row.append(
      button("↑", interpolate(gettext("Move %s up"), [name]), () => this.#move(option, place() - 1, 0)),
      button("↓", interpolate(gettext("Move %s down"), [name]), () => this.#move(option, place() + 1, 1)),
    );
    row.onkeydown = (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.#move(option, place() + step, [...row.querySelectorAll("button")].indexOf(event.target));
    };
  }

  // `focused` is the button of the row that keeps the focus.
  #move(option, place, focused) {
    const others = this.options.filter((one) => one !== option);
    if (place < 0 || place > others.length) return;
    others.splice(place, 0, option);
    this.select.append(...others);
    const facts = { name: option.text, place: place + 1, all: others.length };
    this.#done(interpolate(gettext("%(name)s: place %(place)s of %(all)s"), facts, true));
    if (focused >= 0) this.list.children[place].querySelectorAll("button")[focused].focus();
  }

  #done(text) {
    this.draw();
    this.changed(text);
  }
}
