// Keys for reading: j and k go to the next or previous heading, / to the search, ? tells of them. They can
// be turned off, since people who speak to their computer type letters by accident.

import { make, readText, show, words, writeText } from "./helpers.js";

const OFF = "keys-off";
let isOff = readText(OFF) !== null;

// From the heading that has the focus, as long as it is in view; else from the top of the window.
function go(step) {
  const headings = [...document.querySelectorAll("main :is(h2, h3)")].filter((each) => each.offsetParent);
  const tops = headings.map((each) => each.getBoundingClientRect().top);
  const focused = headings.findIndex((each) => each.contains(document.activeElement));
  const below = tops.filter((top) => top <= 40).length;
  let place = step > 0 ? below : below - 1;
  if (tops[focused] >= 0 && tops[focused] < innerHeight) place = focused + step;
  const next = headings[Math.max(0, place)];
  if (!next) return;
  const target = next.querySelector("a:not(.anchor)") ?? Object.assign(next, { tabIndex: -1 });
  next.scrollIntoView();
  target.focus({ preventScroll: true, focusVisible: true });
}

function search() {
  const fields = [...document.querySelectorAll("[role=search] input[name=q]")];
  const field = fields.find((each) => each.offsetParent);
  if (field) field.focus();
  else document.querySelector(".masthead a.icon").click();
}

async function help() {
  const said = await words();
  const keys = { j: said.next, k: said.previous, "/": said.search, "?": said.theseKeys };
  const lines = Object.entries(keys).map(([key, action]) =>
    make("p", {}, make("kbd", { textContent: key }), ` ${action}`),
  );
  const box = make("input", { type: "checkbox", checked: !isOff });
  box.addEventListener("change", () => {
    isOff = !box.checked;
    writeText(OFF, isOff ? "1" : null);
  });
  show("keys", said.keys, said.close, ...lines, make("label", {}, box, ` ${said.useKeys}`));
}

const ACTIONS = { j: () => go(1), k: () => go(-1), "/": search, "?": help };

addEventListener("keydown", (event) => {
  const action = ACTIONS[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey || (isOff && action !== help)) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  event.preventDefault();
  action();
});
document.querySelector("[data-keys]")?.addEventListener("click", help);
