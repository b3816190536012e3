// Counts a visit once the page has been looked at for a second in all. Nothing is sent for a page that is
// only loaded ahead of time.
const SECOND = 1000;
const url = document.querySelector("[data-view-url]")?.dataset.viewUrl;

let left = SECOND;
let since = 0;
let timer = 0;

function send() {
  removeEventListener("visibilitychange", look, true);
  fetch(url, { method: "POST", keepalive: true }).catch(() => {});
}

function look() {
  clearTimeout(timer);
  if (since) left -= performance.now() - since;
  since = 0;
  if (document.visibilityState !== "visible") return;
  since = performance.now();
  timer = setTimeout(send, Math.max(0, left));
}

function start() {
  addEventListener("visibilitychange", look, true);
  look();
}

if (url) {
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
}
