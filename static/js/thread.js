// The thread of an article: loads more replies and the next page into this one, and shows readers their own
// waiting comments. Without this script the links lead to separate pages.

import { isPlainClick, readText, words, write } from "./helpers.js";

const thread = document.getElementById("comments");
const slug = thread?.dataset.slug;
const KEY = `commented:${thread?.dataset.article}`;

// A page of this site, parsed by the browser: the content security policy forbids parsing strings.
function load(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onerror = reject;
    request.onload = () => {
      // After a redirect it is another page.
      const isThis = new URL(request.responseURL).search === new URL(address, location.href).search;
      if (request.status === 200 && request.response && isThis) resolve(request.response);
      else reject(new Error(String(request.status)));
    };
    request.send();
  });
}

// Moves the comments of a loaded page into `list`, without those already there, and focuses the first.
function take(items, list) {
  const fresh = [...items].filter((item) => !document.getElementById(item.querySelector(".comment").id));
  list.append(...fresh.map((item) => document.adoptNode(item)));
  fresh[0]?.querySelector(".comment").focus();
}

async function showReplies(link) {
  const page = await load(link.href);
  const line = link.closest("p");
  const next = page.querySelector("#comments [data-more]")?.closest("p");
  const list = line.previousElementSibling;
  if (next) line.replaceWith(document.adoptNode(next));
  else line.remove();
  take(page.querySelectorAll("#comments > ol > li"), list);
}

async function showNext(link) {
  const page = await load(link.href);
  const next = page.querySelector("#comments nav [rel~=next]");
  if (next) link.replaceWith(document.adoptNode(next));
  else link.remove();
  take(page.querySelectorAll("#comments > ol > li"), thread.querySelector(":scope > ol"));
}

thread?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-more], nav [rel~=next]");
  if (!link || !isPlainClick(event)) return;
  event.preventDefault();
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  (link.matches("[data-more]") ? showReplies : showNext)(link).catch(() => location.assign(link.href));
});

// --- this reader's waiting comments ---

async function showOwn() {
  const page = await load(`/comments/mine/?article=${slug}`);
  const { waiting } = await words();
  const own = [...page.querySelectorAll(`.comment[data-status=pending][data-article="${slug}"]`)].reverse();
  if (!own.length) return write(KEY, null);
  // Below the public comments and above the form, wherever that is.
  const end = [...thread.querySelectorAll(":scope > :is(header, ol, nav, .empty)")].at(-1);
  const list = document.createElement("ol");
  for (const comment of own.map((each) => document.adoptNode(each))) {
    const note = document.createElement("span");
    note.className = "tag";
    note.textContent = waiting;
    for (const known of comment.querySelectorAll(".tag:last-of-type, footer a + a")) known.remove();
    comment.querySelector("header").append(note);
    const item = document.createElement("li");
    item.append(comment);
    if (!putUnderParent(item, comment.dataset)) list.append(item);
  }
  if (list.hasChildNodes()) end.after(list);
}

// Puts a reply after those of its parent. Returns whether the parent is on this page.
function putUnderParent(item, { parent, depth }) {
  const place = parent && document.getElementById(parent)?.closest(".thread li");
  if (!place) return false;
  if (depth > 2) {
    item.className = `d${depth}`;
    let last = place;
    while (depthOf(last.nextElementSibling) >= depth) last = last.nextElementSibling;
    last.after(item);
  } else {
    const answers = place.querySelector(":scope > ol") ?? document.createElement("ol");
    if (!answers.isConnected) place.append(answers);
    answers.append(item);
  }
  return true;
}

// The depth of an item in a list of replies; 0 without one.
const depthOf = (item) => item && Number(item.className.slice(1) || 2);

if (slug && readText(KEY)) showOwn().catch(() => {});
