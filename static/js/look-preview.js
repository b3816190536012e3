// Pages with what is typed into the form beside them: they are rendered by the server, and nothing is stored.

const form = document.querySelector(".previews").closest("form");
const frames = [...document.querySelectorAll(".preview iframe")];
let timer;
let running = new AbortController();

// Put a rendered page into a frame that shows one already, so that it neither blinks nor scrolls.
function put(page, old) {
  const [now, next] = [old, page].map((one) => [...one.querySelectorAll("[data-colours]")].at(-1));
  if (now && next && now.getAttribute("href") !== next.getAttribute("href")) {
    const link = old.importNode(next);
    link.addEventListener("load", () => now.remove(), { once: true });
    now.after(link);
  }
  old.body.replaceWith(old.importNode(page.body, true));
}

async function show() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const body = new FormData(form);
  for (const frame of frames) {
    try {
      const answer = await fetch(frame.getAttribute("src"), { method: "POST", body, signal });
      if (!answer.ok || answer.redirected) continue;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (frame.contentDocument?.body) put(page, frame.contentDocument);
    } catch {
      // A later change stopped it, or the network is away: the next letter tries again.
    }
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(show, 300);
}

// The theme of the admin.
function paint(frame) {
  const { theme } = document.documentElement.dataset;
  if (theme) frame.contentDocument?.documentElement?.setAttribute("data-theme", theme);
}

form.addEventListener("input", soon);
form.addEventListener("change", soon);
for (const frame of frames) {
  paint(frame);
  frame.addEventListener("load", () => paint(frame));
}
