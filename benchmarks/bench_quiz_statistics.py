"""Statistics of 100,000 attempts at 20 questions: seconds and memory, with the project's own code.

Fills a new database in a temporary directory (SQLite, or the one that DATABASE_URL names, which has to be empty)
with one quiz of 20 questions of nine kinds, and counts in a process that does nothing else, so that its peak of memory
is that of counting. Says what the task takes, and what the editors' page takes before it, after it, and when 1,000
attempts have come in since. "CPU" is processor time. See docs/performance.md.
"""

import argparse
import json
import os
import random
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publishing.settings")

KINDS = ["single"] * 8 + ["multiple"] * 4 + ["true_false"] * 2
KINDS += ["short_answer", "numeric", "ordering", "matching", "cloze", "output"]
BATCH = 5_000


# --- what is counted ----------------------------------------------------------------------------


def made_edition():
    """A published quiz with 20 questions."""
    from quizzes.models import BankCategory, Choice, Question, Quiz

    quiz = Quiz.objects.create(title="Bench", slug="bench")
    category = BankCategory.named("Bench")
    for number, kind in enumerate(KINDS, 1):
        fields = {"stem": f"Question {number}"}
        if kind == "cloze":
            fields["stem"] += ": [[1]] and [[2]]"
        if kind == "output":
            fields |= {"program": "print(2)", "language": "python"}
        question = Question(kind=kind, category=category, **fields)
        if kind == "output":
            question.record("2", "CPython 3.11.7")
        question.save()
        Choice.objects.bulk_create(
            Choice(question=question, position=place, **row) for place, row in enumerate(choices_of(kind), 1)
        )
        quiz.place(question)
    return quiz.publish(by=None)


def choices_of(kind):
    texts = ["One", "Two", "Three", "Four", "Five"]
    match kind:
        case "true_false":
            return [{"text": "True", "weight": 100}, {"text": "False"}]
        case "multiple":
            return [{"text": text, "weight": 50 if place < 2 else 0} for place, text in enumerate(texts)]
        case "short_answer":
            return [{"text": "yield", "weight": 100}, {"text": "return", "weight": 50}]
        case "numeric":
            return [{"text": "42", "weight": 100, "tolerance": "1"}]
        case "ordering":
            return [{"text": text} for text in texts]
        case "matching":
            return [{"text": text, "pair": text.lower()} for text in texts]
        case "cloze":
            return [{"text": "for", "weight": 100, "blank": 1}, {"text": "in", "weight": 100, "blank": 2}]
        case "output":
            return []
    return [{"text": text, "weight": 0 if place else 100} for place, text in enumerate(texts[:4])]


def answer_to(question, skill, rng):
    """A reader's answer, right about as often as `skill`, from 0 to 1, says; None for none."""
    ids = [choice["id"] for choice in question["choices"]]
    is_right = rng.random() < skill
    if rng.random() < 0.03:
        return None
    match question["kind"]:
        case "multiple":
            return sorted(ids[:2] if is_right else rng.sample(ids, 2))
        case "short_answer":
            return "yield" if is_right else rng.choice(["return", "next", "a generator", f"word {rng.randrange(3000)}"])
        case "numeric":
            return str(42 if is_right else rng.randrange(1000))
        case "ordering":
            return ids if is_right else rng.sample(ids, len(ids))
        case "matching":
            return {str(left): left if is_right else rng.choice(ids) for left in ids}
        case "cloze":
            return {"1": "for" if is_right else "while", "2": "in" if is_right else f"x{rng.randrange(500)}"}
        case "output":
            return "2" if is_right else str(rng.randrange(20))
    return ids[:1] if is_right else [rng.choice(ids[1:])]


def fill(edition, number, rng):
    """Insert this number of attempts, graded as when they are submitted."""
    from django.db import transaction

    from quizzes import kinds
    from quizzes.models import Attempt

    questions = edition.bundle["questions"]
    # Grading 2,000,000 answers for the benchmark would take longer than what it measures.
    known = {}

    def points(question, answer):
        key = (question["id"], json.dumps(answer))
        if key not in known:
            known[key] = kinds.grade(question, answer).points
        return known[key]

    def attempt():
        skill, answers, marks = rng.random(), {}, {}
        for question in questions:
            key, answer = str(question["id"]), answer_to(question, skill, rng)
            if answer is not None:
                answers[key] = answer
            marks[key] = points(question, answer)
        score = sum(marks.values(), Fraction())
        return Attempt(
            edition=edition, token=secrets.token_hex(13), answers=answers, maximum=len(marks),
            marks={key: str(mark) for key, mark in marks.items()}, order=[[q["id"], []] for q in questions],
            score_numerator=score.numerator, score_denominator=score.denominator,
        )  # fmt: skip

    for start in range(0, number, BATCH):
        with transaction.atomic():
            Attempt.objects.bulk_create((attempt() for _ in range(min(BATCH, number - start))), batch_size=500)


# --- one step, in a separate process ------------------------------------------------------------


def peak():
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def mapped():
    """Of the memory of this process, pages of files that the system can take back at any time, in MB; SQLite's are."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile")) / 1024


def timed(work):
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def opened():
    """The editors' page, through the whole application: its HTML and the CPU seconds of the best of three."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from quizzes.models import Quiz

    client = Client()
    client.force_login(User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0])
    address = reverse("admin:quizzes_quiz_statistics", args=[Quiz.objects.get().pk])
    # The first one also loads templates.
    answers = [timed(lambda: client.get(address)) for _ in range(4)][1:]
    assert {answer.status_code for answer, _ in answers} == {200}
    return answers[0][0].content.decode(), min(seconds for _, seconds in answers)


def work():
    """Do the task that the page asked for: its CPU seconds."""
    from django_tasks_db.models import DBTaskResult

    from quizzes.statistics.tasks import count

    [task] = DBTaskResult.objects.filter(status="READY")
    task.claim("bench")
    result, seconds = timed(lambda: count.func(*task.args_kwargs["args"]))
    task.set_successful(result)
    return seconds


def step(name, attempts):
    """What one process does; prints JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import override_settings

    from quizzes.models import Edition

    if name == "fill":
        call_command("migrate", verbosity=0)
        fill(made_edition(), attempts, random.Random(1))
        return print(json.dumps({}))
    found = {"before": peak()}
    if name == "more":
        fill(Edition.objects.get(), attempts, random.Random(2))
    # As it is served: with DEBUG, Django keeps every statement.
    with override_settings(DEBUG=False):
        if name == "count":
            found["count"] = work()
        else:
            page, found["look"] = opened()
            found["is_counting"] = "Counting attempts" in page
    return print(json.dumps(found | {"peak": peak(), "mapped": mapped()}))


# --- all of it ----------------------------------------------------------------------------------


def environment(directory):
    return os.environ | {
        "VAR_DIR": directory,
        "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{directory}/bench.sqlite3",
        "REDIS_URL": "",
        "SECRET_KEY": secrets.token_urlsafe(50),
        # Without hashed names of static files, which are not requested here.
        "DEBUG": "True",
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver",
        "LOG_LEVEL": "ERROR",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--attempts", type=int, default=100_000, help="attempts to count (100,000)")
    parser.add_argument("--more", type=int, default=1_000, help="attempts to add afterwards (1,000)")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        return step(options.step, options.more if options.step == "more" else options.attempts)
    with tempfile.TemporaryDirectory(prefix="bench-quiz-statistics-") as directory:
        found = {}
        for name in ("fill", "look", "count", "look again", "more"):
            command = [sys.executable, __file__, f"--step={name}"]
            command += [f"--attempts={options.attempts}", f"--more={options.more}"]
            output = subprocess.run(command, env=environment(directory), check=True, stdout=subprocess.PIPE, text=True)
            found[name] = json.loads(output.stdout)
    counted = found["count"]
    assert [found[name]["is_counting"] for name in ("look", "look again", "more")] == [True, False, True]
    rows = [
        ("the editors' page while nothing has been counted, CPU", f"{1000 * found['look']['look']:.0f} ms"),
        (f"the task: {options.attempts:,} attempts at {len(KINDS)} questions, CPU", f"{counted['count']:.2f} s"),
        ("peak memory of the process of the task", f"{counted['peak']:.0f} MB"),
        ("of that, before it began", f"{counted['before']:.0f} MB"),
        ("of that, pages of files, as of SQLite's", f"{counted['mapped']:.0f} MB"),
        ("the editors' page afterwards, CPU", f"{1000 * found['look again']['look']:.0f} ms"),
        (f"the same when {options.more:,} more have come in, CPU", f"{1000 * found['more']['look']:.0f} ms"),
    ]
    width, figures = (max(len(row[i]) for row in rows) for i in range(2))
    for name, figure in rows:
        print(f"| {name.ljust(width)} | {figure.rjust(figures)} |")


if __name__ == "__main__":
    main()
