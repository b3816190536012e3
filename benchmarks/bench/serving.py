"""A served article beside a bare WSGI application of the same bytes, starts, comments, and what a first view loads."""

import pickle
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median

from . import addresses
from .load import Sample, WrongAnswer, closed_loop, fetch, request
from .seeds import ROOT, environment, site
from .served import BARE, SITE, Served, free_port

# What programs send, and what browsers send.
ENCODINGS = {"plain": "", "compressed": "gzip, deflate, br, zstd"}
CONNECTIONS = 16
WRITERS = 8
# What the server adds to every answer, and the store to a cached one.
NOT_OURS = {"server", "date", "connection", "age"}
START_SECONDS = 120


def beside_bare(number: int, directory: Path, server: str, rounds: int, seconds: float) -> dict[str, dict]:
    """What a cached article costs beside a bare application of the same bytes, plain and compressed.

    "of bare" is how many articles are answered in the processor time of one bare answer: the rate of a fast server
    is that of the load, which shares the processors. The two are loaded in turns, so that what else the machine does
    falls on both; "rate" is the median of the ratios of neighbouring turns.
    """
    env = site(number, directory, BARE_ANSWERS=str(directory / "answers"))
    with ExitStack() as stack:

        def serve(application):
            return stack.enter_context(Served.by(server, application, env, directory / "server.log"))

        servers, answers = {"site": serve(SITE)}, {}
        for encoding in ENCODINGS.values():
            for _ in range(4):
                headers, body = fetch(servers["site"].port, addresses.ARTICLE, encoding)
            answers[addresses.ARTICLE, encoding] = ([pair for pair in headers if pair[0].lower() not in NOT_OURS], body)
        (directory / "answers").write_bytes(pickle.dumps(answers))
        servers["bare"] = serve(BARE)
        return {way: _turns(servers, encoding, rounds, seconds) for way, encoding in ENCODINGS.items()}


def _turns(servers: dict[str, Served], encoding: str, rounds: int, seconds: float) -> dict[str, float]:
    message = request(addresses.ARTICLE, encoding)
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    cpu = dict.fromkeys(servers, 0.0)
    # The first turn warms up. The others change direction, so that none always follows the same neighbour.
    for turn in range(rounds + 1):
        for name in list(servers) if turn % 2 else reversed(servers):
            before = servers[name].cpu_seconds()
            sample = closed_loop(servers[name], message, CONNECTIONS, seconds if turn else 0.3)
            if turn:
                cpu[name] += servers[name].cpu_seconds() - before
                samples[name].append(sample)
    each = {name: 1000 * cpu[name] / sum(len(sample.latencies) for sample in samples[name]) for name in servers}
    pairs = zip(samples["site"], samples["bare"], strict=True)
    return {
        "rate": median(ours.rate / theirs.rate for ours, theirs in pairs),
        "of bare": each["bare"] / each["site"],
        "CPU ms": each["site"],
        "bare CPU ms": each["bare"],
        "per second": median(sample.rate for sample in samples["site"]),
        "bare per second": median(sample.rate for sample in samples["bare"]),
    }


def later_run(directory: Path) -> float:
    """Seconds from the second `make run` to the first answer, with the demo."""
    directory.mkdir()
    for _ in range(2):
        port = free_port()
        env = environment(directory, PORT=str(port), SITE_URL=f"http://127.0.0.1:{port}")
        env["DATABASE_URL"] = f"sqlite:///{directory / 'publishing.sqlite3'}"
        launched = time.monotonic()
        process = subprocess.Popen(
            [ROOT / "deploy" / "run"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            taken = _seconds_to_answer(port, launched)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
    return taken


def _seconds_to_answer(port: int, launched: float) -> float:
    while time.monotonic() < launched + START_SECONDS:
        try:
            fetch(port, "/")
        except (OSError, WrongAnswer):
            time.sleep(0.01)
        else:
            return time.monotonic() - launched
    raise RuntimeError(f"make run did not answer within {START_SECONDS} s.")


def comments_per_second(number: int, directory: Path, seconds: float) -> float:
    """Comments a second that two workers store, of different readers, without those that a locked database refuses."""
    env = site(number, directory, TRUSTED_PROXIES="1", WEB_CONCURRENCY="2")
    with Served.by("gunicorn", SITE, env, directory / "server.log") as server:
        sample = closed_loop(server, _comments(), WRITERS, seconds, {303, 503})
        return sample.statuses[303] / sample.seconds


def _comments() -> Iterator[bytes]:
    path = f"{addresses.ARTICLE}comments/"
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}
    for number in count(1):
        network = f"10.{number // 250 % 250}.{number % 250}.1"
        body = f"name=Ann&body=What+is+line+{number}+for%3F&homepage=".encode()
        yield request(path, "", "POST", body, **headers, X_Forwarded_For=network)


def first_view_bytes(server: Served) -> dict[str, int] | None:
    """The bytes of the bodies of all files that a browser loads for an article, as sent; None without a Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    if not program:
        return None
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        requests = []
        page.on("requestfinished", lambda request: requests.append(request))
        page.goto(f"http://127.0.0.1:{server.port}{addresses.ARTICLE}", wait_until="networkidle")
        for each in requests:
            if each.method == "GET":
                found[each.url.split("/", 3)[3]] = each.sizes()["responseBodySize"]
        browser.close()
    return found
