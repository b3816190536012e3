"""Opens pages with a slot in Chromium and measures what moves. Nothing leaves this machine."""

import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from ..models import Slot
from .cases import BLOCKED, OUTCOMES, PLACEHOLDER, Case, size_of, widths

try:
    from playwright.sync_api import sync_playwright
except ImportError:
    # It is no requirement of a site.
    sync_playwright = None

PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
# What comes in late, after the page has been read for a while; then as long for what follows from it.
LATE_MS, REST_MS, PATIENCE_MS = 300, 300, 6000
# How often it is looked for.
LOOK_MS = 50
HEIGHT = 800

# A reader who has agreed; every shift counts, and the box is measured as soon as it is parsed.
WATCH = """
localStorage.setItem("advertising", JSON.stringify({ answer: "accepted", at: new Date().toISOString() }));
window.shift = 0;
new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shift += value; })
  .observe({ type: "layout-shift", buffered: true });
window.boxOf = (key) => [...document.querySelectorAll(`.slot-${key} > div`)].find((box) => box.checkVisibility());
window.sizeOf = (key) => {
  const { width, height } = window.boxOf(key)?.getBoundingClientRect() ?? {};
  return width ? [width, height] : null;
};
addEventListener("DOMContentLoaded", () => { window.first = window.sizeOf(KEY); });
"""
FOUND = "key => ({ shift: window.shift, first: window.first, last: window.sizeOf(key) })"
# Plays Google's script.
PLAYER = """
(() => {
  const { outcome, size } = PLAY;
  const put = (ins) => {
    const [width, height] = size.map((side) => `${side}px`);
    const frame = document.createElement("iframe");
    frame.style.cssText = `border:0;background:#c33;width:${width};height:${height}`;
    Object.assign(ins.style, { width, height });
    ins.append(frame);
    ins.dataset.adStatus = "filled";
    window.played = frame.offsetWidth === size[0] && frame.offsetHeight === size[1];
  };
  const refuse = (ins) => {
    ins.dataset.adStatus = "unfilled";
    window.played = true;
  };
  const take = () => {
    const ins = document.querySelector("ins.adsbygoogle:not([data-adsbygoogle-status])");
    ins.dataset.adsbygoogleStatus = "done";
    setTimeout(outcome === "none" ? refuse : put, LATE_MS, ins);
  };
  const waiting = window.adsbygoogle ?? [];
  window.adsbygoogle = { push: take, loaded: true };
  waiting.forEach(take);
})();
""".replace("LATE_MS", str(LATE_MS))


class NoBrowserError(Exception):
    """Chromium or the library that drives it is not installed."""


@dataclass(frozen=True)
class Opened:
    """A page of one case, and the addresses of AdSense that it has asked for."""

    page: object
    outcome: str
    asked: list[str] = field(default_factory=list)


class Reader:
    """Opens pages of a `pages.Site` in a browser."""

    def __init__(self, browser, site):
        self.name = f"Chromium {browser.version.partition('.')[0]}"
        self._browser, self._site = browser, site
        # The loop of the browser's library runs in this thread, and Django reads no database where one runs.
        self._thread = ThreadPoolExecutor(1)
        self._files = {}

    def cases(self, slot: Slot, path: str, documents: dict) -> Iterator[Case]:
        """Each width and outcome of a slot; `documents` are the page without and with an advertisement.

        All outcomes of a width are open at once: most of the time is waiting.
        """
        here = slot.sizes_here
        for width in widths(slot.key, here):
            opened = [
                self._open(slot, path, documents[outcome != PLACEHOLDER], width, outcome, size_of(here, width, outcome))
                for outcome in OUTCOMES
            ]
            played = [one.outcome == PLACEHOLDER or self._comes(one) for one in opened]
            opened[-1].page.wait_for_timeout(REST_MS)
            for one, is_played in zip(opened, played, strict=True):
                found = one.page.evaluate(FOUND, slot.key)
                one.page.context.close()
                yield Case(width, one.outcome, is_played=is_played, **found)

    def _open(self, slot, path, document, width, outcome, size) -> Opened:
        context = self._browser.new_context(viewport={"width": width, "height": HEIGHT}, service_workers="block")
        opened = Opened(context.new_page(), outcome)
        opened.page.add_init_script(WATCH.replace("KEY", json.dumps(slot.key)))
        play = PLAYER.replace("PLAY", json.dumps({"outcome": outcome, "size": size}))
        opened.page.route("**/*", lambda route: self._route(route, document, path, play, opened))
        opened.page.goto(settings.SITE_URL + path, wait_until="load")
        opened.page.evaluate("key => window.boxOf(key)?.scrollIntoView({ block: 'center' })", slot.key)
        return opened

    def _comes(self, opened: Opened) -> bool:
        """Wait for what is to come. Where there is no box, nothing may be asked for."""
        page, is_blocked = opened.page, opened.outcome == BLOCKED
        if not page.evaluate("window.first"):
            page.wait_for_timeout(LATE_MS)
            return not opened.asked
        for _ in range(PATIENCE_MS // LOOK_MS):
            if opened.asked if is_blocked else page.evaluate("window.played"):
                return True
            page.wait_for_timeout(LOOK_MS)
        return False

    def _route(self, route, document, path, play, opened):
        url, method = route.request.url, route.request.method
        if url.startswith(settings.ADSENSE_SCRIPT_URL):
            opened.asked.append(url)
            if opened.outcome == BLOCKED:
                route.abort("blockedbyclient")
            else:
                headers = {"Access-Control-Allow-Origin": "*"}
                route.fulfill(body=play, content_type="text/javascript", headers=headers)
        elif not url.startswith(f"{settings.SITE_URL}/") or method != "GET":
            # Neither another host, nor a view or an advertisement that would be counted.
            route.abort()
        elif url == settings.SITE_URL + path:
            _fulfill(route, document)
        else:
            _fulfill(route, self._file(urlsplit(url)))

    def _file(self, url):
        address = f"{url.path}?{url.query}" if url.query else url.path
        if address not in self._files:
            self._files[address] = self._thread.submit(self._read, address).result()
        return self._files[address]

    def _read(self, address):
        return sent(self._site.get(address))


def sent(answer) -> tuple[int, dict, bytes]:
    """Status, headers and body of a response."""
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
    return answer.status_code, headers, answer.getvalue()


def _fulfill(route, answer):
    status, headers, body = answer
    route.fulfill(status=status, headers=headers, body=body)


@contextmanager
def reader(site) -> Iterator[Reader]:
    """Raises NoBrowserError."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program or not sync_playwright:
        raise NoBrowserError
    # Its sandbox does not start for root; it opens pages of this site only.
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield Reader(browser, site)
        finally:
            browser.close()
