// Keys of the writing screen, and the dialog that lists them.

export function listenToKeys(dialog, actions) {
  document.addEventListener("keydown", (event) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (isCommand && actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    } else if (event.key === "?" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      dialog.showModal();
    }
  });
  for (const button of document.querySelectorAll("[data-keys]")) button.onclick = () => dialog.showModal();
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
