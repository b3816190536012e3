// The heart under an article, and the button that copies its address. Without it the form posts by itself.

import { read, request, write } from "./helpers.js";

const form = document.querySelector("form.hearts");
const button = form?.querySelector("[aria-pressed]");
const status = form?.querySelector("output");
const beside = document.querySelector(".byline [data-hearts]");
// The number of the article: a heart outlives a new slug.
const key = `heart:${form?.dataset.article}`;

// The page is the same for everyone and may be some minutes old.
const AGE = 6 * 60 * 1000;
const TOO_OFTEN = "That was a lot of hearts. Try again in a minute.";
const FAILED = "That did not work. Try again.";

function show(hearted, hearts) {
  const [heart, label, number] = button.childNodes;
  button.setAttribute("aria-pressed", String(hearted));
  button.value = hearted ? "no" : "yes";
  heart.textContent = hearted ? "♥" : "♡";
  label.data = hearted ? " Take back your heart · " : " Heart this · ";
  number.textContent = hearts.toLocaleString("en");
  if (beside) beside.textContent = `${number.textContent} heart${hearts === 1 ? "" : "s"}`;
}

function remembered() {
  const known = read(key);
  // A bare number is a heart that was given when only that was stored.
  return typeof known === "number" ? { hearted: true, hearts: known, at: 0 } : known;
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
    status.value = hearted ? "Thank you." : "Taken back.";
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
  const known = remembered();
  const hearts = Number(button.querySelector("b").textContent.replace(/\D/g, ""));
  if (known?.hearted) show(true, Math.max(known.hearts, hearts));
  else if (known && Date.now() - known.at < AGE) show(false, known.hearts);
  form.addEventListener("submit", toggle);
  form.querySelector("[data-copy]").addEventListener("click", copyLink);
  // Another tab changed it.
  addEventListener("storage", (event) => {
    const changed = event.key === key && remembered();
    if (!changed) return;
    show(changed.hearted, changed.hearts);
    status.value = "";
  });
}
