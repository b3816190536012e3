// Counts each step of a quiz once for this browser: seen, started, number of questions answered. No answers
// are sent, and nothing from browsers that ask not to be tracked.

import { read, write } from "./helpers.js";

const main = document.querySelector("main");
const { funnel: address, edition } = main.dataset;
const KEY = `quiz-told:${edition}`;
const isOptedOut = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;
let most = 0;

const sent = () => Object(read(KEY));

// Sent only if it can be stored, so that nothing is sent twice.
function send(before, stored, facts) {
  if (!write(KEY, { ...before, ...stored })) return;
  const data = new FormData();
  for (const [name, value] of Object.entries({ edition, ...facts })) data.set(name, value);
  navigator.sendBeacon(address, data);
}

function once(stage) {
  const before = sent();
  if (!before[stage]) send(before, { [stage]: 1 }, { stage });
}

function sendAnswered() {
  const before = sent();
  const count = Number.isInteger(before.answered) ? before.answered : 0;
  if (most <= count) return;
  send(before, { answered: most }, { stage: "answered", answered: most, before: count });
}

if (!isOptedOut) {
  once("seen");
  main.addEventListener("progress", ({ target, detail }) => {
    most = Math.max(most, detail);
    // The Start button has counted papers that need one.
    if (detail && !("started" in target.dataset)) once("started");
  });
  addEventListener("pagehide", sendAnswered);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sendAnswered();
  });
}
