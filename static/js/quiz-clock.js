// What is left of the time, in whole minutes, also for screen readers. When it is over nothing happens by
// itself. The clock of this machine may be wrong or be changed, so only the server's counts, and the time
// that has passed since its answer.

import { request } from "./helpers.js";

const shown = document.querySelector("[data-deadline]");
const spoken = document.querySelector("[data-time]");
const deadline = 1000 * shown.dataset.deadline;
// For so long after the deadline the server takes a paper as handed in in time.
const grace = 1000 * shown.dataset.grace;
const OVER = "The time is over. You can still hand in; the result will say that it came late.";
const UNKNOWN = "The clock could not be compared with the server's.";
const MINUTE = 60_000;
const RETRY = 10_000;
// More than this between the two clocks of this machine: it was asleep, or its clock was changed.
const JUMP = 5_000;
// The server's time when `performance` began to count, and this machine's. Undefined before they were
// compared.
let began;
let beganHere;
let isComparing = false;
let said;

const here = () => Date.now() - performance.now();
const endsAt = () => new Intl.DateTimeFormat([], { timeStyle: "short" }).format(deadline);

function words(left) {
  if (left <= -grace) return "Time is over";
  if (left <= 0) return "Hand in now";
  const minutes = Math.ceil(left / MINUTE);
  return minutes === 1 ? "Less than a minute left" : `${minutes} minutes left`;
}

function say(left) {
  const mark = [-grace, 0, MINUTE, 5 * MINUTE].find((most) => left <= most) ?? Infinity;
  if (mark === said) return;
  said = mark;
  const isOver = left <= -grace;
  spoken.textContent = isOver ? OVER : mark === Infinity ? "" : `${words(left)}.`;
  // Also for those who see: at the end the sentence stays on the page.
  spoken.className = isOver ? "alert" : "away";
}

function show(text, isSoon = false) {
  if (shown.textContent !== text) shown.textContent = text;
  shown.classList.toggle("soon", isSoon);
}

function tick() {
  if (began !== undefined && Math.abs(here() - beganHere) > JUMP) {
    began = undefined;
    compare();
  }
  if (began !== undefined) {
    const left = deadline - began - performance.now();
    show(words(left), left <= 5 * MINUTE);
    say(left);
  } else if (!isComparing) {
    show(`Ends at ${endsAt()}. ${UNKNOWN}`);
    say(Infinity);
  }
}

async function compare() {
  if (isComparing) return;
  isComparing = true;
  try {
    const signal = AbortSignal.timeout(RETRY);
    const asked = request(location.href, { method: "HEAD", cache: "no-store", signal });
    const { headers } = await asked.catch(({ response }) => response);
    const now = Date.parse(headers.get("Date")) + 1000 * Number(headers.get("Age") ?? 0);
    if (Number.isFinite(now)) {
      began = now - performance.now();
      beganHere = here();
    }
  } catch {
    // Without an answer what was compared before goes on to count.
  }
  isComparing = false;
  if (began === undefined) setTimeout(compare, RETRY);
  tick();
}

compare();
setInterval(tick, 1000);
addEventListener("online", compare);
addEventListener("pageshow", ({ persisted }) => persisted && compare());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && compare());
