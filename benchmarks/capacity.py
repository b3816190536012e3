"""What a processor core carries: CPU time of each kind of request, and the cores for a number of page views a month.

Requests go through Django's test client to the demo in SQLite, without the page store; the client's own time is in the
figures. `--hit-ms` is the CPU time of a cached page with its server, which `make bench` prints. docs/scaling.md has the
arithmetic.
"""

import argparse
import statistics
import tempfile
import time

from demo_visits import ARTICLE, prepare, steps

REPEATS = 30
SECONDS_OF_A_MONTH = 30 * 24 * 3600


def counted_views():
    """The beacon of a reader who saw a page, each from another network."""
    from django.test import Client
    from django.urls import reverse

    numbers = iter(range(10**6))
    browser = {"sec-fetch-site": "same-origin", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"}

    def ready():
        number = next(numbers)
        client = Client(headers=browser, REMOTE_ADDR=f"10.{number // 250 + 1}.{number % 250}.1")
        return lambda: client.post(reverse("articles:view", args=[ARTICLE]))

    return ready


def share_middleware():
    """Each reader is a test client, which would load the middleware for its first request."""
    from django.test.client import ClientHandler

    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    ClientHandler._middleware_chain = staticmethod(handler._middleware_chain)


def cpu_ms(ready) -> float:
    """Median of one request."""
    times = []
    for _ in range(REPEATS):
        do = ready()
        started = time.process_time()
        do()
        times.append(1000 * (time.process_time() - started))
    return statistics.median(times)


def cores(views: float, peak: float, hit_ms: float, view_ms: float, render_ms: float, renders: float) -> float:
    """Cores that are half used at the peak of `views` a month, with `renders` a second."""
    a_second = peak * views / SECONDS_OF_A_MONTH
    return 2 * (a_second * (hit_ms + view_ms) + renders * render_ms) / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hit-ms", type=float, default=0.16, help="CPU of a cached page with its server (0.16)")
    parser.add_argument("--peak", type=float, default=10, help="the busiest minutes, of the mean of a month (10)")
    parser.add_argument("--renders", type=float, default=5, help="pages rendered a second at the peak (5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="capacity-") as directory:
        prepare(directory)
        share_middleware()
        measured = {name: cpu_ms(ready) for name, ready in {**steps(), "view counted": counted_views()}.items()}
    print(f"{'request':<20}{'CPU ms':>8}{'a second on a half-used core':>32}")
    for name, spent in {"page cached (given)": options.hit_ms, **measured}.items():
        print(f"{name:<20}{spent:>8.2f}{500 / spent:>32,.0f}")
    print(f"\n{'page views a month':>20}{'a second at the peak':>24}{'cores':>8}")
    for views in (10**6, 10**7, 10**8, 10**9):
        needed = cores(
            views, options.peak, options.hit_ms, measured["view counted"], measured["article page"], options.renders
        )
        print(f"{views:>20,}{options.peak * views / SECONDS_OF_A_MONTH:>24,.1f}{needed:>8.1f}")


if __name__ == "__main__":
    main()
