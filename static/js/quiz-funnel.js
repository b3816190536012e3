// Tells the server how far this browser came with an edition, as bare numbers, each once; nothing about the answers.
// Browsers that ask not to be followed are left out.

const main = document.querySelector("main");
const { funnel: address, edition } = main.dataset;
const KEPT = `quiz-told:${edition}`;
const isAsked = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;
let most = 0;

function told() {
  try {
    return Object(JSON.parse(localStorage.getItem(KEPT)));
  } catch {
    return null;
  }
}

// Tell it if that can be remembered; who cannot remember would tell it again.
function tell(before, memory, facts) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...before, ...memory }));
  } catch {
    return;
  }
  const data = new FormData();
  for (const [name, value] of Object.entries({ edition, ...facts })) data.set(name, value);
  navigator.sendBeacon(address, data);
}

function once(stage) {
  const before = told();
  if (before && !before[stage]) tell(before, { [stage]: 1 }, { stage });
}

function tellAnswered() {
  const before = told();
  const count = Number.isInteger(before?.answered) ? before.answered : 0;
  if (before && most > count) tell(before, { answered: most }, { stage: "answered", answered: most, before: count });
}

if (!isAsked) {
  once("seen");
  main.addEventListener("progress", ({ target, detail }) => {
    most = Math.max(most, detail);
    // A paper that is begun with a button was counted there.
    if (detail && !("started" in target.dataset)) once("started");
  });
  addEventListener("pagehide", tellAnswered);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tellAnswered());
}
