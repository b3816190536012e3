// The results that this browser was given, from its own storage. What is forgotten can be taken back until
// the page is left.

import { read, write } from "./helpers.js";

const KEY = "quiz-history";
const section = document.querySelector("[data-history]");
const list = section.querySelector("ul");
const forgotten = section.querySelector("[data-forgotten]");
const dates = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
let before = [];

// What is stored may come from another version of this page, or from anywhere.
const isSound = (entry) =>
  ["title", "score", "maximum", "date", "result"].every((name) => typeof entry?.[name] === "string") &&
  /^\/quizzes\/results\/[\w-]+\/$/.test(entry.result) &&
  !isNaN(Date.parse(entry.date));

const stored = () => [read(KEY) ?? []].flat().filter(isSound);
const store = (entries) => write(KEY, entries.length ? entries : null);

function make(tag, content, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...[content].flat());
  return element;
}

function row(entry) {
  const name = make("span", `: ${entry.title}, ${entry.score} of ${entry.maximum}`, { className: "away" });
  const forget = make("button", ["Forget", name], { type: "button", className: "plain" });
  forget.addEventListener("click", () => {
    change(
      stored().filter(({ result }) => result !== entry.result),
      `“${entry.title}” is forgotten.`,
    );
  });
  return make("li", [
    make("a", entry.title, { href: entry.result }),
    make("b", `${entry.score} of ${entry.maximum}`),
    make("time", dates.format(new Date(entry.date)), { dateTime: entry.date }),
    forget,
  ]);
}

function show() {
  const entries = stored();
  list.replaceChildren(...entries.map(row));
  section.querySelector("[data-forget-all]").hidden = !entries.length;
  section.hidden = !entries.length && forgotten.hidden;
}

function change(entries, words) {
  before = stored();
  store(entries);
  forgotten.hidden = false;
  forgotten.querySelector("span").textContent = words;
  show();
  forgotten.querySelector("button").focus();
}

section.querySelector("[data-forget-all]").addEventListener("click", () => {
  change([], "All results are forgotten.");
});
forgotten.querySelector("button").addEventListener("click", () => {
  store(before);
  forgotten.hidden = true;
  show();
  list.querySelector("a")?.focus();
});
addEventListener("storage", show);
addEventListener("pageshow", show);
show();
