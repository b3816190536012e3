// Reorder rows by dragging a handle, or with its arrow keys. Only the numbers in the position fields change;
// they can be edited without this script.

import { liveRegion } from "./helpers.js";

let announcer = null;

const rowsOf = (body) => [...body.querySelectorAll(":scope > tr.form-row:not(.empty-form)")];
const positionOf = (row) => row.querySelector(".field-position input");

// A new row stays without a number until something is entered.
function isEmpty(row) {
  if (row.classList.contains("has_original")) return false;
  const fields = row.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], .position)");
  return [...fields].every((field) => !field.value);
}

function number(body) {
  let position = 0;
  for (const row of rowsOf(body)) {
    if (!isEmpty(row)) positionOf(row).value = String(++position);
  }
}

// The errors of a row are in the row above it and move with it.
function partsOf(row) {
  const above = row.previousElementSibling;
  return above?.matches(".row-form-errors") ? [above, row] : [row];
}

function moveBefore(row, other) {
  const last = rowsOf(row.parentElement).at(-1);
  if (last === row && !other) return;
  const target = other ? partsOf(other)[0] : last.nextSibling;
  for (const part of partsOf(row)) row.parentElement.insertBefore(part, target);
}

function step(handle, row, by) {
  const body = row.parentElement;
  const rows = rowsOf(body);
  const index = rows.indexOf(row) + by;
  if (index < 0 || index >= rows.length) return;
  moveBefore(row, by < 0 ? rows[index] : rows[index + 1]);
  number(body);
  handle.focus();
  announcer.textContent = interpolate(gettext("Moved to position %s of %s."), [index + 1, rows.length]);
}

// Listens on the document, because the handle moves while it is dragged.
function drag(event, row) {
  event.preventDefault();
  const body = row.parentElement;
  const listeners = new AbortController();
  row.classList.add("dragged");
  const move = ({ clientY }) => {
    const others = rowsOf(body).filter((other) => other !== row);
    const next = others.find((other) => {
      const box = other.getBoundingClientRect();
      return clientY < box.top + box.height / 2;
    });
    if (next !== row.nextElementSibling) moveBefore(row, next);
  };
  const end = () => {
    listeners.abort();
    row.classList.remove("dragged");
    number(body);
  };
  document.addEventListener("pointermove", move, { signal: listeners.signal });
  document.addEventListener("pointerup", end, { signal: listeners.signal });
  document.addEventListener("pointercancel", end, { signal: listeners.signal });
}

function addHandle(row) {
  const cell = row.querySelector(".field-position");
  if (!cell || cell.querySelector(".grip")) return;
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "grip";
  handle.textContent = "⠿";
  handle.setAttribute("aria-label", gettext("Move with the arrow keys"));
  handle.title = gettext("Drag, or move with the arrow keys");
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(handle, row, by);
  });
  handle.addEventListener("pointerdown", (event) => event.button === 0 && drag(event, row));
  cell.prepend(handle);
}

for (const body of document.querySelectorAll("fieldset.ordered tbody")) {
  rowsOf(body).forEach(addHandle);
  announcer ??= liveRegion(document.body);
}
document.addEventListener("formset:added", ({ target }) => {
  if (target.closest("fieldset.ordered")) addHandle(target);
});
