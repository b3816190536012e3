"""Every process of the site is killed while papers are handed in and the database is away."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

from publishing.tests.postgres import Postgres

from .fault_postgres import stopped
from .forms import QUIZ, counted, quiz_forms, send
from .site import ask, prepared, processes
from .table import fault

ACCEPTED = 40


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
            waiting = (site.directory / "quizzes" / "attempts.spool").read_bytes().count(b"\n{")
            table.promise("killed in the middle of it", ACCEPTED <= len(accepted) < 10 * ACCEPTED, len(accepted))
    site.manage("keep_quizzes")
    found = counted(site, "quizzes_attempt")
    # One that was stored and not yet answered when its process ended is there as well.
    table.promise("every accepted one is there", len(accepted) <= found <= waiting, f"{found} of {len(accepted)}")
    postgres.cleanup()
