// What makes reading an article easier: the place in the contents, copy buttons, links to a passage, large
// pictures, notes beside the text. Without it contents open, and links lead to files and notes.

import { isPlainClick, make, show, words } from "./helpers.js";

const prose = document.querySelector(".spread > .prose");
const styles = document.querySelector("link[data-reading]");
if (styles) styles.media = "all";

// --- contents: open in the margin of a wide window, with the place marked ---

const contents = document.querySelector(".contents details");
const wide = matchMedia("(min-width: 64rem)");

function fold() {
  contents.open = wide.matches;
}

// Browsers with scroll markers need no script for it.
function markPlaces() {
  const links = [...contents.querySelectorAll("a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const last = headings.findLastIndex((heading) => heading?.getBoundingClientRect().top < innerHeight / 3);
    links.forEach((link, index) => (link.ariaCurrent = index === last ? "true" : null));
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66%" });
  for (const heading of headings) if (heading) observer.observe(heading);
}

if (contents) {
  fold();
  wide.addEventListener("change", fold);
  if (!CSS.supports("scroll-target-group", "auto")) markPlaces();
}

// --- copying ---

const address = () => document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];

// Says what happened on the button itself for two seconds.
async function copy(text, button) {
  const { textContent } = button;
  let result = "copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    result = "notCopied";
  }
  button.textContent = (await words())[result];
  setTimeout(() => Object.assign(button, { textContent }), 2000);
}

async function addCopyButton(listing) {
  const button = make("button", { type: "button", className: "copy", textContent: (await words()).copy });
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(listing.querySelector("code").textContent, button));
  listing.prepend(make("span", { className: "copying" }, button));
}

for (const code of prose?.querySelectorAll("pre > code") ?? []) addCopyButton(code.parentElement);

// --- a link to what is selected: a text fragment ---

const BLOCKS = "p, li, h2, h3, h4, h5, h6, td, th, pre, figcaption, dt, dd";
const LONG = 10;
const ENDS = 4;
const blockOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(BLOCKS);

// The range with the words at its ends in full: browsers find whole words only.
function wholeWords(range) {
  const whole = range.cloneRange();
  const { startContainer: first, endContainer: last } = range;
  if (first.nodeType === Node.TEXT_NODE) {
    whole.setStart(first, first.data.slice(0, range.startOffset).search(/[\p{L}\p{N}’'-]*$/u));
  }
  if (last.nodeType === Node.TEXT_NODE) {
    const rest = last.data.slice(range.endOffset).match(/^[\p{L}\p{N}’'-]*/u)[0];
    whole.setEnd(last, range.endOffset + rest.length);
  }
  return whole;
}

const wordsOf = (range) => range.toString().trim().split(/\s+/);
const encoded = (words) => encodeURIComponent(words.join(" ")).replaceAll("-", "%2D");

function linkTo(range) {
  const whole = wholeWords(range);
  const start = blockOf(whole.startContainer);
  const end = blockOf(whole.endContainer);
  const words = wordsOf(whole);
  let parts = [words];
  if (start !== end && start && end) {
    const [head, tail] = [whole.cloneRange(), whole.cloneRange()];
    head.setEnd(start, start.childNodes.length);
    tail.setStart(end, 0);
    parts = [wordsOf(head).slice(0, ENDS), wordsOf(tail).slice(-ENDS)];
  } else if (words.length > LONG) {
    parts = [words.slice(0, ENDS), words.slice(-ENDS)];
  }
  return `${address()}#:~:text=${parts.map(encoded).join(",")}`;
}

const quote = make("button", { type: "button", className: "quote", hidden: true });

function selected() {
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed && selection.getRangeAt(0);
  const isInText = range && prose.contains(range.commonAncestorContainer);
  return isInText && range.toString().trim().length > 2 ? range : null;
}

async function offer() {
  quote.textContent ||= (await words()).copyLink;
  const range = selected();
  quote.hidden = !range;
  if (!range) return;
  const { bottom, left } = range.getBoundingClientRect();
  const most = document.documentElement.clientWidth - quote.offsetWidth - 8;
  quote.style.top = `${scrollY + bottom + 8}px`;
  quote.style.left = `${Math.max(8, Math.min(left, most))}px`;
}

if (prose) {
  let timer = 0;
  document.body.append(quote);
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, 300);
  });
  // A press would end the selection.
  quote.addEventListener("pointerdown", (event) => event.preventDefault());
  quote.addEventListener("click", () => {
    const range = selected();
    if (range) copy(linkTo(range), quote);
  });
}

// --- a picture in its own size, and notes beside the text ---

async function enlarge(link) {
  const { picture, close } = await words();
  const small = link.querySelector("img");
  const large = make("img", { src: link.href, alt: small.alt });
  const dialog = show("enlarged", picture, close, large);
  dialog.addEventListener("click", () => dialog.close());
}

function showNote(link) {
  const note = document.getElementById(link.hash.slice(1));
  if (!note || note.getClientRects().length) return false;
  const sides = [...prose.querySelectorAll(".side")];
  const side = sides.find((each) => `fn${each.querySelector("b").textContent}` === note.id);
  side.tabIndex = -1;
  side.focus();
  return true;
}

prose?.addEventListener("click", (event) => {
  const picture = event.target.closest("a.zoom");
  const reference = event.target.closest(".footnote-ref a");
  if (!isPlainClick(event)) return;
  if (reference && showNote(reference)) event.preventDefault();
  if (picture) {
    event.preventDefault();
    enlarge(picture);
  }
});
