// Counts the characters of a field against the server's limit.

import { liveRegion } from "./helpers.js";

const NEAR = 200;
const format = new Intl.NumberFormat("en");

// Characters as the server counts them: not UTF-16 units, a line end as one, without blanks at the ends.
const lengthOf = (text) => [...text.replace(/^\n+/, "").trimEnd()].length;

function addCounter(field) {
  const limit = Number(field.dataset.limit);
  const shown = document.createElement("div");
  shown.className = "form-text";
  let spoken = null;
  let timer = 0;

  // Added with the first key, so that the page does not shift before.
  field.addEventListener("input", () => {
    const left = limit - lengthOf(field.value);
    if (!spoken) {
      field.parentElement.append(shown);
      spoken = liveRegion(field.parentElement);
    }
    shown.textContent = `${format.format(limit - left)} of ${format.format(limit)}`;
    shown.classList.toggle("invalid-feedback", left < 0);
    field.setCustomValidity(left < 0 ? `Remove at least ${format.format(-left)} characters.` : "");
    clearTimeout(timer);
    timer = setTimeout(() => {
      const words = left < 0 ? "characters too many" : "characters left";
      spoken.textContent = left > NEAR ? "" : `${format.format(Math.abs(left))} ${words}`;
    }, 1000);
  });
}

for (const field of document.querySelectorAll("[data-limit]")) addCounter(field);
