// Shows staff the way from a page to its form in the admin. Pages are the same for everyone: the cookie that
// stands beside the session says whether to show it.
import { words } from "./helpers.js";

const place = document.querySelector("[data-edit]");

if (place && /(^|; )staff=1/.test(document.cookie)) {
  const link = document.createElement("a");
  link.href = place.dataset.edit;
  link.textContent = (await words()).edit;
  place.append(" ", link);
}
