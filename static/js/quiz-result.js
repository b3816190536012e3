// On a result: focuses the score, adds it to the results stored in this browser, copies and shares the text.
// On the printed version: the Print button.

import { SESSION, read, write } from "./helpers.js";

const result = document.getElementById("result");
const share = document.getElementById("share");
const LONGEST = 50;

function submittedHere() {
  const sent = read("quiz-sent", SESSION);
  write("quiz-sent", null, SESSION);
  return sent?.quiz === result.dataset.quiz && typeof sent.place === "string" ? sent : null;
}

// Adds a result that was submitted in this tab, or updates the score of a stored one. Results of others,
// opened by their link, are not added.
function storeResult() {
  const { title, quiz, score, maximum, date } = result.dataset;
  const entry = { title, quiz, score, maximum, date, result: location.pathname };
  const history = [read("quiz-history") ?? []].flat();
  const place = history.findIndex((other) => other?.result === entry.result);
  const sent = submittedHere();
  // First, so that the answers are deleted even if the list does not fit.
  if (sent) write(sent.place, null);
  if (place >= 0) history[place] = entry;
  else if (sent) history.unshift(entry);
  else return;
  write("quiz-history", history.slice(0, LONGEST));
}

async function copy(output, words) {
  try {
    await navigator.clipboard.writeText(share.value);
    output.value = words.done;
  } catch {
    share.select();
    output.value = words.failed;
  }
}

if (result) {
  storeResult();
  result.focus();
  const output = document.querySelector(".share output");
  const button = document.querySelector("[data-share]");
  const copier = document.querySelector("[data-copy]");
  copier.addEventListener("click", () => copy(output, copier.dataset));
  button.hidden = !navigator.share;
  // Rejected when the reader cancels.
  button.addEventListener("click", () => navigator.share({ text: share.value }).catch(() => {}));
  share.addEventListener("focus", () => share.select());
}
document.querySelector("[data-print]")?.addEventListener("click", () => print());
