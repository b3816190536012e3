// Copies the address beside a button.

for (const button of document.querySelectorAll("[data-address]")) {
  const { address, copied, notCopied } = button.dataset;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = copied;
    } catch {
      button.textContent = notCopied;
    }
    setTimeout(() => (button.textContent = words), 3000);
  });
}
