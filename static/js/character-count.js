// Counts the characters of a field against the server's limit.

import { liveRegion, words } from "./helpers.js";

const NEAR = 200;
const format = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`);

// Characters as the server counts them: not UTF-16 units, a line end as one, without blanks at the ends.
const lengthOf = (text) => [...text.replace(/^\n+/, "").trimEnd()].length;

function addCounter(field) {
  const limit = Number(field.dataset.limit);
  const shown = document.createElement("div");
  shown.className = "form-text";
  let spoken = null;
  let timer = 0;

  // Added with the first key, so that the page does not shift before.
  field.addEventListener("input", async () => {
    const said = await words();
    const left = limit - lengthOf(field.value);
    if (!spoken) {
      field.parentElement.append(shown);
      spoken = liveRegion(field.parentElement);
    }
    const sentence = (left < 0 ? said.over : said.left).replace("{number}", format.format(Math.abs(left)));
    shown.textContent = said.written
      .replace("{number}", format.format(limit - left))
      .replace("{limit}", format.format(limit));
    shown.classList.toggle("invalid-feedback", left < 0);
    field.setCustomValidity(left < 0 ? sentence : "");
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = left > NEAR ? "" : sentence;
    }, 1000);
  });
}

for (const field of document.querySelectorAll("[data-limit]")) addCounter(field);
