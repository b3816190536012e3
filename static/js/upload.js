// Sends a large file in parts: a server takes no form of its size. Without it, only small ones can be sent.

import { request } from "./helpers.js";

const PART = 8 * 1024 * 1024;
const PART_TIME = 5 * 60 * 1000;
const form = document.querySelector("form[data-part]");
const file = form.querySelector("input[type=file]");
const shown = form.querySelector("[data-upload]");

function tell(sent, whole) {
  shown.hidden = false;
  shown.querySelector("progress").value = Math.floor((100 * sent) / whole);
  const sizes = [sent, whole].map((bytes) => (bytes / 1024 / 1024).toFixed(1));
  shown.querySelector("[data-number]").textContent = interpolate(gettext("%s of %s MB"), sizes);
}

async function send(source) {
  let upload = "";
  for (let offset = 0; offset < source.size; offset += PART) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("part", source.slice(offset, offset + PART), "part");
    data.append("name", source.name);
    data.append("upload", upload);
    data.append("offset", offset);
    const signal = AbortSignal.timeout(PART_TIME);
    upload = (await (await request(form.dataset.part, { method: "POST", body: data, signal })).json()).upload;
    tell(Math.min(offset + PART, source.size), source.size);
  }
  return upload;
}

form.addEventListener("submit", async (event) => {
  const source = file.files[0];
  if (!source || source.size <= PART) {
    return;
  }
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    form.elements.upload.value = await send(source);
    form.elements.upload_name.value = source.name;
    file.value = "";
    form.submit();
  } catch (error) {
    const told = await error.response?.json().catch(() => null);
    shown.hidden = false;
    const words = told?.error ?? gettext("The server does not answer. Try again.");
    shown.querySelector("[data-number]").textContent = words;
    button.disabled = false;
  }
});
