// The headings of the text beside it. A click puts the caret at one.

const HEADING = /^ {0,3}#{2,6}\s|^(?!\s*$).*\n {0,3}(?:=+|-+)[ \t]*$/gm;
const FENCE = /^ {0,3}(```+|~~~+)[^]*?(?:^ {0,3}\1|$(?![^]))/gm;

// Where the headings begin, code blocks left out.
function places(text) {
  const blank = text.replace(FENCE, (code) => code.replace(/[^\n]/g, " "));
  return [...blank.matchAll(HEADING)].map((match) => match.index);
}

export function showOutline(nav, editor) {
  const list = nav.querySelector("ol");
  const textarea = editor.querySelector("textarea");
  editor.addEventListener("rendered", ({ detail: { outline } }) => {
    nav.hidden = outline.length === 0;
    list.replaceChildren(
      ...outline.map(({ level, text }, number) => {
        const item = document.createElement("li");
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
        item.className = `level-${level}`;
        button.onclick = () => goTo(textarea, places(textarea.value)[number] ?? 0);
        item.append(button);
        return item;
      }),
    );
  });
}

// The caret to a place, scrolled into view, with the text behind it selected.
export function goTo(textarea, place, length = 0) {
  textarea.focus();
  // The browser scrolls to the caret when it moves there.
  textarea.setSelectionRange(textarea.value.length, textarea.value.length);
  textarea.setSelectionRange(place, place);
  textarea.blur();
  textarea.focus();
  textarea.setSelectionRange(place, place + length);
}
