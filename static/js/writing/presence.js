// Who else has the form of an article open. What they save is merged into it, and their notes are shown.

import { csrfToken } from "./saver.js";

const EVERY = 15_000;
const TIMEOUT = 10_000;
const list = new Intl.ListFormat(document.documentElement.lang);

function sentence({ others, tabs }) {
  const here = ngettext("%s is here too.", "%s are here too.", others.length);
  if (others.length) return interpolate(here, [list.format(others)]);
  return tabs ? gettext("You have this open in another tab, too.") : "";
}

// Ask now, every 15 seconds, and when somebody comes back to the tab. `tab` is its name.
export function watchOthers(saver, writing, tab, notes) {
  const box = document.createElement("p");
  box.className = "here";
  box.setAttribute("aria-live", "polite");
  writing.append(box);
  const token = () => saver.form.elements.token.value;
  let isAsking = false;

  async function ask() {
    // A new article has no address yet.
    if (isAsking || !/\/\d+\/autosave\/$/.test(saver.url)) return;
    isAsking = true;
    const before = token();
    try {
      const response = await fetch(saver.url.replace(/autosave\/$/, "presence/"), {
        method: "POST",
        body: new URLSearchParams({ tab, notes: notes.digest }),
        headers: { "X-CSRFToken": csrfToken() },
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (!response.ok) return;
      const answer = await response.json();
      const text = sentence(answer);
      if (box.textContent !== text) box.textContent = text;
      if (answer.notes) notes.show(answer.notes, answer.digest);
      // Not if this tab saved while it asked.
      if (answer.token && answer.token !== before && token() === before) saver.merge();
    } catch {
      // The saver says what is wrong.
    } finally {
      isAsking = false;
    }
  }

  ask();
  setInterval(ask, EVERY);
  window.addEventListener("focus", ask);
}
