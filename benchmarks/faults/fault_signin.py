"""Passwords tried by machines: readers keep their pages, and the owner gets in."""

import statistics
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from itertools import count
from threading import Event, Thread
from types import SimpleNamespace

from publishing.tests.served import ROOT

from .site import PASSWORD, ask, form_of, prepared
from .table import fault

AT_ONCE = 8
# How many times as long a cached page may take while passwords are tried, by its median.
SLOWER = 3
SIGN_IN = "/admin/login/"
# Seconds: checking a password is slow on purpose, and slower on a machine that is busy.
HASHED = 10


def cached_seconds(site, requests=60):
    """The median time of a cached page, asked by one reader a hundred times a second."""
    taken = []
    for _ in range(requests):
        taken.append(ask(site, "GET", "/", network="198.51.100.7").seconds)
        time.sleep(0.01)
    return statistics.median(taken)


def sign_in(site, name, password, network, cookies=""):
    page = ask(site, "GET", SIGN_IN, network=network)
    found = SimpleCookie(page.headers["set-cookie"])
    cookies = "; ".join(filter(None, [cookies, *(f"{cookie.key}={cookie.value}" for cookie in found.values())]))
    fields = form_of(page) | {"username": name, "password": password}
    return ask(site, "POST", SIGN_IN, fields, network=network, Cookie=cookies, Origin=site.url)


def spray(site, network_of, stop):
    """Try passwords, `AT_ONCE` at a time, until `stop`; counts the answers by status. `network_of(worker, turn)`."""
    page, statuses = ask(site, "GET", SIGN_IN), {}
    cookie, fields = page.headers["set-cookie"].split(";")[0], form_of(page)

    def worker(number):
        for turn in count():
            if stop.is_set():
                return
            sent = fields | {"username": f"name-{number}-{turn}", "password": "guessed"}
            answer = ask(site, "POST", SIGN_IN, sent, network=network_of(number, turn), Cookie=cookie, Origin=site.url)
            statuses[answer.status] = statuses.get(answer.status, 0) + 1

    workers = [Thread(target=worker, args=(number,)) for number in range(AT_ONCE)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return statuses


NETWORKS = {
    "one network": lambda worker, turn: "192.0.2.9",
    "one /48": lambda worker, turn: f"2001:db8:7:{worker:x}{turn % 4096:03x}::1",
    "a /48 each": lambda worker, turn: f"2001:{worker:x}{turn // 65536:03x}:{turn % 65536:x}::1",
}


def flooded(table, site, networks):
    """Compare the cached page without and with passwords tried from `networks`, by a separate process.

    Other programs make both longer: the best of three is the closest.
    """
    for _ in range(3):
        quiet = cached_seconds(site)
        command = [sys.executable, "-m", __spec__.name, str(site.port), networks]
        flood = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        time.sleep(1.5)
        busy = cached_seconds(site)
        statuses, _ = flood.communicate("stop\n")
        if busy <= SLOWER * quiet:
            break
    found = f"{1000 * quiet:.1f} → {1000 * busy:.1f} ms, ratio {busy / quiet:.1f}; answers {statuses.strip()}"
    table.promise(f"{networks}: {found}", busy <= SLOWER * quiet, found)
    return statuses


@fault("passwords tried, 8 at a time")
def passwords_tried(table, folder):
    site = prepared(folder, SIGN_INS_FROM_NETWORK="10/minute; 100/hour", SIGN_INS_BY_NAME="5/5 minutes")
    with site.served(workers=1):
        ask(site, "GET", "/")
        first = sign_in(site, "owner", PASSWORD, "203.0.113.5")
        table.answer("the owner signs in", first, 302, seconds=HASHED)
        known = SimpleCookie(first.headers["set-cookie"])
        for networks in NETWORKS:
            flooded(table, site, networks)
        guesses = [sign_in(site, "owner", "guessed", f"198.51.100.{number}").status for number in range(8)]
        table.promise("five tries of a name in five minutes", guesses == [200] * 4 + [429] * 4, guesses)
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in known.values() if "known" in cookie.key)
        again = sign_in(site, "owner", PASSWORD, "203.0.113.5", cookies)
        table.answer("the owner, known browser", again, 302, seconds=HASHED)


if __name__ == "__main__":
    port, kind, stop = int(sys.argv[1]), sys.argv[2], Event()
    Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    print(spray(SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}"), NETWORKS[kind], stop))
