// What a reader has agreed to: the site's own question, and the link at the foot of each page that asks
// again.

import { make, read, words, write } from "./helpers.js";

const KEY = "advertising";
const ANSWERS = ["accepted", "declined"];
// Then readers are asked again.
const MONTHS = 12;

const link = document.querySelector("[data-privacy-choices]");
const heard = [];
let shown, sheet;
let known = answer();

// "accepted", "declined", or "" if they have not answered within twelve months.
export function answer() {
  const stored = read(KEY);
  const answeredAt = new Date(stored?.at ?? NaN);
  const until = new Date(answeredAt);
  until.setMonth(until.getMonth() + MONTHS);
  const isValid = answeredAt <= new Date() && until > new Date() && ANSWERS.includes(stored.answer);
  return isValid ? stored.answer : "";
}

// Call this with each answer from now on, "" if it is taken back: also if it is given in another tab, or on
// another page while the browser keeps this one.
export function onAnswer(callback) {
  heard.push(callback);
}

function again() {
  const now = answer();
  if (now === known) return;
  known = now;
  close();
  for (const callback of heard) callback(now);
}

addEventListener("storage", again);
addEventListener("pageshow", again);

function close() {
  shown?.remove();
  shown = null;
  document.documentElement.style.scrollPaddingBlockEnd = "";
}

function choose(chosen, opener) {
  write(KEY, { answer: chosen, at: new Date().toISOString() });
  known = answer();
  close();
  opener?.focus();
  for (const callback of heard) callback(chosen);
}

function button(text, chosen, opener) {
  const element = make("button", { type: "button", className: "button", textContent: text });
  element.addEventListener("click", () => choose(chosen, opener));
  return element;
}

function styled() {
  return new Promise((done) => {
    const properties = { rel: "stylesheet", href: link.dataset.styles, onload: done, onerror: done };
    document.head.append(make("link", properties));
  });
}

// Show the question at the lower edge of the window, beside which the page can be read and used. `opener`
// asked for it, and gets the focus back.
export async function ask(opener) {
  sheet ??= styled();
  const said = await words();
  await sheet;
  // Nobody agrees to what they cannot read.
  if (said.accept === "…") return;
  close();
  const title = make("h2", { id: "consent", textContent: said.askTitle });
  const now = said[answer()];
  const more = make("a", { href: link.href, textContent: said.askMore });
  const [no, yes] = [button(said.decline, "declined", opener), button(said.accept, "accepted", opener)];
  const question = make("p", { textContent: `${said.ask} ` }, more);
  shown = make("section", { className: "consent", tabIndex: -1 }, title, question);
  if (now) shown.append(make("p", { textContent: now }));
  shown.append(make("p", {}, no, yes));
  shown.setAttribute("role", "dialog");
  shown.setAttribute("aria-labelledby", title.id);
  shown.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    opener?.focus();
  });
  // First in the order of the keyboard, where those who do not see it meet it.
  document.querySelector(".skip").after(shown);
  // It hides nothing that has the focus.
  document.documentElement.style.scrollPaddingBlockEnd = `${shown.offsetHeight}px`;
  if (opener) shown.focus();
}

if (link.dataset.consent !== "tcf") {
  link.setAttribute("role", "button");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    ask(link);
  });
}
