// Lists the results stored in this browser. Deleting can be undone until the page is left.

import { fill, read, write } from "./helpers.js";

const KEY = "quiz-history";
const section = document.querySelector("[data-history]");
const list = section.querySelector("ul");
const notice = section.querySelector("[data-deleted]");
const words = section.dataset;
// As the site writes dates.
const { lang } = document.documentElement;
const language = lang === "en" ? "en-GB" : `${lang}-u-ca-gregory-nu-latn`;
const dates = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
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
  const score = fill(words.score, entry);
  const name = make("span", `: ${entry.title}, ${score}`, { className: "away" });
  const remove = make("button", [words.delete, name], { type: "button", className: "plain" });
  remove.addEventListener("click", () => {
    change(
      stored().filter(({ result }) => result !== entry.result),
      fill(words.deletedOne, entry),
    );
  });
  return make("li", [
    make("a", entry.title, { href: entry.result, dir: "auto" }),
    make("b", score),
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

function change(entries, sentence) {
  before = stored();
  store(entries);
  notice.hidden = false;
  notice.querySelector("span").textContent = sentence;
  show();
  notice.querySelector("button").focus();
}

section.querySelector("[data-delete-all]").addEventListener("click", () => {
  change([], words.deletedAll);
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
