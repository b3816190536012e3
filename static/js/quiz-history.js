// The results that this browser was given, from its own storage. What is forgotten can be taken back until the page is
// left.

const section = document.querySelector("[data-history]");
const list = section.querySelector("ul");
const forgotten = section.querySelector("[data-forgotten]");
const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
let before = [];

// What is stored may come from another version of this page, or from anywhere.
const isSound = (entry) =>
  ["title", "score", "maximum", "date", "result"].every((name) => typeof entry?.[name] === "string") &&
  /^\/quizzes\/results\/[\w-]+\/$/.test(entry.result) &&
  !isNaN(Date.parse(entry.date));

function read() {
  try {
    return [JSON.parse(localStorage.getItem("quiz-history")) ?? []].flat().filter(isSound);
  } catch {
    return [];
  }
}

function write(entries) {
  try {
    if (entries.length) localStorage.setItem("quiz-history", JSON.stringify(entries));
    else localStorage.removeItem("quiz-history");
  } catch {
    // Storage is blocked: then nothing was kept either.
  }
}

function make(tag, content, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...[content].flat());
  return element;
}

function row(entry) {
  const name = make("span", `: ${entry.title}, ${entry.score} of ${entry.maximum}`, { className: "away" });
  const forget = make("button", ["Forget", name], { type: "button", className: "plain" });
  forget.addEventListener("click", () => {
    change(read().filter(({ result }) => result !== entry.result), `“${entry.title}” is forgotten.`);
  });
  return make("li", [
    make("a", entry.title, { href: entry.result }),
    make("b", `${entry.score} of ${entry.maximum}`),
    make("time", dates.format(new Date(entry.date)), { dateTime: entry.date }),
    forget,
  ]);
}

function show() {
  const entries = read();
  list.replaceChildren(...entries.map(row));
  section.querySelector("[data-forget-all]").hidden = !entries.length;
  section.hidden = !entries.length && forgotten.hidden;
}

function change(entries, words) {
  before = read();
  write(entries);
  forgotten.hidden = false;
  forgotten.querySelector("span").textContent = words;
  show();
  forgotten.querySelector("button").focus();
}

section.querySelector("[data-forget-all]").addEventListener("click", () => change([], "All results are forgotten."));
forgotten.querySelector("button").addEventListener("click", () => {
  write(before);
  forgotten.hidden = true;
  show();
  list.querySelector("a")?.focus();
});
addEventListener("storage", show);
addEventListener("pageshow", show);
show();
