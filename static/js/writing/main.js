// The form of an article: nothing that is typed is lost.

import { Checks } from "./checks.js";
import { compare } from "./compare.js";
import { Copies } from "./copies.js";
import { entriesOf, isSame, labelsOf, setFields, unsentOf, valuesOf } from "./fields.js";
import { listenToKeys, onOneLine } from "./keys.js";
import { Notes } from "./notes.js";
import { showOutline } from "./outline.js";
import { Picker } from "./labels/picker.js";
import { watchOthers } from "./presence.js";
import { Saver } from "./saver.js";
import { askToSignIn } from "./sign-in.js";

const writing = document.getElementById("writing");
const form = writing.closest("form");
const state = writing.querySelector("[role=status]");
const dialogs = { signIn: document.getElementById("sign-in"), compare: document.getElementById("compare") };
const checks = new Checks(form, document.getElementById("checks"));
const copies = new Copies(writing.dataset.key || form.elements.created_in.value);
for (const box of form.querySelectorAll(".picker")) new Picker(box);

function status(text, isProblem = false) {
  state.textContent = text;
  state.classList.toggle("problem", isProblem);
}

const saver = new Saver(form, writing.dataset.autosave, {
  status,
  conflict(answer) {
    compare(dialogs.compare, {
      fields: answer.fields,
      conflict: answer.conflict,
      labels: [gettext("Yours"), answer.by ? interpolate(gettext("Of %s"), [answer.by]) : gettext("Theirs")],
      names: answer.labels,
      onDone: (fields) => saver.resolve(fields, answer.token, answer.labels),
    });
  },
  signIn: () => askToSignIn(dialogs.signIn, () => saver.resume()),
  created(answer) {
    history.replaceState(null, "", answer.change);
    form.action = answer.change;
    form.elements.created_in.remove();
    writing.dataset.key = answer.key;
    copies.rename(answer.key);
  },
  saved: () => checks.update(),
  merged: () => status(gettext("Merged with what someone else saved.")),
});

form.addEventListener("input", () => copies.later(() => [entriesOf(form), labelsOf(form)]));
// A series proposes its next place.
form.addEventListener("picked", ({ detail }) => {
  if (detail.place) form.elements.series_position.value = detail.place;
});

// The tokens of buttons are those of the last save, so what is typed is saved first.
let isLeaving = false;
form.addEventListener("submit", async (event) => {
  if (isLeaving) return;
  event.preventDefault();
  if (await saver.save()) {
    isLeaving = true;
    copies.remove();
    form.requestSubmit(event.submitter);
  }
});

const notes = new Notes(document.getElementById("notes"), form.elements.body, saver);

// What is typed for the next step is nowhere else.
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && (!saver.isSaved || notes.isUnsent || unsentOf(form).length)) event.preventDefault();
});

listenToKeys(document.getElementById("keys"), {
  s: () => saver.save(),
  Enter: () => form.querySelector("button.first").click(),
});
onOneLine(form.elements.title);
showOutline(document.getElementById("outline"), form.querySelector(".markdown-editor"));

// The button says when.
const [day, time] = [form.elements.at_0, form.elements.at_1];
const schedule = form.querySelector("button[value=schedule]");
const language = document.documentElement.lang;
function sayWhen() {
  const at = new Date(`${day.value}T${time.value || "00:00"}`);
  if (!schedule || Number.isNaN(at.getTime())) return;
  const options = { weekday: "short", day: "numeric", month: "short" };
  const when = { date: at.toLocaleDateString(language, options), time: time.value || "00:00" };
  const words = form.elements.public_note
    ? gettext("Publish changes on %(date)s, %(time)s")
    : gettext("Publish on %(date)s, %(time)s");
  schedule.textContent = interpolate(words, when, true);
}
for (const field of [day, time]) {
  field?.addEventListener("input", sayWhen);
  // The calendar of Django's admin sends no event when it fills a field.
  field?.addEventListener("focus", sayWhen);
}

function offerCopy() {
  const saved = Number(writing.dataset.changedAt);
  const copy = copies.found().find(({ at, entries }) => at > saved && !isSame(entries, entriesOf(form)));
  if (!copy) return;
  const offer = writing.querySelector(".newer");
  offer.querySelector(".at").textContent = new Date(copy.at).toLocaleString(language, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  offer.hidden = false;
  offer.querySelector("[value=compare]").onclick = () => {
    const [stored, here] = [copy.entries, entriesOf(form)].map((entries) => valuesOf(form, entries));
    const names = Object.keys(stored).filter((name) => !isSame(stored[name], here[name]));
    const labels = { ...labelsOf(form), ...copy.labels };
    const pairOf = (name) => [name, [{ mine: stored[name], theirs: here[name] }]];
    const conflict = Object.fromEntries(names.map(pairOf));
    compare(dialogs.compare, {
      fields: {},
      conflict,
      labels: [gettext("Newer text in this browser"), gettext("Saved text")],
      names: labels,
      onDone: use,
    });
  };
  offer.querySelector("[value=discard]").onclick = () => {
    copies.remove(copy.key);
    offer.hidden = true;
  };
  function use(fields) {
    setFields(form, fields, copy.labels);
    offer.hidden = true;
    copies.remove(copy.key);
    saver.save();
  }
}

offerCopy();
watchOthers(saver, writing, copies.tab, notes);
