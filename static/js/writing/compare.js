// Two texts side by side, one click each.

import { openOver, whenPaused } from "./keys.js";

const LABELS = {
  title: gettext("Title"),
  summary: gettext("Summary"),
  body: gettext("Text"),
  byline: gettext("Authors"),
  authors: gettext("Authors"),
};

// As the form calls it.
function labelOf(name) {
  const words = document.querySelector(`label[for="id_${name}"]`)?.textContent.trim().replace(/:$/, "");
  return LABELS[name] ?? words ?? name;
}

function choice(text, label, group, isChosen) {
  const box = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: group, checked: isChosen });
  const heading = document.createElement("strong");
  heading.append(input, ` ${label}`);
  const shown = document.createElement("pre");
  shown.dir = "auto";
  shown.textContent = text.trim() || gettext("(nothing)");
  box.append(heading, shown);
  return { box, input };
}

// A value of a field as text. `names` has those of rows by key, if the field has keys.
function textOf(value, names) {
  if (!names || value === null) return String(value ?? "");
  return [value].flat().map((key) => names[key] ?? key).join(", ");
}

// Show the pieces of a conflict by field. `onDone` gets the fields with what was chosen.
export function compare(dialog, { fields, conflict, labels: [mine, theirs], names = {}, onDone }) {
  const list = dialog.querySelector(".pairs");
  list.replaceChildren();
  const chosen = { ...fields };
  const pickers = [];
  for (const [name, pieces] of Object.entries(conflict)) {
    const heading = document.createElement("h3");
    heading.textContent = labelOf(name);
    list.append(heading);
    const parts = pieces.map((piece, number) => {
      if (piece.theirs === null) return () => piece.mine;
      const group = `${name}-${number}`;
      const own = choice(textOf(piece.mine, names[name]), mine, group, true);
      const other = choice(textOf(piece.theirs, names[name]), theirs, group, false);
      const pair = document.createElement("div");
      pair.className = "pair";
      pair.append(own.box, other.box);
      list.append(pair);
      return () => (own.input.checked ? piece.mine : piece.theirs);
    });
    pickers.push(() => {
      const values = parts.map((part) => part());
      chosen[name] = name === "body" ? values.join("") : values[0];
    });
  }
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "use") return;
    for (const pick of pickers) pick();
    onDone(chosen);
  };
  whenPaused(() => openOver(dialog));
}
