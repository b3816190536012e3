// Shows the progress of an import or export; without this script, the page is loaded again by hand.

import { request } from "./helpers.js";

const EVERY = 2000;

async function look() {
  try {
    const text = await (await request(location.href)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const [now, next] = [document, page].map((one) => one.querySelector(".moving-state"));
    if (next?.dataset.active === "no") {
      location.reload();
      return;
    }
    if (next && next.dataset.state !== now.dataset.state) {
      now.replaceWith(document.adoptNode(next));
    } else if (next) {
      const [bar, words] = ["#progress", "[data-number]"].map((name) => next.querySelector(name));
      if (bar?.hasAttribute("value")) {
        const shown = now.querySelector("#progress");
        shown.max = bar.max;
        shown.value = bar.value;
      }
      if (words) {
        now.querySelector("[data-number]").textContent = words.textContent;
      } else if (now.children.length !== next.children.length) {
        now.replaceWith(document.adoptNode(next));
      }
    }
  } catch {
    // The server does not answer: the next look may find it.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
