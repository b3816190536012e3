// Continues a bulk decision until it is finished. Without this script, each press of the button does a part.

import { request } from "./helpers.js";

const form = document.querySelector("form[data-batch]");
const said = form?.querySelector("[data-said]");
const TRIES = 3;

async function step() {
  const data = new FormData(form);
  data.append("quiet", "1");
  const response = await request(location.href, { method: "POST", body: data, redirect: "error" });
  return response.json();
}

function show({ finished, total }) {
  const bar = form.querySelector("progress");
  bar.max = total;
  bar.value = finished;
  const words = interpolate(gettext("%(finished)s of %(total)s"), { finished, total }, true);
  form.querySelector("[data-number]").textContent = words;
}

async function run(button) {
  button.hidden = true;
  said.textContent = gettext("Working…");
  for (let failed = 0; failed < TRIES;) {
    try {
      const state = await step();
      failed = 0;
      show(state);
      if (state.is_finished) return location.reload();
    } catch {
      failed += 1;
    }
  }
  said.textContent = gettext(
    "The server did not respond. Finished decisions are saved: continue later.",
  );
  button.hidden = false;
}

const button = form?.querySelector("button");
if (button) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button);
  });
  run(button);
}
