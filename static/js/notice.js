// The notice of maintenance: once dismissed, it stays away from this window, and its times are those of the
// reader. A classic script that the head waits for, so that nothing is hidden after the first paint.
(() => {
  const KEY = "notice";
  const root = document.documentElement;
  // Of what is shown; nothing where it stays.
  const { notice } = document.currentScript.dataset;

  const dismissed = () => {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      return null; // Storage is blocked: it is dismissed for as long as the page is open.
    }
  };

  const dismiss = () => {
    root.dataset.notice = "dismissed";
    try {
      sessionStorage.setItem(KEY, notice);
    } catch {
      // See above.
    }
    // The button that had the focus is gone.
    document.getElementById("main").focus({ preventScroll: true });
  };

  if (notice && dismissed() === notice) root.dataset.notice = "dismissed";

  // Moments in the order and with the digits of the page, with the date unless it is that of the one before.
  const language = `${root.lang === "en" ? "en-GB" : root.lang}-u-nu-latn`;
  const words = (moments, zone) => {
    let before = new Date();
    return moments.map((moment, index) => {
      const date = { day: "numeric", month: "long" };
      const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      const isSameDay = moment.toDateString() === before.toDateString();
      const name = zone && index === moments.length - 1 && { timeZoneName: "short" };
      before = moment;
      return moment.toLocaleString(language, { ...(isSameDay || date), ...time, ...name });
    });
  };

  // The line with the reader's times, without the name of the zone if that takes another line; if even that
  // does, the line stays as it was sent, so that nothing below it moves.
  const localise = (line) => {
    const text = line.parentElement;
    const height = text.offsetHeight;
    for (const zone of [true, false]) {
      const copy = line.cloneNode(true);
      const times = [...copy.querySelectorAll("time")];
      const local = words(times.map((time) => new Date(time.dateTime)), zone);
      times.forEach((time, index) => (time.textContent = local[index]));
      line.replaceWith(copy);
      if (text.offsetHeight === height) return;
      copy.replaceWith(line);
    }
  };

  addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-times]").forEach(localise);
    document.querySelector(".notice button")?.addEventListener("click", dismiss);
  });
})();
