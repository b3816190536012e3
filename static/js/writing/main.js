// The form of an article: nothing that is typed is lost.

import { Checks } from "./checks.js";
import { compare } from "./compare.js";
import { Copies } from "./copies.js";
import { entriesOf, isSame, setFields } from "./fields.js";
import { watchOthers } from "./presence.js";
import { Saver } from "./saver.js";
import { askToSignIn } from "./sign-in.js";

const writing = document.getElementById("writing");
const form = writing.closest("form");
const state = writing.querySelector("[role=status]");
const dialogs = { signIn: document.getElementById("sign-in"), compare: document.getElementById("compare") };
const checks = new Checks(form, document.getElementById("checks"));
const copies = new Copies(writing.dataset.key || form.elements.created_in.value);

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
      labels: ["Yours", answer.by ? `Of ${answer.by}` : "Theirs"],
      onDone: (fields) => saver.resolve(fields, answer.token),
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
  merged: () => status("Merged with what someone else saved."),
});

form.addEventListener("input", () => copies.later(() => entriesOf(form)));

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

window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && !saver.isSaved) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    saver.save();
  }
});

function offerCopy() {
  const saved = Number(writing.dataset.changedAt);
  const copy = copies.found().find(({ at, entries }) => at > saved && !isSame(entries, entriesOf(form)));
  if (!copy) return;
  const offer = writing.querySelector(".newer");
  offer.querySelector("time").textContent = new Date(copy.at).toLocaleString([], {
    dateStyle: "medium",
    timeStyle: "short",
  });
  offer.hidden = false;
  offer.querySelector("[value=compare]").onclick = () => {
    const [stored, here] = [copy.entries, entriesOf(form)].map((entries) => Object.fromEntries(entries));
    const names = Object.keys(stored).filter((name) => stored[name] !== here[name]);
    const pairOf = (name) => [name, [{ mine: stored[name], theirs: here[name] }]];
    const conflict = Object.fromEntries(names.map(pairOf));
    compare(dialogs.compare, {
      fields: {},
      conflict,
      labels: ["Newer text in this browser", "Saved text"],
      onDone: use,
    });
  };
  offer.querySelector("[value=discard]").onclick = () => {
    copies.remove(copy.key);
    offer.hidden = true;
  };
  function use(fields) {
    setFields(form, fields);
    offer.hidden = true;
    copies.remove(copy.key);
    saver.save();
  }
}

offerCopy();
watchOthers(saver, writing, copies.tab);
