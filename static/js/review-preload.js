// Shows the next comment at once: the ones after it are loaded in advance. Decisions are sent one after
// another, in order. A refused one is reported next to the comment on the screen, which only its moderator
// replaces.

import { showError } from "./review-errors.js";
import { request } from "./helpers.js";

const AHEAD = 3;
// A key acts on a comment that has been on the screen for this long.
const SEEN_MS = 250;

let hooks = {};
let loaded = [];
let isAwaited = false;
let hasMore = true;
let shownAt = -Infinity;
// Requests to send, and the one in progress.
const queue = [];
let running = null;
let here = location.pathname;

const current = () => document.querySelector(".moderation-page [data-comment]");
const numberOf = (comment) => comment.dataset.comment;
const way = () => document.querySelector("form[data-way=on]:has([name=after])");

export const isReady = () => !isAwaited && performance.now() - shownAt >= SEEN_MS;
isReady.waiting = () => loaded.length;
export const settled = async () => {
  while (running) await running;
};

// --- what is on the screen ---

function putOn(comment) {
  isAwaited = false;
  shownAt = Infinity;
  current().replaceWith(comment);
  const { title, address } = comment.dataset;
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
  hooks.prepare(comment);
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

function take(comment) {
  if (isAwaited) return putOn(comment);
  const has = [current(), ...loaded].some((one) => numberOf(one) === numberOf(comment));
  if (!has && loaded.length <= AHEAD) loaded.push(comment);
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

// --- refused decisions ---

function show(about, refused) {
  if (!refused) return location.assign(about.dataset.address);
  loaded.unshift(current());
  putOn(refused);
}

// --- requests, one after another ---

async function post({ url, data, done, keep, isQuiet }) {
  const on = isAwaited ? keep : [current()];
  const has = [...on, ...loaded].filter(numberOf);
  data.set("ahead", has.map(numberOf).join(","));
  data.set("moment", has.at(-1)?.dataset.moment ?? "");
  const sent = { method: "POST", body: data, redirect: "error", keepalive: true };
  const answer = await request(url, sent).catch(({ response }) => response);
  const text = (await answer?.text().catch(() => "")) ?? "";
  const page = document.importNode(new DOMParser().parseFromString(text, "text/html").body, true);
  const [comment, news] = [page.querySelector("[data-comment]"), page.querySelector(".news")];
  const isDone = Boolean(answer?.ok && news);
  if (isDone) tell(news, { isQuiet });
  done({ isDone, comment });
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
  if (running || !hasMore || loaded.length >= AHEAD || !form || !numberOf(current())) return;
  send(
    form.action,
    new FormData(form),
    ({ isDone, comment }) => {
      hasMore = isDone && Boolean(comment);
      if (isDone && comment) take(comment);
    },
    { isQuiet: true },
  );
}

// A decision, or "next": the next comment is on the screen before the request is sent.
function goOn(form, data) {
  const left = current();
  const next = loaded.shift();
  if (next) putOn(next);
  else wait();
  send(form.action, data, ({ isDone, comment }) => {
    hasMore = isDone && Boolean(comment);
    if (isDone && comment) return take(comment);
    if (isDone && isAwaited) return location.assign(left.dataset.address);
    if (isDone) return null;
    hooks.forget();
    if (!isAwaited) return showError(left, comment, () => show(left, comment));
    return comment ? putOn(comment) : location.assign(left.dataset.address);
  });
}

// Undo, or "previous": what is on the screen comes after the comment that this brings.
function goBack(form, data) {
  const left = current();
  wait();
  send(
    form.action,
    data,
    ({ isDone, comment }) => {
      if (!comment && !isDone) return location.assign(left.dataset.address);
      if (numberOf(left) && comment && numberOf(left) !== numberOf(comment)) loaded.unshift(left);
      return putOn(comment ?? left);
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

// --- leaving the page, and coming back ---

function leave() {
  // Decisions in the queue are sent without waiting for the response.
  for (const { url, data } of queue) {
    data.set("ahead", "");
    if (data.get("was") || data.get("after")) navigator.sendBeacon(url, data);
  }
  queue.length = 0;
  const form = way();
  if (!loaded.length || !form) return;
  const data = new FormData(form);
  data.set("ahead", loaded.map(numberOf).join(","));
  data.set("release", "1");
  navigator.sendBeacon(form.action, data);
  loaded = [];
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
