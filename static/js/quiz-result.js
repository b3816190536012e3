// On a result: brings the score into view, adds it to the list of results in this browser, and passes on the
// text to share. On its printed form: the button that prints.

import { SESSION, read, write } from "./helpers.js";

const result = document.getElementById("result");
const share = document.getElementById("share");
const LONGEST = 50;

function handedInHere() {
  const sent = read("quiz-sent", SESSION);
  write("quiz-sent", null, SESSION);
  return sent?.quiz === result.dataset.quiz && typeof sent.place === "string" ? sent : null;
}

// Somebody else's result, opened by its address, is not this reader's; one that is there gets its new score.
function takeDown() {
  const { title, quiz, score, maximum, date } = result.dataset;
  const entry = { title, quiz, score, maximum, date, result: location.pathname };
  const history = [read("quiz-history") ?? []].flat();
  const place = history.findIndex((known) => known?.result === entry.result);
  const sent = handedInHere();
  // First, so that the answers are thrown away also where there is no room for the list.
  if (sent) write(sent.place, null);
  if (place >= 0) history[place] = entry;
  else if (sent) history.unshift(entry);
  else return;
  write("quiz-history", history.slice(0, LONGEST));
}

async function copy(output) {
  try {
    await navigator.clipboard.writeText(share.value);
    output.value = "Copied.";
  } catch {
    share.select();
    output.value = "Select all and copy.";
  }
}

if (result) {
  takeDown();
  result.focus();
  const output = document.querySelector(".share output");
  const button = document.querySelector("[data-share]");
  document.querySelector("[data-copy]").addEventListener("click", () => copy(output));
  button.hidden = !navigator.share;
  // Rejected when the reader thinks better of it.
  button.addEventListener("click", () => navigator.share({ text: share.value }).catch(() => {}));
  share.addEventListener("focus", () => share.select());
}
document.querySelector("[data-print]")?.addEventListener("click", () => print());
