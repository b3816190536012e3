// Presses the buttons of the moderators' desk by single keys, and says aloud what was decided. Everything works without.

const SWITCH = "desk-keys";
const NOTICE_MS = 10_000;

const keysBox = document.querySelector("[data-keys]");
const dialog = document.querySelector("#keys");
const isOn = () => keysBox && keysBox.querySelector("input").checked;

function remembered() {
  try { return localStorage.getItem(SWITCH); } catch { return null; }
}

function remember(value) {
  try { localStorage.setItem(SWITCH, value); } catch { /* Then it holds for this page. */ }
}

// --- what a key presses ---

const isTyping = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select") || element.isContentEditable;

// Where two bear the same key (this notice's undo, the log's), the first that can be seen.
function targetOf(key) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  return found.find((element) => element.checkVisibility({ checkVisibilityCSS: true }));
}

// The focus goes on to a link, but not to a button: no second press of Enter decides.
function toggle(summary) {
  const details = summary.parentElement;
  details.open = !details.open;
  const link = details.open && details.querySelector("a");
  (link || summary).focus();
}

function press(event) {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return close(event);
  if (!isOn() || dialog.open || isTyping(event.target)) return;
  const target = targetOf(event.key.length === 1 ? event.key.toLowerCase() : "");
  if (!target) return;
  event.preventDefault();
  if (target.matches("summary")) toggle(target);
  else target.click();
}

function close(event) {
  const details = event.target.closest("details.reject[open], details.ban[open], details.answer[open]");
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
}

// --- one press decides once ---

function once(event) {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "1";
}

// --- the notice of the last decision ---

// What is there from the beginning is not read out; what changes is.
function announce(region) {
  const lines = [...region.querySelectorAll("p, li")];
  const said = lines.map((line) => line.textContent);
  if (!said.length) return;
  const voice = document.createElement("span");
  voice.className = "visually-hidden";
  region.append(voice);
  setTimeout(() => { voice.textContent = said.join(" "); }, 200);
}

function pass(notice) {
  let timer = 0;
  const start = () => { timer = setTimeout(() => notice.remove(), NOTICE_MS); };
  const holds = () => notice.matches(":hover, :focus-within");
  notice.addEventListener("pointerenter", () => clearTimeout(timer));
  notice.addEventListener("focusin", () => clearTimeout(timer));
  for (const type of ["pointerleave", "focusout"]) {
    notice.addEventListener(type, () => requestAnimationFrame(() => { if (!holds()) { clearTimeout(timer); start(); } }));
  }
  start();
}

// --- in hand, for who came by a link ---

async function claim(button) {
  const data = new FormData(button.form);
  data.append("_claim", "1");
  data.append("quiet", "1");
  const answer = await fetch(button.form.action, { method: "POST", body: data }).catch(() => null);
  if (answer?.status === 204) button.replaceWith("In your hand for five minutes.");
}

// --- now ---

if (keysBox) {
  const box = keysBox.querySelector("input");
  box.checked = remembered() !== "off";
  const show = () => document.body.classList.toggle("keys-off", !box.checked);
  box.addEventListener("change", () => { remember(box.checked ? "on" : "off"); show(); });
  show();
  keysBox.hidden = false;
  keysBox.querySelector("button").addEventListener("click", () => dialog.showModal());
}
document.addEventListener("keydown", press);
document.addEventListener("submit", once);
// A page that the way back brings up again can be decided about again.
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
for (const region of document.querySelectorAll("[data-announce]")) announce(region);
for (const notice of document.querySelectorAll("[data-passing]")) pass(notice);
for (const button of document.querySelectorAll("[data-claim]")) claim(button);
// After a reload the decision before is not news any more.
const address = new URL(location.href);
if (address.searchParams.has("decided")) {
  address.searchParams.delete("decided");
  history.replaceState(history.state, "", address);
}
