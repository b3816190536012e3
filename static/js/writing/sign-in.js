// A dialog to sign in again, over the text that is being written.

import { openOver, whenPaused } from "./keys.js";
import { csrfToken } from "./saver.js";

const SIGN_IN = "/admin/login/";

// Tabs tell each other.
const tabs = new BroadcastChannel("signed-in");

export function askToSignIn(dialog, onDone) {
  const form = dialog.querySelector("form");
  const message = dialog.querySelector("[role=alert]");
  const done = () => {
    // A sign-in makes a new token.
    const fields = document.querySelectorAll("input[name=csrfmiddlewaretoken]");
    for (const field of fields) field.value = csrfToken();
    tabs.onmessage = null;
    form.reset();
    dialog.close();
    onDone();
  };
  tabs.onmessage = done;
  whenPaused(() => tabs.onmessage && openOver(dialog));
  form.onsubmit = async (event) => {
    event.preventDefault();
    message.textContent = gettext("Signing in…");
    const problem = await signIn(new FormData(form)).catch(() => gettext("No connection. Try again."));
    message.textContent = problem ?? "";
    if (problem) return;
    done();
    tabs.postMessage("");
  };
}

// Resolves to a sentence that says what went wrong, null if nothing did.
async function signIn(fields) {
  // The page sets the cookie of its token.
  const page = parsed(await (await fetch(SIGN_IN)).text());
  const token = page.querySelector("[name=csrfmiddlewaretoken]");
  // Without a form the browser is signed in: in another tab, say.
  if (!token) return null;
  fields.set("csrfmiddlewaretoken", token.value);
  const body = new URLSearchParams(fields);
  const response = await fetch(SIGN_IN, { method: "POST", body, redirect: "manual" });
  if (response.type === "opaqueredirect") return null;
  const answer = parsed(await response.text());
  const message = answer.querySelector(".errornote, .errorlist, main p");
  return message?.textContent.trim() || gettext("That did not work. Try again.");
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}
