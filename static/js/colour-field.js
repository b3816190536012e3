// Beside a colour that is typed: how it reads on light and dark pages, and a button to choose it by eye.

for (const field of document.querySelectorAll(".colour-field")) {
  const input = field.querySelector("input");
  const report = field.querySelector(".colour-report");
  let timer;

  const picker = document.createElement("input");
  picker.type = "color";
  const name = input.labels[0]?.textContent.replace(":", "").trim() ?? gettext("colour");
  picker.ariaLabel = interpolate(gettext("Choose: %s"), [name]);

  const isColour = () => /^#[0-9a-f]{6}$/i.test(input.value.trim());
  const update = async () => {
    const query = new URLSearchParams({ colour: input.value, automatic: field.dataset.automatic });
    try {
      const answer = await fetch(`${field.dataset.url}?${query}`);
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      report.replaceChildren(...page.body.children);
    } catch {
      // Offline: the next letter tries again.
    }
  };
  const show = () => {
    picker.value = isColour() ? input.value.trim().toLowerCase() : field.dataset.automatic || "#000000";
    clearTimeout(timer);
    timer = setTimeout(update, 200);
  };

  picker.addEventListener("input", (event) => {
    event.stopPropagation();
    input.value = picker.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  input.addEventListener("input", show);
  input.after(picker);
  picker.value = isColour() ? input.value.toLowerCase() : field.dataset.automatic || "#000000";
}
