// Bars at the edge of the text field beside paragraphs with notes. The field itself stays as it is.

const COPIED = [
  "boxSizing", "borderWidth", "fontFamily", "fontSize", "fontStyle", "fontVariant", "fontWeight",
  "letterSpacing", "lineHeight", "padding", "tabSize", "textIndent", "wordSpacing",
];

function make(className) {
  const element = Object.assign(document.createElement("div"), { className });
  element.setAttribute("aria-hidden", "true");
  return element;
}

export class Marks {
  // `placesIn(text)` returns where marked paragraphs begin.
  constructor(textarea, placesIn) {
    Object.assign(this, { textarea, placesIn, bars: make("note-marks"), mirror: make("note-mirror") });
    textarea.parentElement.append(this.bars, this.mirror);
    textarea.addEventListener("input", () => this.later());
    textarea.addEventListener("scroll", () => this.show());
    new ResizeObserver(() => this.show()).observe(textarea);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), 200);
  }

  show() {
    const { textarea, mirror } = this;
    const text = textarea.value;
    const ends = this.placesIn(text).map((place) => {
      const length = text.slice(place).search(/\n[ \t]*\n|\s*$(?![^])/);
      return [place, place + length];
    });
    // A copy of the field, with an empty element where each paragraph begins and ends.
    const style = getComputedStyle(textarea);
    for (const name of COPIED) mirror.style[name] = style[name];
    mirror.style.width = `${textarea.offsetWidth}px`;
    mirror.replaceChildren();
    let before = 0;
    const edges = ends.flat().map((place) => {
      const edge = document.createElement("span");
      edge.textContent = "\u200b";
      mirror.append(text.slice(before, place), edge);
      before = place;
      return edge;
    });
    const bars = ends.map((_, number) => {
      const [first, last] = [edges[2 * number], edges[2 * number + 1]];
      const bar = document.createElement("div");
      bar.style.top = `${textarea.offsetTop + first.offsetTop - textarea.scrollTop}px`;
      bar.style.height = `${last.offsetTop + last.offsetHeight - first.offsetTop}px`;
      bar.style.left = `${textarea.offsetLeft}px`;
      return bar;
    });
    mirror.replaceChildren();
    this.bars.replaceChildren(...bars);
  }
}
