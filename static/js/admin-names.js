// Names for what scripts of Django's admin make without one: boxes that choose by typing, and tips.
const MADE = ".select2-container, .help-tooltip";

function nameBox(container) {
  const select = container.previousElementSibling;
  const label = select?.labels?.[0];
  const name = select?.getAttribute("aria-label") || label?.textContent.trim().replace(/:$/, "");
  const box = container.querySelector(".select2-selection");
  const rows = container.querySelector(".select2-selection__rendered");
  if (!name || !box) return;
  const isSingle = rows.localName !== "ul";
  if (isSingle) {
    // The box is the control; that its text is one too is an error of the library.
    for (const attribute of ["role", "aria-readonly"]) rows.removeAttribute(attribute);
    box.setAttribute("aria-label", name);
    box.setAttribute("aria-labelledby", `${box.id || (box.id = `${rows.id}-box`)} ${rows.id}`);
  } else {
    box.setAttribute("aria-label", name);
    rows.setAttribute("role", "presentation");
    for (const row of rows.children) row.setAttribute("role", "presentation");
  }
  container.querySelector("input")?.setAttribute("aria-label", name);
}

function nameSearch(field) {
  if (!field.getAttribute("aria-label")) field.setAttribute("aria-label", gettext("Type to search"));
}

function nameIn(root) {
  // A head without a word is no head.
  for (const head of root.querySelectorAll(".tabular th:empty")) head.setAttribute("role", "cell");
  for (const tip of root.querySelectorAll(".help-tooltip[aria-label]")) tip.setAttribute("role", "img");
  for (const container of root.querySelectorAll(".select2-container")) nameBox(container);
  for (const field of root.querySelectorAll(".select2-dropdown .select2-search__field")) nameSearch(field);
}

// Where rows are blocks, in a narrow window, style sheets show the words of the head beside each field.
function nameCells() {
  for (const cell of document.querySelectorAll(".tabular tr.form-row > td")) {
    const head = cell.closest("table").tHead?.rows[0].cells[cell.cellIndex];
    if (head) cell.dataset.head = head.textContent.trim();
  }
}

nameCells();
// The heads of a question's table depend on its kind.
document.addEventListener("change", nameCells);
nameIn(document);
new MutationObserver((changes) => {
  const isTheirs = ({ target, addedNodes }) =>
    target.closest?.(".select2-container") ||
    [...addedNodes].some((node) => node.matches?.(MADE) || node.querySelector?.(MADE));
  if (changes.some(isTheirs)) nameIn(document);
}).observe(document.body, { childList: true, subtree: true });
