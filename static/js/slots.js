// Counts advertisements of the site's own: seen once half of one was visible for a second, and clicked.
const SECOND = 1000;
const timers = new Map();

function stop(link) {
  clearTimeout(timers.get(link));
  timers.delete(link);
}

function seen(link) {
  // An advertisement of another source may stand over it.
  if (getComputedStyle(link).visibility !== "visible") return;
  observer.unobserve(link);
  navigator.sendBeacon(link.dataset.seen);
  delete link.dataset.seen;
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, intersectionRatio } of entries) {
      stop(target);
      if (intersectionRatio >= 0.5) timers.set(target, setTimeout(seen, SECOND, target));
    }
  },
  { threshold: 0.5 },
);

// Nothing counts on a page that is hidden, or only loaded ahead of time.
function look() {
  const isShown = document.visibilityState === "visible" && !document.prerendering;
  for (const link of document.querySelectorAll("a[data-seen]")) {
    stop(link);
    observer.unobserve(link);
    if (isShown) observer.observe(link);
  }
}

function click(event) {
  const link = event.target.closest?.("a[data-clicked]");
  // With the left or the middle button, or a key.
  if (link && event.button < 2) navigator.sendBeacon(link.dataset.clicked);
}

addEventListener("visibilitychange", look, true);
document.addEventListener("prerenderingchange", look);
document.addEventListener("click", click);
document.addEventListener("auxclick", click);
look();
