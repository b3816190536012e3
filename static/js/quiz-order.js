// Ordering: buttons, Alt with the arrow keys, and dragging move items. The selects, which the style sheet
// hides when scripts run, hold the order.

import { fill } from "./helpers.js";

const paper = document.querySelector("form.quiz");

const text = (item) => {
  const words = item.querySelector(".what").textContent.trim().replace(/\s+/g, " ");
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
};

function arrange(order) {
  const list = order.querySelector("ol");
  const selects = [...order.querySelectorAll("select")];
  const live = order.querySelector("[role=status]");
  const untouched = order.querySelector(".untouched");
  // In the order of the page, before any move.
  const original = [...list.children];

  function readBack() {
    const items = selects.map(({ value }) => original.find((item) => item.dataset.token === value));
    const isAnswered = items.every(Boolean);
    list.append(...(isAnswered ? items : original));
    untouched.hidden = isAnswered;
  }

  function write() {
    [...list.children].forEach((item, place) => (selects[place].value = item.dataset.token));
    untouched.hidden = true;
    selects[0].dispatchEvent(new Event("change", { bubbles: true }));
  }

  function announce(item) {
    const place = [...list.children].indexOf(item) + 1;
    live.textContent = fill(order.dataset.moved, { item: text(item), place, count: original.length });
  }

  // Moves the neighbour, so that the item keeps focus and pointer.
  function swap(item, by) {
    const neighbour = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (neighbour) item[by < 0 ? "after" : "before"](neighbour);
    return Boolean(neighbour);
  }

  function move(item, by) {
    if (!swap(item, by)) {
      live.textContent = fill(by < 0 ? order.dataset.first : order.dataset.last, { item: text(item) });
      return;
    }
    write();
    announce(item);
    item.scrollIntoView({ block: "nearest" });
  }

  function drag(item, y) {
    const middle = (other) => {
      const { top, height } = other.getBoundingClientRect();
      return top + height / 2;
    };
    const { previousElementSibling: before, nextElementSibling: after } = item;
    if (before && y < middle(before)) return swap(item, -1);
    return Boolean(after && y > middle(after) && swap(item, 1));
  }

  function makeDraggable(item) {
    const grip = item.querySelector(".grip");
    let isMoved = false;
    grip.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      item.classList.add("held");
      isMoved = false;
    });
    grip.addEventListener("pointermove", (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      while (drag(item, event.clientY)) isMoved = true;
    });
    grip.addEventListener("lostpointercapture", () => {
      item.classList.remove("held");
      if (!isMoved) return;
      write();
      announce(item);
    });
  }

  original.forEach(makeDraggable);
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-by]");
    if (button) move(button.closest("li"), Number(button.dataset.by));
  });
  list.addEventListener("keydown", (event) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(event.target.closest("li"), event.key === "ArrowUp" ? -1 : 1);
  });
  order.querySelector("[data-keep]").addEventListener("click", () => {
    write();
    live.textContent = order.dataset.kept;
    list.querySelector("button").focus();
  });
  paper.addEventListener("restored", readBack);
  // After the browser has reset the selects.
  paper.addEventListener("reset", () => setTimeout(readBack));
  addEventListener("pageshow", readBack);
  readBack();
}

document.querySelectorAll("[data-order]").forEach(arrange);
