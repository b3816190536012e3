// Show only the fields that the chosen kind of question has. Without this script all fields are shown.

import { request } from "./helpers.js";

const kind = document.querySelector("select[name=kind][data-needs]");
const jquery = window.django?.jQuery;

// The names of all fields or columns that only some kinds have.
function optional(needs, part) {
  const names = (need) => (part === "fields" ? need.fields : Object.keys(need.columns));
  return new Set(Object.values(needs).flatMap(names));
}

function showFields(needs, need) {
  for (const name of optional(needs, "fields")) {
    const isHidden = !need.fields.includes(name);
    for (const row of document.querySelectorAll(`.form-row.field-${name}`)) row.hidden = isHidden;
  }
  for (const fieldset of document.querySelectorAll("#question_form fieldset.module:not(.ordered)")) {
    const rows = [...fieldset.querySelectorAll(".form-row")];
    if (rows.length) fieldset.hidden = rows.every((row) => row.hidden);
  }
}

function showColumns(needs, need) {
  const group = document.querySelector("#choices-group");
  if (!group) return;
  const columns = Object.keys(need.columns);
  group.hidden = !columns.length;
  for (const name of optional(needs, "columns")) {
    const isHidden = !columns.includes(name);
    for (const cell of group.querySelectorAll(`.column-${name}, .field-${name}`)) cell.hidden = isHidden;
    for (const field of group.querySelectorAll(`.field-${name} :is(input, textarea, select)`)) {
      if (need.columns[name]) field.setAttribute("aria-label", need.columns[name]);
    }
    const heading = group.querySelector(`.column-${name}`);
    if (heading && need.columns[name]) heading.firstChild.textContent = `${need.columns[name]} `;
  }
}

function showRules(need) {
  const rule = document.querySelector("select[name=rule]");
  if (!rule) return;
  for (const option of rule.options) {
    const group = option.closest("optgroup")?.label ?? need.group;
    const isFitting = group === need.group && need.rules.includes(option.value);
    option.hidden = option.disabled = !option.selected && !isFitting;
  }
  for (const group of rule.querySelectorAll("optgroup")) {
    group.hidden = [...group.children].every((option) => option.hidden);
  }
}

// The choices of a new true or false question are always the same.
function fillTrueAndFalse() {
  const texts = [...document.querySelectorAll("#choices-group tr:not(.empty-form) .field-text textarea")];
  if (kind.value !== "true_false" || texts.length < 2 || texts.some((text) => text.value)) return;
  texts[0].value = "True";
  texts[1].value = "False";
}

function show() {
  const needs = JSON.parse(kind.dataset.needs);
  const need = needs[kind.value];
  if (!need) return;
  showFields(needs, need);
  showColumns(needs, need);
  showRules(need);
  fillTrueAndFalse();
}

if (kind) {
  show();
  kind.addEventListener("change", show);
  document.addEventListener("formset:added", show);
}

// --- headings of the chosen article ---

const datalist = document.querySelector("datalist#headings");

async function suggestHeadings(article) {
  const address = datalist.dataset.url.replace("/0/", `/${Number(article) || 0}/`);
  const response = article ? await request(address).catch(() => null) : null;
  const headings = response ? (await response.json()).headings : [];
  datalist.replaceChildren(...headings.map(({ id, text }) => new Option(text, id)));
}

if (datalist && jquery) {
  // Select2 triggers changes only through jQuery.
  jquery("#id_article").on("change", (event) => suggestHeadings(event.target.value));
}
