// On a result: brings the score into view, takes it down for the list of results in this browser, and hands on the text
// to share. On its printed form: the button that prints.

const result = document.getElementById("result");
const share = document.getElementById("share");
const LONGEST = 50;

// What is stored may come from another version of this page, or from anywhere.
function stored(storage, name) {
  try {
    return JSON.parse(storage.getItem(name));
  } catch {
    return null;
  }
}

function handedInHere() {
  const sent = stored(sessionStorage, "quiz-sent");
  sessionStorage.removeItem("quiz-sent");
  return sent?.quiz === result.dataset.quiz && typeof sent.place === "string" ? sent : null;
}

// Somebody else's result, opened by its address, is not this reader's; one that is there gets its new score.
function takeDown() {
  const { title, quiz, score, maximum, date } = result.dataset;
  const entry = { title, quiz, score, maximum, date, result: location.pathname };
  const history = [stored(localStorage, "quiz-history") ?? []].flat();
  const place = history.findIndex((known) => known?.result === entry.result);
  const sent = handedInHere();
  // First, so that the answers are thrown away also where there is no room for the list.
  if (sent) localStorage.removeItem(sent.place);
  if (place >= 0) history[place] = entry;
  else if (sent) history.unshift(entry);
  else return;
  localStorage.setItem("quiz-history", JSON.stringify(history.slice(0, LONGEST)));
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
  try {
    takeDown();
  } catch {
    // Storage is blocked or full: nothing is remembered.
  }
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
