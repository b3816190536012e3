// Applies the reader's choice of theme before the first paint: a classic script that the head waits for, so
// it imports nothing.
(() => {
  const themes = ["auto", "light", "dark"];
  const root = document.documentElement;

  const stored = () => {
    try {
      const theme = localStorage.getItem("theme");
      return themes.includes(theme) ? theme : "auto";
    } catch {
      return "auto"; // Storage is blocked; the choice then lasts as long as the page.
    }
  };

  const apply = (theme) => {
    root.dataset.theme = theme;
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      const scheme = meta.dataset.scheme;
      const chosen = theme === scheme ? "all" : "not all";
      meta.media = theme === "auto" ? `(prefers-color-scheme: ${scheme})` : chosen;
    }
    const control = document.getElementById("theme");
    if (control) control.title = control.ariaLabel = control.dataset[theme];
  };

  apply(stored());
  addEventListener("storage", (event) => event.key === "theme" && apply(stored()));
  addEventListener("pageshow", (event) => event.persisted && apply(stored()));
  addEventListener("DOMContentLoaded", () => {
    apply(root.dataset.theme);
    document.getElementById("theme")?.addEventListener("click", () => {
      const theme = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
      apply(theme);
      try {
        localStorage.setItem("theme", theme);
      } catch {
        // See above.
      }
    });
  });
})();
