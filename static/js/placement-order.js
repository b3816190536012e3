// Rows in an order can be dragged by a handle, or moved with its arrow keys. All that it changes are the
// numbers in the position fields, which can be typed into as well.

import { liveRegion } from "./helpers.js";

let spoken = null;

const rowsOf = (body) => [...body.querySelectorAll(":scope > tr.form-row:not(.empty-form)")];
const positionOf = (row) => row.querySelector(".field-position input");

// A new row in which nothing is written yet stays without a number.
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

// An error above a row belongs to it and moves along.
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
  const place = rows.indexOf(row) + by;
  if (place < 0 || place >= rows.length) return;
  moveBefore(row, by < 0 ? rows[place] : rows[place + 1]);
  number(body);
  handle.focus();
  spoken.textContent = `Moved to place ${place + 1} of ${rows.length}.`;
}

// The row moves in the document, and the handle with it, so events of the pointer are those of the page.
function drag(event, row) {
  event.preventDefault();
  const body = row.parentElement;
  const heard = new AbortController();
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
    heard.abort();
    row.classList.remove("dragged");
    number(body);
  };
  document.addEventListener("pointermove", move, { signal: heard.signal });
  document.addEventListener("pointerup", end, { signal: heard.signal });
  document.addEventListener("pointercancel", end, { signal: heard.signal });
}

function addHandle(row) {
  const cell = row.querySelector(".field-position");
  if (!cell || cell.querySelector(".grip")) return;
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "grip";
  handle.textContent = "⠿";
  handle.setAttribute("aria-label", "Move with the arrow keys");
  handle.title = "Drag, or move with the arrow keys";
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
  spoken ??= liveRegion(document.body);
}
document.addEventListener("formset:added", ({ target }) => {
  if (target.closest("fieldset.ordered")) addHandle(target);
});
