"""Processes of the site are killed while readers send forms."""

import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from publishing.tests.postgres import Postgres

from .fault_postgres import stopped
from .forms import QUIZ, comment, counted, quiz_forms, send
from .site import ARTICLE, COMMENTS, ask, prepared, processes
from .table import fault

ACCEPTED = 40
# Comments of one writer, and processes that are killed meanwhile.
TURNS, KILLS = 250, 6


def kill(site):
    """End gunicorn and its workers at once, without a word."""
    for pid in processes(site):
        os.kill(pid, signal.SIGKILL)


@fault("killed while it stores", short=False)
def killed_while_it_stores(table, folder):
    postgres = Postgres(folder)
    site = prepared(folder, DATABASE_URL=postgres.address)
    accepted, enough = [], threading.Event()
    with stopped(postgres):
        with site.served(workers=2), ThreadPoolExecutor(8) as pool:
            paper = ask(site, "GET", QUIZ)

            def hand_in(_):
                answer = send(site, quiz_forms(paper)[-1])
                if answer.status == 303:
                    accepted.append(answer.headers["location"])
                if len(accepted) >= ACCEPTED:
                    enough.set()

            sending = [pool.submit(hand_in, number) for number in range(10 * ACCEPTED)]
            enough.wait(60)
            kill(site)
            for task in sending:
                task.result()
        with site.served(workers=2):
            results = [ask(site, "GET", place).status for place in accepted]
            table.promise("accepted ones have their results", set(results) == {200}, results)
            table.promise("killed in the middle of it", ACCEPTED <= len(accepted) < 10 * ACCEPTED, len(accepted))
        # The file is renamed at every try to store it, and another one begun.
        files = (site.directory / "quizzes").glob("attempts.spool*")
        waiting = sum(path.read_bytes().count(b"\n{") for path in files)
    site.manage("keep_quizzes")
    found = counted(site, "quizzes_attempt")
    # One that was stored and not yet answered when its process ended is there as well.
    numbers = f"{found}, of {len(accepted)} accepted and {waiting} waiting"
    table.promise("every accepted one is there, and none twice", len(accepted) <= found <= waiting, numbers)
    postgres.cleanup()


@fault("workers killed under load")
def workers_killed(table, folder):
    """Of SQLite and two workers, one is killed again and again, and at last everything."""
    site = prepared(folder)
    accepted, refused, stop = [], Counter(), threading.Event()

    def write(number):
        for turn in range(TURNS):
            if stop.is_set():
                return
            body = f"Killed {number}-{turn}."
            answer = ask(site, "POST", COMMENTS, comment(body), network=f"10.{number}.{turn}.1")
            accepted.append(body) if answer.status == 303 else refused.update([answer.status])

    with site.served(workers=2):
        ask(site, "GET", ARTICLE)
        with ThreadPoolExecutor(4) as pool:
            writing = [pool.submit(write, number) for number in range(4)]
            reads = Counter()
            for _ in range(KILLS):
                time.sleep(0.7)
                os.kill(processes(site)[-1], signal.SIGKILL)
                reads.update(ask(site, "GET", ARTICLE).status for _ in range(20))
            kill(site)
            stop.set()
            for task in writing:
                task.result()
    table.promise(f"{len(accepted)} comments were accepted", len(accepted) >= KILLS, dict(refused))
    table.promise("pages were answered meanwhile", reads[200] >= 0.9 * reads.total(), dict(reads))
    rows = site.execute("SELECT body FROM comments_comment WHERE body LIKE 'Killed%'")
    stored = Counter(body for (body,) in rows)
    lost = set(accepted) - set(stored)
    table.promise("each accepted one is stored", not lost, lost)
    table.promise("and none twice", max(stored.values(), default=0) <= 1, stored.most_common(3))
    with site.served(workers=2):
        table.answer("the page, started again", ask(site, "GET", ARTICLE), 200)
        table.answer("/readyz", ask(site, "GET", "/readyz"), 200)
