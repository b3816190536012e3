// What the form of an article holds, and how it is changed so that the browser's undo still works.

const OF_STEPS = ["step", "at_0", "at_1", "note", "override", "change_kind", "public_note"];
const IGNORED = new Set(["csrfmiddlewaretoken", "token", "created_in", ...OF_STEPS]);

// Inline forms of other apps, and names that are typed and not chosen.
const LEFT_OUT = /-(\d+|__prefix__)-|_FORMS$|_typed$/;

// The fields as [name, value] pairs, in the order of the form.
export function entriesOf(form) {
  return [...new FormData(form)].filter(
    ([name, value]) => !IGNORED.has(name) && typeof value === "string" && !LEFT_OUT.test(name),
  );
}

// What is typed for the next step and not in any version yet: notes to readers and to colleagues, a reason.
export function unsentOf(form) {
  const fields = ["note", "override", "public_note"].map((name) => form.elements[name]);
  return fields.filter((field) => field?.value.trim() && field.value !== field.defaultValue);
}

export function isSame(entries, others) {
  return JSON.stringify(entries) === JSON.stringify(others);
}

// Replace the part of a text field that differs. The selection stays at its text.
export function setText(field, text) {
  const old = field.value;
  if (old === text) return;
  let start = 0;
  while (start < old.length && old[start] === text[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, text.length) - start;
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  const focused = document.activeElement;
  const inserted = text.slice(start, text.length - end);
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, old.length - end);
  // execCommand is the only way that native undo knows of; it fails in a hidden field.
  const command = inserted ? "insertText" : "delete";
  if (!document.execCommand(command, false, inserted) || field.value !== text) field.value = text;
  const moved = (place) => (place <= start ? place : Math.max(start, place + text.length - old.length));
  field.setSelectionRange(moved(from), moved(to));
  if (focused !== field) focused?.focus?.({ preventScroll: true });
}

// Put values from the server into the form. `labels` has the names of rows by field and key.
export function setFields(form, fields, labels = {}) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name === "authors" ? "byline" : name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = Boolean(value);
    else if (field.tagName === "SELECT") setChosen(field, value, labels[name] ?? labels[field.name] ?? {});
    else if (field.type === "text" || field.tagName === "TEXTAREA") setText(field, String(value ?? ""));
    else field.value = value ?? "";
  }
}

function setChosen(select, value, labels) {
  const keys = (Array.isArray(value) ? value : [value]).filter((key) => key !== null).map(String);
  for (const key of keys) {
    const known = [...select.options].some((option) => option.value === key);
    if (!known) select.add(new Option(labels[key] ?? key, key));
  }
  for (const option of select.options) option.selected = keys.includes(option.value);
  // In the order of the byline: a select sends its options in the order of the page.
  if (select.multiple) {
    select.append(...keys.map((key) => [...select.options].find((option) => option.value === key)));
  }
  // Widgets draw themselves again.
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

// Entries by name; those of a field that may have several values are lists.
export function valuesOf(form, entries) {
  const selects = [...form.elements].filter((field) => field.multiple);
  const values = Object.fromEntries(selects.map((field) => [field.name, []]));
  for (const [name, value] of entries) {
    if (Array.isArray(values[name])) values[name].push(value);
    else values[name] = value;
  }
  return values;
}

// What the keys in selects stand for, by field and key.
export function labelsOf(form) {
  const selects = [...form.elements].filter((field) => field.tagName === "SELECT");
  const labels = (field) => Object.fromEntries([...field.options].map((one) => [one.value, one.text]));
  return Object.fromEntries(selects.map((field) => [field.name, labels(field)]));
}
