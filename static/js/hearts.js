// The heart button and the button that copies the link. Without this script the form works by itself.

import { read, request, write } from "./helpers.js";

const form = document.querySelector("form.hearts");
const button = form?.querySelector("[aria-pressed]");
const status = form?.querySelector("output");
const beside = document.querySelector(".byline [data-hearts]");
// By the article's id, so that a new slug loses no heart.
const key = `heart:${form?.dataset.article}`;

// Cached pages are the same for everyone and may be some minutes old.
const AGE = 6 * 60 * 1000;
const TOO_OFTEN = "Too many hearts. Try again in a minute.";
const FAILED = "Not saved. Try again.";

// The line under the title is silent while nothing is counted; what a reader just did may put it there.
function show(hearted, hearts, isNew = true) {
  const [heart, label, number] = button.childNodes;
  button.setAttribute("aria-pressed", String(hearted));
  button.value = hearted ? "no" : "yes";
  heart.textContent = hearted ? "♥" : "♡";
  label.data = hearted ? " Remove your heart" : " Heart this";
  const said = hearts.toLocaleString("en");
  number.textContent = hearts ? ` · ${said}` : "";
  if (!beside) return;
  beside.textContent = `${said} heart${hearts === 1 ? "" : "s"}`;
  if (!isNew) return;
  const views = beside.previousElementSibling;
  views.textContent ||= "0 views";
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
    const { hearted, hearts } = await response.json();
    show(hearted, hearts);
    write(key, { hearted, hearts, at: Date.now() });
    status.value = hearted ? "Thank you." : "Removed.";
  } catch ({ response }) {
    status.value = response?.status === 429 ? TOO_OFTEN : FAILED;
  }
  form.ariaBusy = "false";
}

async function copyLink() {
  const address = document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];
  try {
    await navigator.clipboard.writeText(address);
    status.value = "Link copied.";
  } catch {
    status.value = address;
  }
}

if (form) {
  const record = stored();
  const hearts = Number(button.querySelector("b").textContent.replace(/\D/g, ""));
  if (record?.hearted) show(true, Math.max(record.hearts, hearts), false);
  else if (record && Date.now() - record.at < AGE) show(false, record.hearts, false);
  form.addEventListener("submit", toggle);
  form.querySelector("[data-copy]").addEventListener("click", copyLink);
  // Another tab changed it.
  addEventListener("storage", (event) => {
    const changed = event.key === key && stored();
    if (!changed) return;
    show(changed.hearted, changed.hearts);
    status.value = "";
  });
}
