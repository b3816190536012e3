// The heart button and the button that copies the link. Without this script the form works by itself.

import { read, request, words, write } from "./helpers.js";

const form = document.querySelector("form.hearts");
const button = form?.querySelector("[aria-pressed]");
const status = form?.querySelector("output");
const beside = document.querySelector(".byline [data-hearts]");
// By the article's id, so that a new slug loses no heart.
const key = `heart:${form?.dataset.article}`;

// Cached pages are the same for everyone and may be some minutes old.
const AGE = 6 * 60 * 1000;

async function name(hearted) {
  const { give, take } = await words();
  button.childNodes[1].data = ` ${hearted ? take : give}`;
}

// `number` and `words` say how many hearts there are, as the server writes it; without them the page is
// right. The line under the title is silent while nothing is counted; what a reader just did may put it
// there.
function show({ hearted, hearts, number: said, words: sentence, no_views: noViews }, isNew = true) {
  const [heart, , number] = button.childNodes;
  button.setAttribute("aria-pressed", String(hearted));
  button.value = hearted ? "no" : "yes";
  heart.textContent = hearted ? "♥" : "♡";
  name(hearted);
  if (!sentence) return;
  number.textContent = hearts ? ` · ${said}` : "";
  if (!beside) return;
  beside.textContent = sentence;
  if (!isNew) return;
  const views = beside.previousElementSibling;
  views.textContent ||= noViews;
  views.hidden = beside.hidden = false;
}

function stored() {
  const record = read(key);
  // Earlier versions stored only the number of hearts.
  return typeof record === "number" ? { hearted: true, hearts: record, at: 0 } : record;
}

async function toggle(event) {
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const body = new URLSearchParams({ wanted: button.value });
    const headers = { Accept: "application/json" };
    const response = await request(form.action, { method: "POST", body, headers });
    const record = await response.json();
    show(record);
    write(key, { ...record, at: Date.now() });
    const { thanks, removed } = await words();
    status.value = record.hearted ? thanks : removed;
  } catch ({ response }) {
    const { tooOften, failed } = await words();
    // The server says why it takes nothing: the page may be older than a maintenance.
    const { detail } = response?.status === 503 ? await response.json().catch(() => ({})) : {};
    status.value = detail ?? (response?.status === 429 ? tooOften : failed);
  }
  form.ariaBusy = "false";
}

async function copyLink() {
  const address = document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];
  try {
    await navigator.clipboard.writeText(address);
    status.value = (await words()).linkCopied;
  } catch {
    status.value = address;
  }
}

if (form) {
  // Now, because the connection may be gone when there is something to say.
  words();
  const record = stored();
  const hearts = Number(button.querySelector("b").textContent.replace(/\D/g, ""));
  // The higher number is the newer one.
  if (record?.hearted) show(record.hearts > hearts ? record : { hearted: true, hearts }, false);
  else if (record && Date.now() - record.at < AGE) show(record, false);
  form.addEventListener("submit", toggle);
  form.querySelector("[data-copy]").addEventListener("click", copyLink);
  // Another tab changed it.
  addEventListener("storage", (event) => {
    const changed = event.key === key && stored();
    if (!changed) return;
    show(changed);
    status.value = "";
  });
}
