"""Slow, silent and many clients, directly at gunicorn: readers still get pages."""

import resource
import socket
import time
from contextlib import contextmanager
from threading import Event, Thread

from .fault_signin import SLOWER, cached_seconds
from .site import ARTICLE, COMMENTS, ask, prepared
from .table import fault

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
def crowd(port, number, first, then):
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
                with crowd(site.port, number, first, then):
                    time.sleep(0.5)
                    busy = cached_seconds(site, 30)
                    search = ask(site, "GET", "/search/?q=server")
                if busy <= SLOWER * quiet:
                    break
            found = f"{1000 * quiet:.1f} → {1000 * busy:.1f} ms, ratio {busy / quiet:.1f}"
            table.promise(f"{name}: {found}", busy <= SLOWER * quiet, found)
            table.answer(f"{name}: search", search, 200)
