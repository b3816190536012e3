// Tells the server how far this browser came with an edition, as bare numbers, each once, and nothing about
// the answers. Browsers that ask not to be tracked are left out.

import { read, write } from "./helpers.js";

const main = document.querySelector("main");
const { funnel: address, edition } = main.dataset;
const KEPT = `quiz-told:${edition}`;
const isAsked = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;
let most = 0;

const told = () => Object(read(KEPT));

// Only what can be remembered is sent; otherwise it would be sent again.
function tell(before, memory, facts) {
  if (!write(KEPT, { ...before, ...memory })) return;
  const data = new FormData();
  for (const [name, value] of Object.entries({ edition, ...facts })) data.set(name, value);
  navigator.sendBeacon(address, data);
}

function once(stage) {
  const before = told();
  if (!before[stage]) tell(before, { [stage]: 1 }, { stage });
}

function tellAnswered() {
  const before = told();
  const count = Number.isInteger(before.answered) ? before.answered : 0;
  if (most <= count) return;
  tell(before, { answered: most }, { stage: "answered", answered: most, before: count });
}

if (!isAsked) {
  once("seen");
  main.addEventListener("progress", ({ target, detail }) => {
    most = Math.max(most, detail);
    // A paper that is begun with a button was counted there.
    if (detail && !("started" in target.dataset)) once("started");
  });
  addEventListener("pagehide", tellAnswered);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tellAnswered();
  });
}
