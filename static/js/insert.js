// Insert Markdown into a textarea so that the browser's undo takes it back.

const TEXTS = {
  note: gettext("Text of the note"),
  pull: gettext("A sentence of the article"),
  footnote: gettext("Text of the footnote"),
};
const [COLUMN, CELL] = [gettext("Column"), gettext("Cell")];
const TABLE = [`| ${COLUMN} | ${COLUMN} |`, "|---|---|", `| ${CELL} | ${CELL} |`].join("\n");

export function insert(textarea, from, to, text) {
  textarea.focus();
  textarea.setSelectionRange(from, to);
  // execCommand is the only way that native undo knows of; it fails in a hidden field.
  if (document.execCommand("insertText", false, text)) return;
  textarea.setRangeText(text, from, to, "end");
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
}

// Replace a part of the text by a paragraph of its own. Returns where it starts.
export function insertParagraph(textarea, [from, to], markdown) {
  const before = textarea.value.slice(0, from);
  const after = textarea.value.slice(to);
  const start = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const end = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  insert(textarea, from, to, start + markdown + end);
  return from + start.length;
}

// From the start of the first selected line to the end of the last; without a selection, the end of the line.
function selectedLines({ value, selectionStart, selectionEnd }) {
  const lineEnd = value.indexOf("\n", selectionEnd);
  const to = lineEnd < 0 ? value.length : lineEnd;
  const from = selectionStart === selectionEnd ? to : value.lastIndexOf("\n", selectionStart - 1) + 1;
  return [from, to];
}

function insertFootnote(textarea) {
  const { value, selectionEnd } = textarea;
  const numbers = [...value.matchAll(/\[\^(\d{1,4})\]/g)].map(([, number]) => Number(number));
  const mark = `[^${Math.max(0, ...numbers) + 1}]`;
  insert(textarea, selectionEnd, selectionEnd, mark);
  const end = textarea.value.length;
  const start = insertParagraph(textarea, [end, end], `${mark}: ${TEXTS.footnote}`);
  return [start + mark.length + 2, TEXTS.footnote];
}

// Insert what a button of the toolbar is for, around the selected lines; the text to write next is selected.
export function insertBlock(textarea, name) {
  let start, text;
  if (name === "footnote") {
    [start, text] = insertFootnote(textarea);
  } else if (name === "table") {
    const [, to] = selectedLines(textarea);
    start = insertParagraph(textarea, [to, to], TABLE) + 2;
    text = COLUMN;
  } else {
    const [from, to] = selectedLines(textarea);
    text = textarea.value.slice(from, to).trim() || TEXTS[name];
    start = insertParagraph(textarea, [from, to], `:::${name}\n${text}\n:::`) + name.length + 4;
  }
  textarea.setSelectionRange(start, start + text.length);
}
