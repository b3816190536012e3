// On a paper: counts what is answered, keeps the answers in this browser until they are graded, and asks
// before a paper with gaps is handed in. Everything works without it too.

import { SESSION, read, write } from "./helpers.js";

const paper = document.querySelector("form.quiz");
const place = paper.dataset.storage;
const questions = [...paper.querySelectorAll("fieldset")];
const status = paper.querySelector(".progress [role=status]");
const bar = paper.querySelector("progress");
const notice = paper.querySelector("[data-unanswered]");
const restored = paper.querySelector("[data-kept]");
const offline = paper.querySelector("[data-offline]");
const STILL_HERE = "Your answers from before are still here.";
const HANDED_IN = "These are the answers that you handed in. Unchanged, they lead to the same result.";

const fields = (within) => [...within.elements].filter((field) => field.name && field.type !== "submit");
const isTicked = (field) => field.type === "radio" || field.type === "checkbox";
const isAnswered = (field) => (isTicked(field) ? field.checked : field.value.trim() !== "");
const unanswered = () => questions.filter((question) => !fields(question).some(isAnswered));

// What is stored may come from another version of this page, or from anywhere.
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
  // First, so that nothing older stays when there is no room for what is new.
  write(place, null);
  if (!isEmpty(record)) write(place, record);
}

// The same for a double click and for a page that is sent once more, so that they are one attempt. 128 bits.
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

// What the server writes into a paper on which it sends answers back, with what is wrong with them.
const SENT = "[checked], option[selected]:not([value='']), [type=text]:not([value='']), textarea:not(:empty)";

// Fill in what was answered before: what was not graded yet, else what was handed in from here. All of it or
// nothing: browsers by themselves bring back the choices and leave out what was typed.
function takeUp() {
  const [navigation] = performance.getEntriesByType("navigation");
  const kept = stored();
  const record = isEmpty(kept) ? sound(history.state?.handedIn) : kept;
  if (isEmpty(record) || (navigation?.type === "navigate" && paper.querySelector(SENT))) return;
  key = record.key ?? key;
  restore(record.answers);
  restored.querySelector("span").textContent = record === kept ? STILL_HERE : HANDED_IN;
  restored.hidden = unanswered().length === questions.length;
}

function show() {
  const gaps = unanswered();
  const answered = questions.length - gaps.length;
  const text = `${answered} of ${questions.length} answered`;
  if (status.textContent !== text) status.textContent = text;
  bar.value = answered;
  for (const question of questions) question.toggleAttribute("data-answered", !gaps.includes(question));
  paper.dispatchEvent(new CustomEvent("progress", { detail: answered, bubbles: true }));
}

function ask(gaps) {
  document.getElementById("problem")?.remove();
  notice.querySelector("h2").textContent = `${gaps.length} of ${questions.length} not answered yet`;
  const list = document.createElement("ul");
  for (const question of gaps) {
    const link = document.createElement("a");
    link.href = `#${question.id}`;
    link.textContent = `Question ${questions.indexOf(question) + 1}`;
    list.appendChild(document.createElement("li")).append(link);
  }
  notice.querySelector("ul")?.remove();
  notice.append(list);
  notice.hidden = false;
  notice.focus();
  if (paper.elements.confirm) return;
  const words = { name: "confirm", value: "yes", className: "button", textContent: "Hand in anyway" };
  const confirm = Object.assign(document.createElement("button"), words);
  paper.querySelector("[data-hand-in]").after(" ", confirm);
}

function remember() {
  store({ key, answers: answers() });
  show();
}

function handIn(event) {
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
  // The result that follows belongs to this browser, and what is stored under `place` is not needed there.
  write("quiz-sent", { place, quiz: new URL(paper.action).pathname }, SESSION);
  try {
    // Readers who come back to this page see what they handed in, from the top, where the page says so.
    history.replaceState({ handedIn: { key, answers: answers() } }, "");
    history.scrollRestoration = "manual";
  } catch {
    // Too much for the browser's history: then the page comes back empty.
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
takeUp();
show();
document.getElementById("problem")?.focus();

paper.addEventListener("input", remember);
paper.addEventListener("change", remember);
paper.addEventListener("submit", handIn);
// After the browser has emptied the fields.
paper.addEventListener("reset", () => setTimeout(remember));
restored.querySelector("[data-over]").addEventListener("click", startOver);
restored.querySelector("[data-dismiss]").addEventListener("click", () => {
  restored.hidden = true;
  questions.find((question) => !question.hidden)?.focus();
});
addEventListener("online", () => (offline.hidden = true));
// A page that comes back from the browser's memory shows what is ticked now.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) takeUp();
  show();
  if (persisted && !restored.hidden) restored.scrollIntoView({ block: "center" });
});
