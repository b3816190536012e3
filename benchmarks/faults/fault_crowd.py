"""Many clients at once, many addresses of one page, and clients that are slow or silent."""

import resource
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from .fault_signin import SLOWER, cached_seconds
from .site import ARTICLE, COMMENTS, ask, prepared, processes
from .table import fault


def memory(site) -> int:
    """Bytes of the processes, pages that they share counted once."""
    kilobytes = 0
    for pid in processes(site):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            kilobytes += int(line.split()[1]) if line.startswith("Pss:") else 0
    return kilobytes * 1024


@fault("200 clients for one page")
def crowd(table, folder):
    """The page is changed first, then requested by all at once; /metrics counts the renders."""
    site = prepared(folder)
    with site.served(workers=2), ThreadPoolExecutor(200) as pool:
        ask(site, "GET", ARTICLE)
        site.run(
            "article = Article.objects.get(slug='" + ARTICLE.split("/")[2] + "'); article.title += '!'; article.save()"
        )
        before = renders(site)
        answers = list(pool.map(lambda _: ask(site, "GET", ARTICLE), range(200)))
        table.answer("the slowest", max(answers, key=lambda answer: answer.seconds), 200)
        wrong = [answer.status for answer in answers if answer.status != 200]
        table.promise("all are answered", not wrong, wrong)
        table.promise("one render", (made := renders(site) - before) == 1, made)


def renders(site) -> int:
    """How many pages all processes have rendered; they write their counters every two seconds."""
    time.sleep(3)
    page = ask(site, "GET", "/metrics", Authorization=f"Bearer {site.environment['METRICS_TOKEN']}")
    rows = [
        line.split()
        for line in page.text.splitlines()
        if line.startswith('publishing_page_store_total{event="renders"')
    ]
    return int(float(rows[0][1]))


@fault("4,000 query strings")
def query_strings(table, folder, queries=2_000):
    """Unknown parameters make no new page; searches make one each, and the oldest go."""
    site = prepared(folder)
    with site.served(workers=2), ThreadPoolExecutor(8) as pool:
        # Load all code.
        for number in range(40):
            ask(site, "GET", f"/search/?q=warm{number}")
            ask(site, "GET", ARTICLE)
        start = memory(site)
        for what, path in (("tracking parameters", f"{ARTICLE}?fbclid="), ("searches", "/search/?q=word")):
            answers = pool.map(lambda number, path=path: ask(site, "GET", f"{path}{number}").status, range(queries))
            statuses = Counter(answers)
            table.promise(f"{queries} {what} are answered", set(statuses) == {200}, dict(statuses))
            grown = memory(site) - start
            table.promise(f"memory grew by {grown / 2**20:.0f} MiB", grown < 64 * 2**20, grown)
        size = sum(path.stat().st_size for path in site.directory.glob("pages.sqlite3*"))
        table.promise(f"the store has {size / 2**20:.0f} MiB on disk", size < 600 * 2**20, size)


@fault("100,000 query strings", short=False)
def more_query_strings(table, folder):
    query_strings(table, folder, queries=50_000)


HOST = "Host: 127.0.0.1\r\n"
POST = f"POST {COMMENTS} HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
# How many, what each sends at first, and then every fifth of a second.
CROWDS = {
    "20 that ask for close and wait": (20, f"GET / HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n", ""),
    "200 silent": (200, "", ""),
    "3,000 silent": (3000, "", ""),
    "40 half requests": (40, f"GET / HTTP/1.1\r\n{HOST}X-Slow: ", "x"),
    "40 slow bodies": (40, f"{POST}Content-Length: 1000\r\n\r\nname=", "x"),
    "40 slow chunks": (40, f"{POST}Transfer-Encoding: chunked\r\n\r\nfff\r\nname=", "x"),
    "40 that read nothing": (40, f"GET {ARTICLE} HTTP/1.1\r\n{HOST}\r\n" * 40, ""),
}


def opened(port, first):
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(first.encode())
    client.setblocking(False)
    return client


@contextmanager
def connected(port, number, first, then):
    """This number of connections at a time: one that is closed is opened again."""
    stop, clients = Event(), [opened(port, first) for _ in range(number)]

    def go_on():
        while not stop.wait(0.2):
            for place, client in enumerate(clients):
                try:
                    client.sendall(then.encode())
                except OSError:
                    client.close()
                    clients[place] = opened(port, first)

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for client in clients:
            client.close()


@fault("slow and silent sockets")
def slow_sockets(table, folder):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 10_000) if most > 0 else 10_000, most))
    site = prepared(folder)
    with site.served(workers=1):
        ask(site, "GET", "/")
        for name, (number, first, then) in CROWDS.items():
            # Other programs make both longer: the best of three is the closest.
            for _ in range(3):
                quiet = cached_seconds(site, 30)
                with connected(site.port, number, first, then):
                    time.sleep(0.5)
                    busy = cached_seconds(site, 30)
                    search = ask(site, "GET", "/search/?q=server")
                if busy <= SLOWER * quiet:
                    break
            found = f"{1000 * quiet:.1f} → {1000 * busy:.1f} ms, ratio {busy / quiet:.1f}"
            table.promise(f"{name}: {found}", busy <= SLOWER * quiet, found)
            table.answer(f"{name}: search", search, 200)
