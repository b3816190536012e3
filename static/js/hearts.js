// The heart under an article, and the button that copies its address. Without this script the form posts by itself.
const form = document.querySelector("form.hearts");
const button = form?.querySelector("[aria-pressed]");
const status = form?.querySelector("output");
const beside = document.querySelector(".byline [data-hearts]");
// The number of the article: a heart outlives a new slug.
const key = `heart:${form?.dataset.article}`;

// The page is the same for everyone and may be some minutes old.
const AGE = 6 * 60 * 1000;

function show(hearted, hearts) {
  const [heart, label, number] = button.childNodes;
  button.setAttribute("aria-pressed", String(hearted));
  button.value = hearted ? "no" : "yes";
  heart.textContent = hearted ? "♥" : "♡";
  label.data = hearted ? " Take back your heart · " : " Heart this · ";
  number.textContent = hearts.toLocaleString("en");
  if (beside) beside.textContent = `${number.textContent} heart${hearts === 1 ? "" : "s"}`;
}

function remember(state) {
  try {
    localStorage.setItem(key, JSON.stringify({ ...state, at: Date.now() }));
  } catch {
    // Storage is blocked: the heart counts, only this browser forgets that it was given.
  }
}

function read(text) {
  const known = JSON.parse(text ?? "null");
  // A bare number is a heart that was given when only that was stored.
  return typeof known === "number" ? { hearted: true, hearts: known, at: 0 } : known;
}

function remembered() {
  try {
    return read(localStorage.getItem(key));
  } catch {
    return null;
  }
}

async function toggle(event) {
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const body = new URLSearchParams({ wanted: button.value });
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    const { hearted, hearts } = await response.json();
    show(hearted, hearts);
    remember({ hearted, hearts });
    status.value = hearted ? "Thank you." : "Taken back.";
  } catch (error) {
    status.value =
      error.message === "429" ? "That was a lot of hearts. Try again in a minute." : "That did not work. Try again.";
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
    if (event.key !== key || !event.newValue) return;
    const { hearted, hearts } = read(event.newValue);
    show(hearted, hearts);
    status.value = "";
  });
}
