// The form under an article: counts what is typed against the limit that the server holds it to, keeps it as a draft in
// this browser until it has arrived, and stands under the comment that it answers. Everything works without it.

const NEAR = 200;
const format = new Intl.NumberFormat("en");
const form = document.querySelector("form#join");
const slug = form?.closest("[data-slug]")?.dataset.slug;
const KEPT = ["name", "kind", "body", "email", "parent"];

// --- storage, which may be blocked ---

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(key, value) {
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
  } catch {
    // The text is then only in its field.
  }
}

// --- characters ---

// Characters as the server counts them: not UTF-16 units, a line end as one, nothing for blank ends.
const lengthOf = (text) => [...text.replace(/^\n+/, "").trimEnd()].length;

function addCounter(field) {
  const limit = Number(field.dataset.limit);
  const shown = document.createElement("div");
  shown.className = "form-text";
  const spoken = document.createElement("div");
  spoken.setAttribute("role", "status");
  Object.assign(spoken.style, { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });
  let timer = 0;

  // Added with the first key: nothing on the page moves before the reader does.
  field.addEventListener("input", () => {
    const left = limit - lengthOf(field.value);
    if (!shown.isConnected) field.parentElement.append(shown, spoken);
    shown.textContent = `${format.format(limit - left)} of ${format.format(limit)}`;
    shown.classList.toggle("invalid-feedback", left < 0);
    field.setCustomValidity(left < 0 ? `Take out ${format.format(-left)} or more characters.` : "");
    clearTimeout(timer);
    timer = setTimeout(() => {
      const words = left < 0 ? `${format.format(-left)} characters too many` : `${format.format(left)} characters left`;
      spoken.textContent = left > NEAR ? "" : words;
    }, 1000);
  });
}

// --- an answer: the form stands under the comment that it is about ---

let home = null;
let answered = null;

const isPlain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

// Whom the form answers: the heading says it, with the way back below. Nobody: it says what it says to everyone.
function entitle(comment) {
  const heading = form.querySelector("h3");
  form.querySelector("[data-answered]")?.remove();
  if (!comment) {
    heading.textContent = "Join the discussion";
    return;
  }
  const name = document.createElement("bdi");
  name.textContent = comment.querySelector("bdi").textContent;
  heading.replaceChildren("Reply to ", name);
  const line = document.createElement("p");
  line.dataset.answered = "";
  const cancel = document.createElement("button");
  Object.assign(cancel, { type: "button", className: "plain", textContent: "Cancel the reply" });
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
  if (link && isPlain(event) && !form.querySelector("fieldset:disabled")) {
    event.preventDefault();
    answer(link.closest("article"));
  } else if (event.target.closest("[data-cancel]")) {
    // On a page of its own the answer is left for the article, where the draft comes along.
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

function save(sent = false) {
  const draft = Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
  write(`draft:${slug}`, draft.body.trim() ? { ...draft, sent } : null);
}

function restore() {
  const draft = read(`draft:${slug}`);
  // Some browsers bring back what a script had put there.
  if (!form.querySelector("[data-answered]")) form.elements.parent.value = "";
  // What the server or the browser brought back is newer.
  if (!draft.body || form.elements.body.value) return;
  for (const name of ["name", "kind", "body", "email"]) if (draft[name]) form.elements[name].value = draft[name];
  if (draft.email) form.elements.email.closest("details").open = true;
  const comment = draft.parent && document.getElementById(`comment-${draft.parent}`);
  if (comment?.querySelector("[data-reply]") && !form.elements.parent.value) answer(comment, { focus: false });
}

if (form && slug) {
  for (const field of form.querySelectorAll("[data-limit]")) addCounter(field);
  document.addEventListener("click", onClick);
  if (!form.querySelector("[data-error-summary]")) restore();
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save(true);
  });
}

// On the receipt: what was sent has arrived, and waits where thread.js looks for it.
const accepted = document.querySelector("[data-accepted]")?.dataset.accepted;
if (accepted) {
  if (read(`draft:${accepted}`).sent) write(`draft:${accepted}`, null);
  write(`commented:${accepted}`, true);
}
