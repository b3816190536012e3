// The heart under an article, and the button that copies its address. Without this script the form posts by itself.
const form = document.querySelector("form.hearts");
const button = form?.querySelector("[aria-pressed]");
const status = form?.querySelector("output");
const key = `heart:${form?.dataset.slug}`;

function show(hearted, hearts) {
  button.setAttribute("aria-pressed", String(hearted));
  button.querySelector("span").textContent = hearted ? "♥" : "♡";
  if (hearts !== undefined) button.querySelector("b").textContent = hearts.toLocaleString("en");
}

// The number too: the page may be one that was made before this heart.
function remember(hearted, hearts) {
  try {
    if (hearted) localStorage.setItem(key, String(hearts));
    else localStorage.removeItem(key);
  } catch {
    // Storage is blocked: the heart counts, only this browser forgets that it was given.
  }
}

function remembered() {
  try {
    return Number(localStorage.getItem(key));
  } catch {
    return 0;
  }
}

async function toggle(event) {
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    const { hearted, hearts } = await response.json();
    show(hearted, hearts);
    remember(hearted, hearts);
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
  show(known > 0, Math.max(known, Number(button.querySelector("b").textContent.replace(/\D/g, ""))));
  form.addEventListener("submit", toggle);
  form.querySelector("[data-copy]").addEventListener("click", copyLink);
}
