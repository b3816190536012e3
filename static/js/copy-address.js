// Copies the address beside a button.

import { words } from "./helpers.js";

for (const button of document.querySelectorAll("[data-address]")) {
  const { textContent } = button;
  button.addEventListener("click", async () => {
    let result = "copied";
    try {
      await navigator.clipboard.writeText(button.dataset.address);
    } catch {
      result = "selectAddress";
    }
    button.textContent = (await words())[result];
    setTimeout(() => Object.assign(button, { textContent }), 3000);
  });
}
