// Lists the results stored in this browser. Deleting can be undone until the page is left.

import { read, write } from "./helpers.js";

const KEY = "quiz-history";
const section = document.querySelector("[data-history]");
const list = section.querySelector("ul");
const notice = section.querySelector("[data-deleted]");
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
  const remove = make("button", ["Delete", name], { type: "button", className: "plain" });
  remove.addEventListener("click", () => {
    change(
      stored().filter(({ result }) => result !== entry.result),
      `“${entry.title}” deleted.`,
    );
  });
  return make("li", [
    make("a", entry.title, { href: entry.result }),
    make("b", `${entry.score} of ${entry.maximum}`),
    make("time", dates.format(new Date(entry.date)), { dateTime: entry.date }),
    remove,
  ]);
}

function show() {
  const entries = stored();
  list.replaceChildren(...entries.map(row));
  section.querySelector("[data-delete-all]").hidden = !entries.length;
  section.hidden = !entries.length && notice.hidden;
}

function change(entries, words) {
  before = stored();
  store(entries);
  notice.hidden = false;
  notice.querySelector("span").textContent = words;
  show();
  notice.querySelector("button").focus();
}

section.querySelector("[data-delete-all]").addEventListener("click", () => {
  change([], "All results deleted.");
});
notice.querySelector("button").addEventListener("click", () => {
  store(before);
  notice.hidden = true;
  show();
  list.querySelector("a")?.focus();
});
addEventListener("storage", show);
addEventListener("pageshow", show);
show();
