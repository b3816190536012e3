// Advertisements of AdSense. Nothing of Google is loaded before the reader has agreed; then its script, once,
// when the first box is near, and each box when it is.

import { answer, ask, onAnswer } from "./consent.js";
import { askAgain, watch } from "./consent-platform.js";
import { make } from "./helpers.js";

// In pixels, from the edge of the window.
const NEAR = "200px";
// Widths of the window from which sizes count (publishing/sponsors/slots/sizes.py).
const FROM = [0, 768, 1024];

const link = document.querySelector("[data-privacy-choices]");
const { client, consent, platform, script } = link.dataset;
const units = [...document.querySelectorAll("[data-unit]")];
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) fill(target.firstElementChild);
  },
  { rootMargin: NEAR },
);
const held = new Set();
const styles = new MutationObserver((changes) => {
  // The first of several has what it was before; what is set back here is no change of theirs.
  for (const { oldValue, target } of changes.reverse()) {
    if (oldValue === null) target.removeAttribute("style");
    else target.setAttribute("style", oldValue);
  }
  styles.takeRecords();
});
let isAllowed = false;
let isLoaded = false;

function load() {
  if (isLoaded) return;
  isLoaded = true;
  const address = new URL(script);
  address.searchParams.set("client", client);
  document.head.append(make("script", { src: address.href, async: true, crossOrigin: "anonymous" }));
}

// The largest of the sizes for this width of the window that the box has room for.
function sizeOf(unit) {
  const at = FROM.findLastIndex((width) => innerWidth >= width);
  const sizes = unit.dataset.sizes.split(" ")[at].match(/\d+x\d+/g) ?? [];
  const { clientHeight, clientWidth } = unit.parentElement;
  return sizes
    .map((size) => size.split("x").map(Number))
    .filter(([width, height]) => width <= clientWidth && height <= clientHeight)
    .sort((one, other) => other[0] * other[1] - one[0] * one[1])[0];
}

// What is filled in writes styles to the elements around it, such as "height: auto". These keep theirs.
function hold(unit) {
  for (let element = unit; element !== document.body; element = element.parentElement) {
    if (held.has(element)) return;
    held.add(element);
    styles.observe(element, { attributes: true, attributeFilter: ["style"], attributeOldValue: true });
  }
}

function fill(unit) {
  if (!isAllowed || !unit.parentElement.checkVisibility()) return;
  near.unobserve(unit.parentElement);
  const size = sizeOf(unit);
  if (!size) return;
  load();
  hold(unit);
  const place = make("ins", { className: "adsbygoogle" });
  Object.assign(place.dataset, { adClient: client, adSlot: unit.dataset.unit, fullWidthResponsive: "false" });
  Object.assign(place.style, { width: `${size[0]}px`, height: `${size[1]}px` });
  // What is in the box stays until there is an advertisement, and for good if there is none.
  new MutationObserver(() => {
    unit.toggleAttribute("data-filled", place.dataset.adStatus === "filled");
    if (place.dataset.adStatus === "unfilled") place.remove();
  }).observe(place, { attributes: true, attributeFilter: ["data-ad-status"] });
  unit.append(place);
  try {
    (window.adsbygoogle = window.adsbygoogle || []).push({});
  } catch {
    place.remove();
  }
}

function allow() {
  isAllowed = true;
  // Boxes that this width hides are watched, too: the window may become wider.
  for (const unit of units) near.observe(unit.parentElement);
}

// Scripts of others cannot be taken out of a page.
function forbid() {
  isAllowed = false;
  near.disconnect();
  if (isLoaded) location.reload();
}

function decide(isAgreed) {
  if (isAgreed) allow();
  else forbid();
}

function start() {
  if (consent === "tcf") {
    watch(platform, decide);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      askAgain(() => location.assign(link.href));
    });
    return;
  }
  onAnswer((given) => decide(given === "accepted"));
  const given = answer();
  if (given === "accepted") allow();
  else if (!given) ask();
}

if (units.length) {
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
}
