// Keyboard shortcuts of the review page, and announcements of decisions. Everything works without it.

import { isReady, settled, start } from "./review-preload.js";
import { liveRegion, readText, request, writeText } from "./helpers.js";

const SWITCH = "desk-keys";
const NOTICE_MS = 10_000;
// Keys that wait for a comment that is not on the screen yet, and those of them that decide about it.
const KEPT = /^[a-z1-9?]$/;
const DECIDING = /^[asjk1-9]$/;

const dialog = document.querySelector("#keys");
const boxes = () => document.querySelectorAll("[data-keys] input");
const isOn = () => boxes().length > 0 && remembered() !== "off";

// Where storage is blocked, the choice lasts as long as the page.
let switched = null;
const remembered = () => readText(SWITCH) ?? switched;

function remember(value) {
  switched = value;
  writeText(SWITCH, value);
}

// --- what a key presses ---

const isTyping = (element) =>
  element.matches("input:not([type=checkbox], [type=radio]), textarea, select") || element.isContentEditable;

// If two have the same key (undo in the notice, the log), the first visible one.
function targetOf(key) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  return found.find((element) => element.checkVisibility({ checkVisibilityCSS: true }));
}

// The focus moves to a link, but not to a button: a second press of Enter must not decide.
function toggle(summary) {
  const details = summary.parentElement;
  details.open = !details.open;
  const link = details.open && details.querySelector("a");
  (link || summary).focus();
}

function act(key) {
  const target = targetOf(key);
  if (!target) return;
  if (target.matches("summary")) toggle(target);
  else target.click();
}

function press(event) {
  const isOurs = !event.defaultPrevented && !event.repeat && !event.isComposing;
  if (!isOurs || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    kept.length = 0;
    return close(event);
  }
  if (!isOn() || dialog?.open || isTyping(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : "";
  if (key === "u") {
    event.preventDefault();
    // The notice with Undo comes with the response.
    return settled().then(() => act(key));
  }
  if (!isReady() || kept.length) return keep(key);
  if (!targetOf(key)) return;
  event.preventDefault();
  act(key);
}

function close(event) {
  const details = event.target.closest("details.reject[open], details.ban[open], details.reply[open]");
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
}

// --- keys pressed early: each waits until its comment has been on the screen for a moment ---

const kept = [];

// At most one for each comment that the page has, and the one that it waits for.
function keep(key) {
  const room = 1 + isReady.waiting();
  if (KEPT.test(key) && kept.filter((one) => DECIDING.test(one)).length < room) kept.push(key);
  play();
}

function play() {
  while (kept.length && isReady()) act(kept.shift());
  if (kept.length) setTimeout(play, 20);
}

const forget = () => {
  kept.length = 0;
};

// --- one press decides once ---

function once(event) {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "1";
}

// --- the notice of the last decision ---

// Screen readers announce changes only, so the text is set after the page has loaded.
function announce(region) {
  const lines = [...region.querySelectorAll("p, li")];
  const said = lines.map((line) => line.textContent);
  if (!said.length) return;
  const voice = liveRegion(region);
  setTimeout(() => {
    voice.textContent = said.join(" ");
  }, 200);
}

function pass(notice) {
  let timer = 0;
  const begin = () => {
    timer = setTimeout(() => notice.remove(), NOTICE_MS);
  };
  const holds = () => notice.matches(":hover, :focus-within");
  const goOn = () => {
    if (!holds()) {
      clearTimeout(timer);
      begin();
    }
  };
  notice.addEventListener("pointerenter", () => clearTimeout(timer));
  notice.addEventListener("focusin", () => clearTimeout(timer));
  const soon = () => requestAnimationFrame(goOn);
  for (const type of ["pointerleave", "focusout"]) notice.addEventListener(type, soon);
  begin();
}

// --- claim a comment that was opened by a link ---

async function claim(button) {
  const data = new FormData(button.form);
  data.append("_claim", "1");
  data.append("quiet", "1");
  const response = await request(button.form.action, { method: "POST", body: data }).catch(() => null);
  if (response?.status === 204) button.replaceWith(gettext("Claimed by you for 5 minutes."));
}

// --- a comment that was put on the screen ---

function show() {
  for (const box of boxes()) box.checked = remembered() !== "off";
  document.body.classList.toggle("keys-off", remembered() === "off");
}

function prepare(part) {
  for (const keys of part.querySelectorAll("[data-keys]")) {
    keys.querySelector("input").addEventListener("change", (event) => {
      remember(event.target.checked ? "on" : "off");
      show();
    });
    keys.hidden = false;
    keys.querySelector("button").addEventListener("click", () => dialog.showModal());
  }
  show();
  for (const button of part.querySelectorAll("[data-claim]")) claim(button);
}

const passing = () => {
  for (const notice of document.querySelectorAll("[data-passing]")) pass(notice);
};

prepare(document);
start({ prepare, passing, forget });
document.addEventListener("keydown", press);
document.addEventListener("pointerdown", forget);
document.addEventListener("submit", once);
// A page that comes back from the history can be submitted again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
for (const region of document.querySelectorAll("[data-announce]")) announce(region);
passing();
// A reload must not show the notice again.
const address = new URL(location.href);
if (address.searchParams.has("decided") || address.searchParams.has("batch")) {
  address.searchParams.delete("decided");
  address.searchParams.delete("batch");
  history.replaceState(history.state, "", address);
}
