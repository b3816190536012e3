// Shows one question at a time or all on one page. Without scripts the server turns the pages.

import { readText, writeText } from "./helpers.js";

const paper = document.querySelector("form.quiz");
const questions = [...paper.querySelectorAll("fieldset")];
const nav = paper.querySelector(".steps");
const numbers = [...nav.children];
const turn = paper.querySelector(".turn");
const [previous, next] = turn.querySelectorAll("button");
const submit = paper.querySelector("[data-submit]");
const enter = paper.querySelector("[data-enter]");
const toggle = paper.querySelector("[data-layout]");
const KEY = "quiz-layout";
// Which question is shown; 0: all of them.
let step = Number(paper.dataset.step);

function show(number) {
  step = number;
  const isLast = step === questions.length;
  questions.forEach((question, place) => {
    question.hidden = step > 0 && place !== step - 1;
    numbers[place].toggleAttribute("aria-current", place === step - 1);
    if (place === step - 1) numbers[place].setAttribute("aria-current", "step");
  });
  nav.hidden = turn.hidden = !step;
  previous.hidden = step < 2;
  next.hidden = isLast;
  submit.classList.toggle("first", !step || isLast);
  toggle.textContent = step ? toggle.dataset.page : toggle.dataset.one;
}

function turnTo(number) {
  show(number);
  const legend = questions[number - 1].querySelector("legend");
  legend.tabIndex = -1;
  legend.focus();
}

const firstGap = () => questions.findIndex((question) => !question.hasAttribute("data-answered")) + 1 || 1;

// These buttons no longer submit. Enter in a text field presses the one that still does.
for (const button of [...numbers, previous, next]) button.type = "button";
enter.removeAttribute("name");

nav.addEventListener("click", ({ target }) => {
  const place = numbers.indexOf(target.closest("button"));
  if (place >= 0) turnTo(place + 1);
});
previous.addEventListener("click", () => turnTo(step - 1));
next.addEventListener("click", () => turnTo(step + 1));
toggle.addEventListener("click", () => {
  show(step ? 0 : firstGap());
  writeText(KEY, step ? "one" : "page");
});
paper.addEventListener("submit", (event) => {
  if (event.submitter !== enter || !step || step === questions.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  turnTo(step + 1);
});
paper.addEventListener("reset", () => step && show(1));
paper.addEventListener("progress", () => {
  questions.forEach((question, place) => {
    const isAnswered = question.hasAttribute("data-answered");
    numbers[place].classList.toggle("done", isAnswered);
    numbers[place].lastElementChild.textContent = isAnswered ? nav.dataset.done : "";
  });
});
// A link to a hidden question shows it before the browser goes there.
document.addEventListener("click", ({ target }) => {
  const hash = target.closest?.("a[href^='#']")?.hash;
  const place = questions.findIndex((question) => hash === `#${question.id}`);
  if (place >= 0 && questions[place].hidden) show(place + 1);
});

const layout = readText(KEY);
if (!document.getElementById("problem")) {
  const linked = questions.findIndex((question) => location.hash === `#${question.id}`) + 1;
  if (layout === "page") show(0);
  else if (step || layout === "one") show(linked || step || 1);
}
