"""Opens pages in Chromium, at the width of a desk in light and at that of a phone in dark; readers' in dark at both."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import itemgetter

from axe_playwright_python.sync_playwright import Axe

from publishing.tests.browser import launched, sign_in

# `target-size` is off by default in axe; WCAG 2.2 asks for it.
OPTIONS = {
    "rules": {"target-size": {"enabled": True}, "css-orientation-lock": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What depends on colours and widths.
AGAIN = {"runOnly": ["color-contrast", "link-in-text-block", "target-size"], "resultTypes": ["violations"]}
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
window.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
# To the end, where pictures and slots are loaded.
SCROLL = """() => {
  window.scrollTo(0, document.body.scrollHeight);
  return new Promise((done) => setTimeout(done, 150));
}"""
# What slides or fades is neither wide nor readable on its way.
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(({ effect, playState }) => playState === "running" && effect.getComputedTiming().endTime < Infinity)
  .map((animation) => animation.finished)).then(() => null)"""
RUN = "(options) => window.axe.run(document, options)"
BROWSERS = 2
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
# WCAG 2.2, 1.4.10.
NARROWEST = {"width": 320, "height": 700}
# What sticks out of the page, for the message.
TOO_WIDE = """(width) => document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > width + 1)
  .slice(0, 4).map((element) => element.outerHTML.slice(0, 110))"""


def faults_of(site, visits: list[tuple[str, str]]) -> list[str]:
    """A line for each thing that axe finds, that sticks out, or that the content security policy refuses.

    `visits` are pairs of who looks ("": nobody who is signed in) and a path. Pages of readers also stay put while they
    load, ask no other host and have one main heading. Two browsers share the visits: axe computes.
    """
    with ThreadPoolExecutor(BROWSERS) as pool:
        parts = pool.map(lambda first: _faults_of(site, visits[first::BROWSERS]), range(BROWSERS))
        return sorted(line for part in parts for line in part)


def _faults_of(site, visits) -> list[str]:
    found = []
    with launched() as browser:
        for who, pairs in groupby(sorted(visits), key=itemgetter(0)):
            context = browser.new_context(base_url=site.url, viewport=WIDE, reduced_motion="reduce")
            page, errors = context.new_page(), []
            page.add_init_script(WATCH)
            page.on("pageerror", lambda error, errors=errors: errors.append(f"script: {error}"))
            page.on("request", lambda request, errors=errors: errors.extend(_foreign(request.url, site.url)))
            if who:
                sign_in(page, who)
            for _, path in pairs:
                look = _faults if path.startswith("/admin/") else _readers_faults
                found += [f"{who} {path}: {fault}" for fault in dict.fromkeys([*look(page, path), *errors])]
                errors.clear()
            context.close()
    return found


def _foreign(url: str, ours: str) -> list[str]:
    return [] if url.startswith((ours, "data:", "blob:")) else [f"another host: {url}"]


def _readers_faults(page, path: str) -> Iterator[str]:
    for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.goto(path, wait_until="networkidle")
        page.evaluate(SCROLL)
        yield from (f"refused: {one}" for one in page.evaluate("window.violations"))
        yield from (f"too wide: {one}" for one in page.evaluate(TOO_WIDE, size["width"]))
        if shift := page.evaluate("window.shift"):
            yield f"moves while it loads: {shift:.3f}"
        if (number := page.locator("h1").count()) != 1:
            yield f"main headings: {number}"
        page.evaluate(STILL)
        yield from (f"{scheme}: {one}" for one in _axe(Axe().run(page, options=OPTIONS).response))
    page.set_viewport_size(WIDE)
    yield from (f"dark, wide: {one}" for one in _axe(page.evaluate(RUN, AGAIN)))
    page.set_viewport_size(NARROWEST)
    yield from (f"too wide for {NARROWEST['width']}: {one}" for one in page.evaluate(TOO_WIDE, NARROWEST["width"]))


def _faults(page, path: str) -> Iterator[str]:
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(path)
    yield from (f"refused: {one}" for one in page.evaluate("window.violations"))
    page.evaluate(STILL)
    yield from _axe(Axe().run(page, options=OPTIONS).response)
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    page.evaluate(STILL)
    yield from (f"too wide: {one}" for one in page.evaluate(TOO_WIDE, NARROW["width"]))
    yield from (f"dark, narrow: {one}" for one in _axe(page.evaluate(RUN, AGAIN)))


def _axe(response) -> list[str]:
    return [f"{each['id']}: {node['html'][:150]}" for each in response["violations"] for node in each["nodes"]]
