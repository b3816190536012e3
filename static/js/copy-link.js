// In the admin: copies the text of the field that a button names, which is shown once.

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    let words = gettext("Copied");
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      words = gettext("It is selected: copy it with the keyboard.");
    }
    button.nextElementSibling.value = words;
  });
}
