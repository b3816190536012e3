// What is left of the time, in whole minutes, and said aloud three times. When it is over nothing happens by itself.

const shown = document.querySelector("[data-deadline]");
const spoken = document.querySelector("[data-time]");
const deadline = Number(shown.dataset.deadline) * 1000;
const OVER = "The time is over. You can still hand in; the result will say that it came late.";
const MINUTE = 60_000;
// How far the clock of this machine is behind the server's.
let behind = 0;
let said = Infinity;

const words = (left) => {
  const minutes = Math.ceil(left / MINUTE);
  if (left <= 0) return "Time is over";
  return minutes === 1 ? "Less than a minute left" : `${minutes} minutes left`;
};

function say(left) {
  const mark = [0, 1, 5].find((minutes) => left <= minutes * MINUTE);
  if (mark === undefined || mark >= said) return;
  said = mark;
  spoken.textContent = mark ? `${mark === 1 ? "One minute" : "Five minutes"} left.` : OVER;
  // Also for those who see: at the end the sentence stays on the page.
  if (!mark) spoken.className = "alert";
}

function tick() {
  const left = deadline - Date.now() - behind;
  const text = words(left);
  if (shown.textContent !== text) shown.textContent = text;
  shown.classList.toggle("soon", left <= 5 * MINUTE);
  // On opening a page late, only what is true now is said.
  if (said === Infinity && left > 5 * MINUTE) said = 6;
  say(left);
  if (left > 0) setTimeout(tick, Math.min(1000, left + 10));
}

async function compare() {
  try {
    const { headers } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    const now = Date.parse(headers.get("Date")) + 1000 * Number(headers.get("Age") ?? 0);
    if (Number.isFinite(now)) behind = now - Date.now();
  } catch {
    // Without the server's clock there is only this one.
  }
}

tick();
compare();
