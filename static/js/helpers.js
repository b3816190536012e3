// What scripts share: storage that may be blocked, requests that may fail, and text for screen readers.

// --- storage: it may be blocked or full, and hold what another version of a script stored ---

const LOCAL = "localStorage";
export const SESSION = "sessionStorage";

// The text stored under a key; null if there is none.
export function readText(key, storage = LOCAL) {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

// Store a text; null removes it. Returns whether that worked.
export function writeText(key, text, storage = LOCAL) {
  try {
    if (text === null) window[storage].removeItem(key);
    else window[storage].setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

// The same for anything that JSON can say.
export function read(key, storage) {
  try {
    return JSON.parse(readText(key, storage));
  } catch {
    return null;
  }
}

export function write(key, value, storage) {
  return writeText(key, value === null ? null : JSON.stringify(value), storage);
}

// The keys that begin with `prefix`.
export function keys(prefix, storage = LOCAL) {
  try {
    return Object.keys(window[storage]).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

// --- requests ---

const TIMEOUT = 30_000;

// The response, if it says that the request worked. Throws otherwise; the error has a `response` if there was
// one.
export async function request(url, options) {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT), ...options });
  if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { response });
  return response;
}

// --- text for screen readers ---

// A hidden element in `parent`. Screen readers say its text whenever it changes.
export function liveRegion(parent) {
  const region = document.createElement("span");
  region.className = "away visually-hidden";
  if (!parent.closest("[role=status]")) region.setAttribute("role", "status");
  parent.append(region);
  return region;
}

// --- sentences ---

let asked;
// What scripts of readers' pages say (publishing/web/words.py), by name: "…" for each while it cannot be had.
export function words() {
  asked ??= request(document.body.dataset.words).then((answer) => answer.json());
  return asked.catch(() => {
    asked = null;
    return new Proxy({}, { get: () => "…" });
  });
}

// A sentence of the page with its placeholders %(name)s filled.
export function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

// --- elements ---

export function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A modal dialog, gone once it is closed. `close` is what its button says.
export function show(className, label, close, ...children) {
  const button = make("button", { className: "button", textContent: close });
  const form = make("form", { method: "dialog" }, button);
  const dialog = make("dialog", { className, ariaLabel: label }, ...children, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// --- events ---

// A click that follows a link in this tab.
export function isPlainClick(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}
