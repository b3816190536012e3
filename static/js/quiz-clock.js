// Shows the minutes left, and announces them to screen readers. Nothing is submitted when time is up. The
// clock of this computer may be wrong or be changed, so time is counted from the server's answer.

import { fill, request } from "./helpers.js";

const shown = document.querySelector("[data-deadline]");
const spoken = document.querySelector("[data-time]");
const deadline = 1000 * shown.dataset.deadline;
// The server accepts answers as in time until so long after the deadline.
const grace = 1000 * shown.dataset.grace;
const words = shown.dataset;
const { lang } = document.documentElement;
const MINUTE = 60_000;
const RETRY = 10_000;
// If `Date` and `performance` drift apart by more, the computer was asleep or its clock was changed.
const JUMP = 5_000;
// The server's and this computer's time at which `performance` was 0. Undefined until they are compared.
let serverStart;
let localStart;
let isComparing = false;
let announced;

const localOffset = () => Date.now() - performance.now();
const endsAt = () => new Intl.DateTimeFormat([], { timeStyle: "short" }).format(deadline);
const inMinutes = { style: "unit", unit: "minute", unitDisplay: "long", numberingSystem: "latn" };
const counted = new Intl.NumberFormat(lang, inMinutes);

function said(left) {
  if (left <= -grace) return words.over;
  if (left <= 0) return words.due;
  const minutes = Math.ceil(left / MINUTE);
  return minutes === 1 ? words.last : fill(words.left, { time: counted.format(minutes) });
}

function announce(left) {
  const mark = [-grace, 0, MINUTE, 5 * MINUTE].find((most) => left <= most) ?? Infinity;
  if (mark === announced) return;
  announced = mark;
  const isOver = left <= -grace;
  spoken.textContent = isOver ? words.late : mark === Infinity ? "" : `${said(left)}.`;
  // At the end the sentence is visible too.
  spoken.className = isOver ? "alert" : "away";
}

function show(text, isSoon = false) {
  if (shown.textContent !== text) shown.textContent = text;
  shown.classList.toggle("soon", isSoon);
}

function tick() {
  if (serverStart !== undefined && Math.abs(localOffset() - localStart) > JUMP) {
    serverStart = undefined;
    compare();
  }
  if (serverStart !== undefined) {
    const left = deadline - serverStart - performance.now();
    show(said(left), left <= 5 * MINUTE);
    announce(left);
  } else if (!isComparing) {
    show(fill(words.unknown, { time: endsAt() }));
    announce(Infinity);
  }
}

async function compare() {
  if (isComparing) return;
  isComparing = true;
  try {
    const signal = AbortSignal.timeout(RETRY);
    const response = request(location.href, { method: "HEAD", cache: "no-store", signal });
    const { headers } = await response.catch(({ response }) => response);
    const now = Date.parse(headers.get("Date")) + 1000 * Number(headers.get("Age") ?? 0);
    if (Number.isFinite(now)) {
      serverStart = now - performance.now();
      localStart = localOffset();
    }
  } catch {
    // Without an answer the last comparison stays in use.
  }
  isComparing = false;
  if (serverStart === undefined) setTimeout(compare, RETRY);
  tick();
}

compare();
setInterval(tick, 1000);
addEventListener("online", compare);
addEventListener("pageshow", ({ persisted }) => persisted && compare());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && compare());
