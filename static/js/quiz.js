// On a paper: counts the answers, saves them in this browser until they are graded, and asks before a paper
// with unanswered questions is submitted. Quizzes work without it.

import { SESSION, fill, read, write } from "./helpers.js";

const paper = document.querySelector("form.quiz");
const place = paper.dataset.storage;
const questions = [...paper.querySelectorAll("fieldset")];
const status = paper.querySelector(".progress [role=status]");
const bar = paper.querySelector("progress");
const notice = paper.querySelector("[data-unanswered]");
const restored = paper.querySelector("[data-restored]");
const offline = paper.querySelector("[data-offline]");

const fields = (within) => [...within.elements].filter((field) => field.name && field.type !== "submit");
const isTicked = (field) => field.type === "radio" || field.type === "checkbox";
const isAnswered = (field) => (isTicked(field) ? field.checked : field.value.trim() !== "");
const unanswered = () => questions.filter((question) => !fields(question).some(isAnswered));

// Stored data may come from another version of this page: only what has the right shape is used.
function sound(record) {
  const { key, answers } = record ?? {};
  const texts = (values) => [values].flat().filter((value) => typeof value === "string");
  const given = Object.entries(answers ?? {}).map(([name, values]) => [name, texts(values)]);
  return {
    key: typeof key === "string" && /^[0-9a-f]{32}$/.test(key) ? key : null,
    answers: Object.fromEntries(given.filter(([, values]) => values.length)),
  };
}

const isEmpty = ({ answers }) => !Object.keys(answers).length;

const stored = () => sound(read(place));

function store(record) {
  // First, so that no older answers stay if the new ones do not fit.
  write(place, null);
  if (!isEmpty(record)) write(place, record);
}

// A double click or a repeated submission sends the same key, so that they are one attempt. 128 bits.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function answers() {
  const given = {};
  for (const question of questions) {
    if (!fields(question).some(isAnswered)) continue;
    for (const field of fields(question)) {
      if (!isTicked(field) || field.checked) (given[field.name] ??= []).push(field.value);
    }
  }
  return given;
}

function restore(given) {
  const left = structuredClone(given);
  for (const field of questions.flatMap(fields)) {
    const values = left[field.name] ?? [];
    if (isTicked(field)) field.checked = values.includes(field.value);
    else field.value = values.shift() ?? "";
    if (field.selectedIndex === -1) field.selectedIndex = 0;
  }
  paper.dispatchEvent(new CustomEvent("restored"));
}

// Fields that the server filled when it sent answers back with errors.
const SENT = "[checked], option[selected]:not([value='']), [type=text]:not([value='']), textarea:not(:empty)";

// Restores answers that are not graded yet, else those submitted from this page. All of them or none:
// browsers restore choices by themselves and leave out text.
function restoreAnswers() {
  const [navigation] = performance.getEntriesByType("navigation");
  const saved = stored();
  const record = isEmpty(saved) ? sound(history.state?.submitted) : saved;
  if (isEmpty(record) || (navigation?.type === "navigate" && paper.querySelector(SENT))) return;
  key = record.key ?? key;
  restore(record.answers);
  restored.querySelector("[data-saved]").hidden = record !== saved;
  restored.querySelector("[data-submitted]").hidden = record === saved;
  restored.hidden = unanswered().length === questions.length;
}

function show() {
  const gaps = unanswered();
  const answered = questions.length - gaps.length;
  const text = fill(paper.dataset.answeredWords, { answered, count: questions.length });
  if (status.textContent !== text) status.textContent = text;
  bar.value = answered;
  for (const question of questions) question.toggleAttribute("data-answered", !gaps.includes(question));
  paper.dispatchEvent(new CustomEvent("progress", { detail: answered, bubbles: true }));
}

function ask(gaps) {
  document.getElementById("problem")?.remove();
  const counted = { unanswered: gaps.length, count: questions.length };
  notice.querySelector("h2").textContent = fill(paper.dataset.unansweredWords, counted);
  const list = document.createElement("ul");
  for (const question of gaps) {
    const link = document.createElement("a");
    link.href = `#${question.id}`;
    link.textContent = `${paper.dataset.question} ${questions.indexOf(question) + 1}`;
    list.appendChild(document.createElement("li")).append(link);
  }
  notice.querySelector("ul")?.remove();
  notice.append(list);
  notice.hidden = false;
  notice.focus();
  if (paper.elements.confirm) return;
  const words = { name: "confirm", value: "yes", className: "button", textContent: paper.dataset.anyway };
  const confirm = Object.assign(document.createElement("button"), words);
  paper.querySelector("[data-submit]").after(" ", confirm);
}

function remember() {
  store({ key, answers: answers() });
  show();
}

function submit(event) {
  remember();
  if (event.submitter?.name === "go") return;
  offline.hidden = navigator.onLine;
  if (!navigator.onLine) {
    event.preventDefault();
    offline.focus();
    return;
  }
  const gaps = unanswered();
  if (gaps.length && event.submitter?.name !== "confirm") {
    event.preventDefault();
    ask(gaps);
    return;
  }
  paper.elements.key.value = key;
  // Tells the result page that it belongs to this browser, and that it can delete the saved answers.
  write("quiz-sent", { place, quiz: new URL(paper.action).pathname }, SESSION);
  try {
    // Back on this page, readers see what they submitted, from the top, where the page says so.
    history.replaceState({ submitted: { key, answers: answers() } }, "");
    history.scrollRestoration = "manual";
  } catch {
    // Too large for the browser's history: the page comes back empty.
  }
}

function startOver() {
  restored.hidden = true;
  history.replaceState(null, "");
  history.scrollRestoration = "auto";
  key = newKey();
  paper.reset();
  restore({});
  (questions.find((question) => !question.hidden) ?? paper).focus();
}

let key = stored().key ?? newKey();
write("quiz-sent", null, SESSION);
restoreAnswers();
show();
document.getElementById("problem")?.focus();

paper.addEventListener("input", remember);
paper.addEventListener("change", remember);
paper.addEventListener("submit", submit);
// After the browser has reset the fields.
paper.addEventListener("reset", () => setTimeout(remember));
restored.querySelector("[data-over]").addEventListener("click", startOver);
restored.querySelector("[data-dismiss]").addEventListener("click", () => {
  restored.hidden = true;
  questions.find((question) => !question.hidden)?.focus();
});
addEventListener("online", () => (offline.hidden = true));
// Pages from the back/forward cache.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) restoreAnswers();
  show();
  if (persisted && !restored.hidden) restored.scrollIntoView({ block: "center" });
});
