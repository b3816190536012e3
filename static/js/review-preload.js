// Shows the next comment at once: the ones after it are loaded in advance. Decisions are sent one after another,
// in order. A refused one is reported next to the comment on the screen, which only its moderator replaces.

import { showError } from "./review-errors.js";
import { request } from "./helpers.js";

const AHEAD = 3;
// A key acts on a card that has been on the screen for so long.
const SEEN_MS = 250;

let hooks = {};
let cards = [];
let isAwaited = false;
let hasMore = true;
let shownAt = -Infinity;
// Requests that wait for their turn, and the one that is under way.
const queue = [];
let running = null;
let here = location.pathname;

const current = () => document.querySelector(".moderation-page [data-comment]");
const numberOf = (card) => card.dataset.comment;
const way = () => document.querySelector("form[data-way=on]:has([name=after])");

export const isReady = () => !isAwaited && performance.now() - shownAt >= SEEN_MS;
isReady.waiting = () => cards.length;
export const settled = async () => {
  while (running) await running;
};

// --- what is on the screen ---

function putOn(card) {
  isAwaited = false;
  shownAt = Infinity;
  current().replaceWith(card);
  const { title, address } = card.dataset;
  const old = document.querySelector("h1");
  document.title = document.title.replace(old.textContent, () => title);
  // Another element, so that a screen reader reads it although its words are the same.
  const heading = old.cloneNode();
  heading.textContent = title;
  old.replaceWith(heading);
  if (address) {
    history.pushState(null, "", address);
    here = location.pathname;
  }
  scrollTo(0, 0);
  heading.focus();
  hooks.prepare(card);
  document.querySelector(".moderation-page").removeAttribute("aria-busy");
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      shownAt = performance.now();
    }),
  );
}

function wait() {
  isAwaited = true;
  document.querySelector(".moderation-page").setAttribute("aria-busy", "true");
}

function take(card) {
  if (isAwaited) return putOn(card);
  const has = [current(), ...cards].some((one) => numberOf(one) === numberOf(card));
  if (!has && cards.length <= AHEAD) cards.push(card);
}

function tell(news, { isQuiet }) {
  if (!isQuiet) {
    document.querySelector(".news").replaceChildren(...news.childNodes);
    hooks.passing();
  }
  const { number, age } = news.dataset;
  if (number === undefined) return;
  for (const tab of document.querySelectorAll(".queues [aria-current], .narrow > summary")) {
    tab.querySelector(".number").textContent = number;
    if (tab.querySelector(".age")) tab.querySelector(".age").textContent = age;
  }
}

// --- what was not done ---

function show(about, refused) {
  if (!refused) return location.assign(about.dataset.address);
  cards.unshift(current());
  putOn(refused);
}

// --- requests, one after another ---

async function post({ url, data, done, keep, isQuiet }) {
  const on = isAwaited ? keep : [current()];
  const has = [...on, ...cards].filter(numberOf);
  data.set("ahead", has.map(numberOf).join(","));
  data.set("moment", has.at(-1)?.dataset.moment ?? "");
  const sent = { method: "POST", body: data, redirect: "error", keepalive: true };
  const answer = await request(url, sent).catch(({ response }) => response);
  const text = (await answer?.text().catch(() => "")) ?? "";
  const page = document.importNode(new DOMParser().parseFromString(text, "text/html").body, true);
  const [card, news] = [page.querySelector("[data-comment]"), page.querySelector(".news")];
  const isDone = Boolean(answer?.ok && news);
  if (isDone) tell(news, { isQuiet });
  done({ isDone, card });
}

async function run() {
  while (queue.length) await post(queue.shift());
  running = null;
  fill();
}

function send(url, data, done, { keep = [], isQuiet = false } = {}) {
  queue.push({ url, data, done, keep, isQuiet });
  running ??= run();
}

function fill() {
  const form = way();
  if (running || !hasMore || cards.length >= AHEAD || !form || !numberOf(current())) return;
  send(
    form.action,
    new FormData(form),
    ({ isDone, card }) => {
      hasMore = isDone && Boolean(card);
      if (isDone && card) take(card);
    },
    { isQuiet: true },
  );
}

// A decision, or "next": the next card is on the screen before the request is sent.
function goOn(form, data) {
  const left = current();
  const next = cards.shift();
  if (next) putOn(next);
  else wait();
  send(form.action, data, ({ isDone, card }) => {
    hasMore = isDone && Boolean(card);
    if (isDone && card) return take(card);
    if (isDone && isAwaited) return location.assign(left.dataset.address);
    if (isDone) return null;
    hooks.forget();
    if (!isAwaited) return showError(left, card, () => show(left, card));
    return card ? putOn(card) : location.assign(left.dataset.address);
  });
}

// Undo, or "previous": what is on the screen comes after the card that this brings.
function goBack(form, data) {
  const left = current();
  wait();
  send(
    form.action,
    data,
    ({ isDone, card }) => {
      if (!card && !isDone) return location.assign(left.dataset.address);
      if (numberOf(left) && card && numberOf(left) !== numberOf(card)) cards.unshift(left);
      return putOn(card ?? left);
    },
    { keep: [left] },
  );
}

function submit(event) {
  const form = event.target;
  const back = form.dataset.way === "back" || event.submitter?.name === "before";
  if (!form.dataset.way || !current() || event.defaultPrevented) return;
  event.preventDefault();
  if (isAwaited) return;
  const data = new FormData(form, event.submitter);
  if (back) goBack(form, data);
  else goOn(form, data);
}

// --- this page is left, or comes back ---

function leave() {
  // What waits for its turn is decided without an answer.
  for (const { url, data } of queue) {
    data.set("ahead", "");
    if (data.get("was") || data.get("after")) navigator.sendBeacon(url, data);
  }
  queue.length = 0;
  const form = way();
  if (!cards.length || !form) return;
  const data = new FormData(form);
  data.set("ahead", cards.map(numberOf).join(","));
  data.set("release", "1");
  navigator.sendBeacon(form.action, data);
  cards = [];
}

export function start(given) {
  hooks = given;
  shownAt = performance.now();
  if (!current()) return;
  document.addEventListener("submit", submit);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      hasMore = true;
      fill();
    }
  });
  addEventListener("popstate", () => {
    if (location.pathname !== here) location.reload();
  });
  fill();
}
