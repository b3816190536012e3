// Saves the form of an article two seconds after the last key, one request at a time.

import { entriesOf, isSame, setFields } from "./fields.js";

const PAUSE = 2000;
// Of somebody who does not stop typing.
const LONGEST_PAUSE = 10_000;
const LONGEST_WAIT = 15_000;
const TIMEOUT = 20_000;
const MOST_UNANSWERED = 3;

export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("input[name=csrfmiddlewaretoken]").value;
}

export class Saver {
  // `on` has functions: status(text, isProblem), conflict(answer), signIn(), created(answer), merged(),
  // and saved().
  constructor(form, url, on) {
    Object.assign(this, { form, url, on, failures: 0, running: null, timer: null, isPaused: false });
    // Sent, and perhaps saved: the answer did not arrive.
    this.unanswered = [];
    this.base = entriesOf(form);
    form.addEventListener("input", () => this.later());
    // Widgets of Django's admin send jQuery events only.
    window.django?.jQuery?.(form).on("change", () => this.later());
    window.addEventListener("online", () => this.isSaved || this.save());
  }

  get isSaved() {
    return isSame(this.base, entriesOf(this.form));
  }

  later(wait = PAUSE) {
    clearTimeout(this.timer);
    this.waitsSince ??= Date.now();
    const most = Math.max(0, this.waitsSince + LONGEST_PAUSE - Date.now());
    this.timer = setTimeout(() => this.#run(), Math.min(wait, most));
  }

  // Save until nothing is left to save. Resolves to whether all is saved.
  save() {
    this.isAsked = true;
    return this.#run();
  }

  // What is typed meanwhile waits for the next pause, unless somebody asked to save.
  #run() {
    clearTimeout(this.timer);
    this.waitsSince = null;
    if (this.isPaused) return Promise.resolve(false);
    this.running ??= this.#saveAll().finally(() => {
      this.running = null;
      this.isAsked = false;
    });
    return this.running;
  }

  async #saveAll() {
    let isFirst = true;
    while ((!this.isSaved && (isFirst || this.isAsked)) || this.needsMerge) {
      this.on.status(gettext("Saving…"));
      if (!(await this.#saveOnce())) return false;
      isFirst = false;
    }
    return this.isSaved;
  }

  async #saveOnce(sendBase = this.needsMerge) {
    const sent = entriesOf(this.form);
    const body = new URLSearchParams(sent);
    body.set("token", this.form.elements.token.value);
    body.set("created_in", this.form.elements.created_in?.value ?? "");
    if (sendBase) body.set("base", JSON.stringify(this.base));
    if (this.unanswered.length) body.set("unanswered", JSON.stringify(this.unanswered));
    let response;
    try {
      response = await fetch(this.url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": csrfToken() },
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      this.unanswered = [...this.unanswered, sent].slice(-MOST_UNANSWERED);
      return this.#failed(gettext("No connection. Your text is stored in this browser."));
    }
    // A redirect leads to the sign-in; a refused token is of a session that ended.
    if (response.type === "opaqueredirect" || response.status === 403) return this.#signedOut();
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return this.#saved(answer, sent);
    if (response.status === 409 && answer) {
      if ("base" in answer && !sendBase) return this.#saveOnce(true);
      this.isPaused = true;
      this.on.status(gettext("Someone else changed the same text."), true);
      this.on.conflict(answer, sent);
      return false;
    }
    if (response.status === 400 && answer) {
      const [message] = Object.values(answer.errors).flat();
      return this.#stopped(interpolate(gettext("Not saved: %s"), [message.message]));
    }
    if (response.status === 404) {
      return this.#stopped(gettext("Not saved: the article was deleted. Copy your text."));
    }
    this.unanswered = [...this.unanswered, sent].slice(-MOST_UNANSWERED);
    return this.#failed(gettext("The server does not answer. Your text is stored in this browser."));
  }

  #saved(answer, sent) {
    this.failures = 0;
    this.unanswered = [];
    if (answer.change) {
      this.url = answer.autosave;
      this.on.created(answer);
    }
    this.needsMerge = Boolean(answer.fields) && !isSame(sent, entriesOf(this.form));
    this.base = sent;
    if (this.needsMerge) return true;
    const options = { hour: "2-digit", minute: "2-digit" };
    const time = new Date().toLocaleTimeString(document.documentElement.lang, options);
    this.on.status(interpolate(gettext("Saved %s"), [time]));
    this.form.elements.token.value = answer.token;
    if (answer.fields) {
      setFields(this.form, answer.fields, answer.labels);
      this.base = entriesOf(this.form);
      // A new article gets its writer's byline.
      if (!answer.change) this.on.merged(answer);
    }
    this.on.saved();
    return true;
  }

  // Choices of a conflict, made from the text of the others.
  resolve(fields, token, labels) {
    setFields(this.form, fields, labels);
    this.form.elements.token.value = token;
    this.isPaused = false;
    return this.save();
  }

  #failed(text) {
    this.failures += 1;
    this.on.status(`${text} ${gettext("Trying again…")}`, true);
    this.later(Math.min(PAUSE * this.failures, LONGEST_WAIT));
    return false;
  }

  // Until the next key.
  #stopped(text) {
    this.on.status(text, true);
    return false;
  }

  #signedOut() {
    this.isPaused = true;
    this.on.status(gettext("You are signed out. Your text is stored in this browser."), true);
    this.on.signIn();
    return false;
  }

  // Someone else saved: their text is fetched by saving.
  merge() {
    if (this.isPaused || this.running) return;
    this.needsMerge = true;
    this.save();
  }

  // After the sign-in.
  resume() {
    this.isPaused = false;
    return this.save();
  }
}
