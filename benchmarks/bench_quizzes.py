"""What a paper costs: grading 50 questions of every kind, showing them, and taking a paper in.

`make bench-quizzes` runs it on a new SQLite database. The figures are milliseconds of one process; those of
grading know no database. Only what is printed by one run compares.
"""

import tempfile
import time
from statistics import median

from demo_visits import prepare

ROUNDS = 50
QUESTIONS = 50


def milliseconds(run):
    """Median and slowest of `ROUNDS` calls with the number of the round."""
    times = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        run(number)
        times.append((time.perf_counter() - started) * 1000)
    return median(times), max(times)


def row(what, run):
    middle, slowest = milliseconds(run)
    print(f"{what:<44}{middle:10.2f}{slowest:10.2f}")


def main():
    with tempfile.TemporaryDirectory() as directory:
        prepare(directory)
        measure()


def measure():
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from quizzes import kinds
    from quizzes.tests.factories import EXAMPLES, make_paper, make_quiz, paper_data
    from quizzes.tests.kinds.test_kinds import RIGHT

    every = (list(EXAMPLES) * QUESTIONS)[:QUESTIONS]
    quiz = make_quiz(questions=0, kinds=every)
    paper = make_paper(quiz)
    data = paper_data(quiz, *[RIGHT[kind] for kind in kinds])
    client = Client(headers={"sec-fetch-site": "same-origin"})
    address = quiz.get_absolute_url()
    place = client.post(address, data).headers["Location"]
    from quizzes.models import Attempt

    answers = Attempt.objects.get().answers
    print(f"{QUESTIONS} questions of {len(EXAMPLES)} kinds, {ROUNDS} rounds; ms: median, slowest")
    row("grading", lambda number: kinds.grade_paper(paper.questions, answers))
    row("the paper, uncached", lambda number: client.get(address))
    row("handing in, graded and stored", lambda number: client.post(address, data | {"key": f"{number:032x}"}))
    row("the result", lambda number: client.get(place))
    for what, run in [("the paper", lambda: client.get(address)), ("handing in", lambda: client.post(address, data))]:
        with CaptureQueriesContext(connection) as queries:
            run()
        print(f"statements of {what}: {len(queries)}, transaction marks included")


if __name__ == "__main__":
    main()
