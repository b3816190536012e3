// On a paper: counts what is answered, keeps the answers in this browser until they are graded, and asks before a paper
// with gaps is handed in. Everything works without it too.

const paper = document.querySelector("form.quiz");
const place = paper.dataset.storage;
const questions = [...paper.querySelectorAll("fieldset")];
const status = paper.querySelector(".progress [role=status]");
const bar = paper.querySelector("progress");
const notice = paper.querySelector("[data-unanswered]");
const restored = paper.querySelector("[data-kept]");

const fields = (within) => [...within.elements].filter((field) => field.name && field.type !== "submit");
const isTicked = (field) => field.type === "radio" || field.type === "checkbox";
const isAnswered = (field) => (isTicked(field) ? field.checked : field.value.trim() !== "");
const unanswered = () => questions.filter((question) => !fields(question).some(isAnswered));

function read() {
  try {
    const { key, answers } = JSON.parse(localStorage.getItem(place)) ?? {};
    return { key, answers: answers && typeof answers === "object" ? answers : {} };
  } catch {
    return { answers: {} };
  }
}

function write(record) {
  try {
    if (Object.keys(record.answers).length) localStorage.setItem(place, JSON.stringify(record));
    else localStorage.removeItem(place);
  } catch {
    // Storage is blocked or full: the page works, a reload starts over.
  }
}

// The same for a double click and for a page that is sent once more, so that they are one attempt. 128 bits.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
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
  const left = Object.fromEntries(Object.entries(given).map(([name, values]) => [name, [values].flat()]));
  for (const field of questions.flatMap(fields)) {
    const values = left[field.name];
    if (!values) continue;
    if (isTicked(field)) field.checked = values.includes(field.value);
    else field.value = values.shift() ?? "";
    if (field.selectedIndex === -1) field.selectedIndex = 0;
  }
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
  const links = gaps.map((question) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${question.id}`;
    link.textContent = `Question ${questions.indexOf(question) + 1}`;
    item.append(link);
    return item;
  });
  const list = document.createElement("ul");
  list.append(...links);
  notice.querySelector("ul")?.remove();
  notice.append(list);
  notice.hidden = false;
  notice.focus();
  if (paper.elements.confirm) return;
  const confirm = document.createElement("button");
  Object.assign(confirm, { name: "confirm", value: "yes", className: "button", textContent: "Hand in anyway" });
  paper.querySelector("[data-hand-in]").after(" ", confirm);
}

function remember() {
  write({ key, answers: answers() });
  show();
}

function handIn(event) {
  remember();
  if (event.submitter?.name === "go") return;
  const gaps = unanswered();
  if (gaps.length && event.submitter?.name !== "confirm") {
    event.preventDefault();
    ask(gaps);
    return;
  }
  paper.elements.key.value = key;
  try {
    // The result that follows belongs to this browser, and what is kept under `place` is no longer needed there.
    sessionStorage.setItem("quiz-sent", JSON.stringify({ place, quiz: new URL(paper.action).pathname }));
  } catch {
    // See above.
  }
}

const kept = read();
const key = /^[0-9a-f]{32}$/.test(kept.key) ? kept.key : newKey();
try {
  sessionStorage.removeItem("quiz-sent");
} catch {
  // See above.
}
// What the server has sent back, and what the browser restored by itself, counts more than what was kept.
if (unanswered().length === questions.length) {
  restore(kept.answers);
  restored.hidden = unanswered().length === questions.length;
}
paper.dispatchEvent(new CustomEvent("restored"));
show();
document.getElementById("problem")?.focus();

paper.addEventListener("input", remember);
paper.addEventListener("change", remember);
paper.addEventListener("submit", handIn);
// After the browser has emptied the fields.
paper.addEventListener("reset", () => setTimeout(remember));
restored.querySelector("[data-over]").addEventListener("click", () => {
  restored.hidden = true;
  paper.reset();
  (questions.find((question) => !question.hidden) ?? paper).focus();
});
restored.querySelector("[data-dismiss]").addEventListener("click", () => {
  restored.hidden = true;
  questions.find((question) => !question.hidden)?.focus();
});
// A page that comes back from the browser's memory shows what is ticked now.
addEventListener("pageshow", show);
