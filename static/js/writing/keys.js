// Keys of the writing screen, and the dialog that lists them.

export function listenToKeys(dialog, actions) {
  document.addEventListener("keydown", (event) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (isCommand && actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    } else if (event.key === "?" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      openOver(dialog);
    }
  });
  for (const button of document.querySelectorAll("[data-keys]")) button.onclick = () => openOver(dialog);
}

const PAUSE = 1000;
let lastKey = 0;
document.addEventListener("keydown", () => (lastKey = Date.now()), true);

// Call the function once nobody has typed for a second: what a dialog opens over would get the keys.
export function whenPaused(call) {
  const left = lastKey + PAUSE - Date.now();
  if (left > 0) setTimeout(whenPaused, left, call);
  else call();
}

// Open a dialog. Browsers put the caret of the field below at its start; it stays where it was.
export function openOver(dialog) {
  const field = document.activeElement;
  const place = [field.selectionStart, field.selectionEnd];
  dialog.showModal();
  if (typeof place[0] !== "number") return;
  dialog.addEventListener("close", () => field.setSelectionRange(...place), { once: true });
}

// A title is one line, also when it is pasted.
export function onOneLine(field) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault();
  });
  field.addEventListener("input", () => {
    if (/[\r\n]/.test(field.value)) field.value = field.value.replace(/\s*[\r\n]+\s*/g, " ");
  });
}
