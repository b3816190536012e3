// Shows the progress of a change of many articles; without this script, the page is loaded again by hand.

import { request } from "./helpers.js";

const EVERY = 3000;

async function look() {
  try {
    const text = await (await request(location.href)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    if (page.querySelector("form.bulk[data-finished]")) {
      location.reload();
      return;
    }
    document.querySelector("#progress").value = page.querySelector("#progress").value;
    document.querySelector("[data-number]").textContent = page.querySelector("[data-number]").textContent;
  } catch {
    // The server does not answer: the next look may find it.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
