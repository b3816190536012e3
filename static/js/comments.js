// The comment form: keeps the text as a draft in this browser until it is sent, remembers the writer's name,
// and moves below the comment to reply to. Everything works without it.

import { SESSION, isPlainClick, read, readText, words, write, writeText } from "./helpers.js";

const form = document.querySelector("form#join");
// The number of the article: a draft outlives a new slug.
const article = form?.closest("[data-article]")?.dataset.article;
const KEPT = ["name", "kind", "body", "email", "parent"];
const WRITER = "writer";

// Texts only, whatever another version of this script stored.
function readDraft(key) {
  const stored = read(`draft:${key}`) ?? {};
  const texts = KEPT.map((name) => [name, typeof stored[name] === "string" ? stored[name] : ""]);
  return { ...Object.fromEntries(texts), sent: stored.sent === true };
}

// --- a reply: the form moves below the comment ---

let home = null;
let answered = null;

// The heading names the comment to reply to, with a button to cancel below it.
async function entitle(comment) {
  const said = await words();
  const heading = form.querySelector("h3");
  form.querySelector("[data-answered]")?.remove();
  if (!comment) {
    heading.textContent = said.join;
    return;
  }
  const name = document.createElement("bdi");
  name.textContent = comment.querySelector("bdi").textContent;
  const [before, after = ""] = said.reply.split("%(name)s");
  heading.replaceChildren(before, name, after);
  const line = document.createElement("p");
  line.dataset.answered = "";
  const cancel = document.createElement("button");
  Object.assign(cancel, { type: "button", className: "plain", textContent: said.cancel });
  cancel.dataset.cancel = "";
  line.append(cancel);
  heading.after(line);
}

function answer(comment, { focus = true } = {}) {
  if (!home) {
    home = document.createComment("");
    form.before(home);
  }
  entitle(comment);
  form.elements.parent.value = comment.id.split("-")[1];
  comment.after(form);
  answered = comment;
  save();
  if (focus) (form.elements.name.value ? form.elements.body : form.elements.name).focus();
}

function cancel() {
  entitle(null);
  form.elements.parent.value = "";
  home?.after(form);
  save();
  (answered?.querySelector("[data-reply]") ?? form.elements.body).focus();
  answered = null;
}

function onClick(event) {
  const link = event.target.closest("[data-reply]");
  if (link && isPlainClick(event) && !form.querySelector("fieldset:disabled")) {
    event.preventDefault();
    answer(link.closest("article"));
  } else if (event.target.closest("[data-cancel]")) {
    // On the page of a reply, the link leads to the article, and the draft stays.
    if (location.search.includes("reply=")) {
      form.elements.parent.value = "";
      save();
      return;
    }
    event.preventDefault();
    cancel();
  }
}

// --- the draft ---

function save({ sent = false } = {}) {
  const draft = Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
  write(`draft:${article}`, draft.body.trim() ? { ...draft, sent } : null);
}

function restore() {
  const { body, kind, name, email, parent } = readDraft(article);
  // Some browsers restore what a script had set.
  if (!form.querySelector("[data-answered]")) form.elements.parent.value = "";
  // A text from the server or the browser is newer.
  if (!body || form.elements.body.value) return;
  for (const [field, value] of Object.entries({ body, name, email })) {
    if (value) form.elements[field].value = value;
  }
  const { options } = form.elements.kind;
  if ([...options].some((option) => option.value === kind)) form.elements.kind.value = kind;
  if (email) form.elements.email.closest("details").open = true;
  const comment = /^[0-9]+$/.test(parent) ? document.getElementById(`comment-${parent}`) : null;
  const canAnswer = comment?.querySelector("[data-reply]") && !form.elements.parent.value;
  if (canAnswer) answer(comment, { focus: false });
}

// What this tab sent last: the Back button restores the text in the form.
function noteSent() {
  writeText(`sent:${article}`, form.elements.body.value, SESSION);
}

function forgetSent() {
  const { body } = form.elements;
  const isSent = body.value && body.value === readText(`sent:${article}`, SESSION);
  if (isSent && !readDraft(article).body && !form.querySelector("[data-error-summary]")) body.value = "";
}

// --- the name, for the next comment of this browser ---

function restoreName() {
  const { name, no } = read(WRITER) ?? {};
  const box = form.querySelector("[data-remember]");
  box.checked = no !== true;
  if (typeof name === "string" && !form.elements.name.value) form.elements.name.value = name;
  box.addEventListener("change", () => {
    if (!box.checked) write(WRITER, { no: true });
  });
}

function rememberName() {
  const isWanted = form.querySelector("[data-remember]").checked;
  write(WRITER, isWanted ? { name: form.elements.name.value } : { no: true });
}

function start() {
  document.addEventListener("click", onClick);
  let timer = 0;
  function saveNow(options) {
    clearTimeout(timer);
    timer = 0;
    save(options);
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(saveNow, 300);
  });
  form.addEventListener("submit", () => {
    saveNow({ sent: true });
    noteSent();
    rememberName();
  });
  addEventListener("pagehide", () => {
    if (timer) saveNow();
  });
  addEventListener("pageshow", forgetSent);
  if (!form.querySelector("[data-error-summary]")) restore();
  restoreName();
}

if (form && article) start();

// On the status page: delete the draft, and let thread.js show the comment.
const accepted = document.querySelector("[data-accepted]")?.dataset.accepted;
if (accepted) {
  if (readDraft(accepted).sent) write(`draft:${accepted}`, null);
  write(`commented:${accepted}`, true);
}
