"""How pages of a served demo arrive and stay put: `make run` in one terminal, `make look` in another.

Prints and limits: the bytes of the first view (HTML and the style sheets that it waits for, those in the head, as the
server sends them with brotli) of the front page and of every article; the script of an article; the place of the first
line of text on a phone; and the layout shift of every kind of page, at four widths, in both schemes, with the typeface
2.5 seconds late. Ends with status 1 if a limit is passed. With `--lighthouse`, Lighthouse rates three pages on a phone
instead, in the median of five runs.
"""

import json
import re
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import brotli

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE.parent / "check-pages")]

from test_pages import READERS  # noqa: E402

from publishing.tests.browser import launched  # noqa: E402

FIRST_VIEW, SCRIPT, FIRST_LINE, SHIFT = 14_336, 10_240, 620, 0.02
WIDTHS, SCHEMES = (360, 768, 1280, 1920), ("light", "dark")
FONT_SECONDS = 2.5
LIGHTHOUSE = HERE / "node_modules/.bin/lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# The least of each category, in the order above.
LEAST = (98, 100, 100, 100)
RATED = ("/", "/articles/why-a-dict-remembers-its-order/", "/quizzes/routing-and-requests/")
SHIFTED = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
# Where the text begins without the notice above it.
TOP = """() => {
  document.querySelector(".notice")?.remove();
  const text = document.querySelector("article .prose > p");
  return text ? text.getBoundingClientRect().top + scrollY : 0;
}"""


class Table:
    def __init__(self):
        self.missed = 0

    def row(self, what: str, page: str, found: float, limit: float) -> None:
        self.missed += found > limit
        sign = "MISSED" if found > limit else "ok"
        sys.stdout.write(f"{what:<28} {page[:62]:<62} {found:>9,.4g} {limit:>9,.4g}  {sign}\n")
        sys.stdout.flush()


def sent(address: str) -> bytes:
    """The body as it is sent to a browser."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        return response.read()


def exists(address: str) -> bool:
    try:
        return bool(sent(address))
    except urllib.error.HTTPError as error:
        return error.code == 404 and "no-such" in address


def articles(base: str) -> list[str]:
    """The paths of all articles, from the sitemap."""
    with urllib.request.urlopen(f"{base}/sitemap-articles-1.xml") as response:  # noqa: S310
        return re.findall(rb"(?:<loc>)[^<]*?(/articles/[a-z0-9-]+/)<", response.read()).copy()


def stored(address: str) -> bytes:
    """The body once it is compressed for the store, which a thread does after the first request."""
    best = sent(address)
    for _ in range(20):
        time.sleep(0.2)
        if len(body := sent(address)) < len(best):
            return body
    return best


def weights(base: str, path: str) -> tuple[int, int]:
    """Bytes of HTML and the style sheets in its head, and of scripts."""
    body = stored(base + path)
    html = brotli.decompress(body).decode()
    head = html[: html.index("</head>")]
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"(?! media)', head)
    scripts = re.findall(r'<(?:script[^>]*? src|link rel="modulepreload" href)="([^"]+)"', html)
    first = len(body) + sum(len(sent(base + one)) for one in styles)
    return first, sum(len(sent(base + one)) for one in {*scripts})


def shift(browser, base: str, path: str, width: int, scheme: str, seconds: float) -> float:
    context = browser.new_context(base_url=base, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    if seconds:
        page.route("**/*.woff2", lambda route: (time.sleep(seconds), route.continue_()))
    page.add_init_script(f"({SHIFTED})()")
    page.goto(path, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    found = page.evaluate("window.shifted")
    context.close()
    return found


def measure(base: str) -> int:
    table = Table()
    with launched() as browser:
        paths = [path.decode() for path in articles(base)]
        phone = browser.new_context(base_url=base, viewport={"width": 360, "height": 800}).new_page()
        for path in ("/", *paths):
            first, script = weights(base, path)
            table.row("first view, bytes", path, first, FIRST_VIEW)
            table.row("script, bytes", path, script, SCRIPT)
        for path in paths:
            phone.goto(path, wait_until="networkidle")
            table.row("first line at 360 px, px", path, phone.evaluate(TOP), FIRST_LINE)
        for path in filter(lambda path: exists(base + path), READERS):
            for seconds, limit in ((0, 0.0005), (FONT_SECONDS, SHIFT)):
                sizes = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
                if seconds:
                    # Fonts come late whatever the scheme.
                    sizes = [(width, "light") for width in WIDTHS]
                worst = max(shift(browser, base, path, *size, seconds) for size in sizes)
                table.row(f"shift, font {seconds} s late", path, worst, limit)
    return 1 if table.missed else 0


def rate(base: str) -> int:
    """Lighthouse on a phone, the median of five runs of each page."""
    program, missed = subprocess.check_output(["which", "chromium"], text=True).strip(), 0  # noqa: S607
    for path in RATED:
        runs = []
        for _ in range(5):
            command = [
                LIGHTHOUSE, base + path, "--quiet", "--output=json",
                f"--chrome-path={program}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            ]  # fmt: skip
            found = json.loads(subprocess.check_output(command))
            runs.append([round(100 * found["categories"][name]["score"]) for name in CATEGORIES])
        medians = [statistics.median(one) for one in zip(*runs, strict=True)]
        missed += any(one < least for one, least in zip(medians, LEAST, strict=True))
        sys.stdout.write(f"{path:<60} {dict(zip(CATEGORIES, medians, strict=True))}, of {runs}\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    address = sys.argv[1].rstrip("/")
    sys.exit(rate(address) if "--lighthouse" in sys.argv else measure(address))
