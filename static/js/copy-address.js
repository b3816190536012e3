// Copies the address beside a button.

for (const button of document.querySelectorAll("[data-address]")) {
  const label = button.firstChild;
  const words = label.data;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.address);
      label.data = "Copied";
    } catch {
      label.data = "Select the address to copy it";
    }
    setTimeout(() => (label.data = words), 3000);
  });
}
