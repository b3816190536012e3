// What checks find in the article, in a list beside the text.

import { entriesOf } from "./fields.js";
import { csrfToken } from "./saver.js";

// The caret at the start of a line, scrolled into view: browsers scroll to it when the field gets the focus.
function showLine(field, number) {
  const lines = field.value.split("\n");
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  field.setSelectionRange(start, start);
  field.blur();
  field.focus();
  field.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
}

export class Checks {
  constructor(form, section) {
    Object.assign(this, { form, section, running: null });
    section.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#id_']");
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      if (link.dataset.line) showLine(field, Number(link.dataset.line));
      else field.focus();
    });
  }

  // Ask again, and show the last answer. An answer that fails leaves the list as it was.
  async update() {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const body = new URLSearchParams(entriesOf(this.form));
    body.set("key", document.getElementById("writing").dataset.key);
    try {
      const response = await fetch(this.section.dataset.url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": csrfToken() },
        redirect: "manual",
        signal: running.signal,
      });
      const html = response.ok ? await response.text() : null;
      if (html === null || this.running !== running) return;
      this.section.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    } catch {
      // The next save asks again.
    }
  }
}
