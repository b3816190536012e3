"""Database time and queries of comments: a thread of 10,000 in a table of 1,000,000, on SQLite and on PostgreSQL.

Fills a new database in a temporary directory (PostgreSQL is started for it), runs what readers and moderators do
through the project's own code, pages and posts through the whole application, and prints how many statements each costs
and how long the database needs for them. A page's statements are run again, and their rows fetched, so that nothing but
the database is timed; for a write its statements and its COMMIT are timed where they happen. See docs/performance.md.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publishing.settings")
COLUMNS = ("what is done", "statements", "ms, median", "ms, slowest")


# --- one database, in a separate process --------------------------------------------------------

# Expressions in SQL for what differs between the comments of the table; {n} is the number of the row.
DIALECTS = {
    "sqlite": {
        "series": "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {rows}) ",
        "from": "comments_comment template, series",
        "path": "printf('%012d', {base} + n)",
        "hex": "printf('%032x', n)",
        "ago": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({seconds}) || ' seconds')",
        "json": "'[]'",
    },
    "postgresql": {
        "series": "",
        "from": "comments_comment template, generate_series(1, {rows}) n",
        "path": "lpad(({base} + n)::text, 12, '0')",
        "hex": "lpad(to_hex(n), 32, '0')",
        "ago": "now() - ({seconds}) * interval '1 second'",
        "json": "'[]'::jsonb",
    },
}
# Of a hundred comments, ninety-five are approved, two each are waiting and rejected, and one is spam.
STATUS = "CASE n % 100 WHEN 0 THEN 'pending' WHEN 50 THEN 'pending' WHEN 1 THEN 'rejected' WHEN 51 THEN 'rejected' "
STATUS += "WHEN 2 THEN 'spam' ELSE 'approved' END"
# A prime, so that every article has comments in every state.
ARTICLES = 997
WORDS = "So I tried it on the second machine as well, with the same file, and it gave the same answer both times. "


def fill_table(rows, articles):
    """Insert `rows` comments without a parent, spread over the articles, in one statement."""
    from django.db import connection

    from comments.models import Comment

    say = {key: text.replace("{rows}", str(rows)) for key, text in DIALECTS[connection.vendor].items()}
    template = Comment.objects.create(article=articles[0], name="Ann", body=WORDS * 3)
    base, first = template.pk, articles[0].pk
    moment = say["ago"].replace("{seconds}", f"({rows} - n) * 30")
    values = {
        "id": f"{base} + n",
        "article_id": f"{first} + n % {len(articles)}",
        "path": say["path"].replace("{base}", str(base)),
        "status": STATUS,
        "is_visible": "CASE WHEN n % 100 IN (0, 1, 2, 50, 51) THEN {false} ELSE {true} END",
        "reason": "CASE WHEN n % 100 IN (1, 51) THEN 'other' ELSE '' END",
        "is_suspect": "CASE WHEN n % 1000 = 0 THEN {true} ELSE {false} END",
        "open_reports": "CASE WHEN n % 2000 = 3 THEN 3 ELSE 0 END",
        "holds": say["json"],
        "reader": say["hex"],
        "network": f"'4/32:' || {say['hex']}",
        "network_range": f"'4/24:' || {say['hex']}",
        "text_key": say["hex"],
        "created_at": moment,
        "decided_at": f"CASE WHEN n % 100 IN (0, 50) THEN NULL ELSE {moment} END",
    }
    true, false = ("1", "0") if connection.vendor == "sqlite" else ("true", "false")
    values = {column: text.replace("{true}", true).replace("{false}", false) for column, text in values.items()}
    columns = [field.column for field in Comment._meta.concrete_fields]
    chosen = ", ".join(values.get(column, f"template.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{say['series']}INSERT INTO comments_comment ({', '.join(columns)}) "
            f"SELECT {chosen} FROM {say['from']} WHERE template.id = {base}"
        )


def fill_thread(article, number):
    """A thread of `number` visible comments as deep as they get: conversations of up to 12, and one in 50 of 400."""
    from django.utils import timezone

    from comments.models import MAX_DEPTH, PATH_DIGITS, Comment

    html = Comment.objects.order_by("pk").values_list("html", flat=True)[0]
    primary_key = Comment.objects.order_by("pk").last().pk
    rows, conversation, wanted, started = [], [], 0, 0
    for index in range(number):
        primary_key += 1
        if len(conversation) >= wanted:
            started += 1
            conversation, wanted = [], 400 if started % 50 == 25 else 1 + started * 7 % 12
        # Each answers one of those before it, not always the last.
        above = conversation[index * 31 % len(conversation)] if conversation else None
        while above and above.depth == MAX_DEPTH:
            above = above.parent
        comment = Comment(
            pk=primary_key, article=article, parent=above, root=conversation[0] if conversation else None,
            depth=above.depth + 1 if above else 1, path=f"{above.path if above else ''}{primary_key:0{PATH_DIGITS}d}",
            name="Ann", body=WORDS * 3, html=html, status="approved", is_visible=True, decided_at=timezone.now(),
        )  # fmt: skip
        conversation.append(comment)
        rows.append(comment)
    Comment.objects.bulk_create(rows, batch_size=1000)


def fill(rows, thread):
    """The whole database; returns the article with the long thread."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.models import Count
    from django.utils import timezone

    from articles.models import Article, Category
    from comments.models import Comment, Thread

    call_command("migrate", verbosity=0)
    category = Category.objects.create(name="Opinion", slug="opinion")
    fields = {"category": category, "summary": "x", "body": "x", "status": "published", "published_at": timezone.now()}
    articles = [
        Article.objects.create(title=f"Article {n}", slug=f"article-{n}", **fields) for n in range(ARTICLES + 1)
    ]
    with transaction.atomic():
        fill_table(rows, articles[:-1])
        fill_thread(articles[-1], thread)
        counts = Comment.objects.visible().order_by().values("article").annotate(number=Count("pk"))
        numbers = dict(counts.values_list("article", "number"))
        Thread.objects.bulk_create(Thread(article=a, comment_count=numbers.get(a.pk, 0)) for a in articles)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval('comments_comment_id_seq', (SELECT max(id) FROM comments_comment))")
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return articles[-1]


@contextmanager
def timed_statements():
    """A list of (sql, parameters, seconds) of every statement inside, COMMIT too."""
    from django.db import connection

    ran, commit = [], connection._commit

    def watch(execute, sql, params, many, context):
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            ran.append((sql, params, time.perf_counter() - start))

    # Not a statement that goes through a cursor, so nothing of Django's tells of it more exactly than in milliseconds.
    connection._commit = lambda: watch(lambda *_: commit(), "COMMIT", None, False, None)
    try:
        with connection.execute_wrapper(watch):
            yield ran
    finally:
        del connection._commit


def is_mark(sql):
    return sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"))


def run_again(statements):
    """Seconds for the statements with all their rows."""
    from django.db import connection

    seconds = 0.0
    with connection.cursor() as cursor:
        for sql, params in statements:
            start = time.perf_counter()
            cursor.execute(sql, params)
            cursor.fetchall()
            seconds += time.perf_counter() - start
    return seconds


def measured_reading(read, rounds):
    """Statements and times of something that only reads."""
    read()
    with timed_statements() as ran:
        read()
    statements = [(sql, params) for sql, params, _ in ran if not is_mark(sql)]
    seconds = [run_again(statements) for _ in range(rounds)]
    return len(statements), [1000 * second for second in seconds]


def measured_writing(write, rounds):
    """Statements and times of something that changes the database, each time something else."""
    times, statements = [], 0
    for number in range(rounds + 1):
        with timed_statements() as ran:
            write(number)
        if number:
            # Of the last one: the first ones also read what a process remembers from then on.
            statements = sum(not is_mark(sql) for sql, _, _ in ran)
            times.append(1000 * sum(second for _, _, second in ran))
    return statements, times


def measured_cpu(do, rounds):
    """Milliseconds of CPU of each call, with what the test client takes of it."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        do()
        times.append(1000 * (time.process_time() - start))
    return times


def deciding(rounds):
    """Decides about one comment that waits after the other, as the script of the review page does."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from comments.models import Comment
    from comments.moderation import queues

    user = User.objects.create_user("bench-moderator", is_staff=True)
    user.groups.set(Group.objects.filter(name="Moderator"))
    client = Client()
    client.force_login(user)
    waiting = list(Comment.objects.pending().order_by("-created_at", "-pk")[: 3 * rounds + 6])[::-1]
    ahead = zip(waiting, waiting[1:], waiting[2:], strict=False)

    def decide(*_):
        comment, first, second = next(ahead)
        sent = {"seen": comment.digest, "was": comment.status, "_approve": "1"}
        sent |= {"ahead": f"{first.pk},{second.pk}", "moment": second.created_at.isoformat()}
        answer = client.post(queues.Place(queues.QUEUES["pending"]).comment_url(comment.pk), sent)
        assert answer.status_code == 200, answer.status_code

    return decide


def measure(article, rounds):
    """The table's rows: (what is done, statements, times in ms)."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from comments.models import Comment
    from comments.moderation import decisions, queues
    from comments.reading import thread_pages

    user = User.objects.create_superuser("bench")
    moderator, queue = Client(), reverse("admin:comments_comment_changelist")
    moderator.force_login(user)
    reader, roots = Client(), list(Comment.objects.roots(article).values_list("pk", flat=True))
    longest = max(roots, key=lambda pk: Comment.objects.filter(root=pk).count())
    replies = list(Comment.objects.visible().filter(root=longest).order_by("path").values_list("pk", flat=True))
    deepest = Comment.objects.filter(article=article, depth=4).last()
    waiting = iter(list(Comment.objects.pending()[: rounds + 1]))

    def get(address, client=reader):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    def post(number, **fields):
        """What a browser sends, each time another one."""
        data = {"name": "Ann", "body": f"What is it for? {secrets.token_hex(4)}", "homepage": ""} | fields
        address, site = f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.1", {"sec-fetch-site": "same-origin"}
        answer = Client().post(reverse("comments:thread", args=[article.slug]), data, headers=site, REMOTE_ADDR=address)
        assert answer.status_code == 303, answer.status_code

    reading = {
        "article with the first page of its thread": lambda: get(article.get_absolute_url()),
        "first page of the thread alone": lambda: thread_pages.page(article),
        "first page, newest first": lambda: get(thread_pages.thread_url(article, newest_first=True)),
        "deep page": lambda: get(thread_pages.thread_url(article, after=roots[len(roots) * 9 // 10])),
        "page deep in a long conversation": lambda: get(
            thread_pages.thread_url(article, under=longest, after=replies[len(replies) * 2 // 3])
        ),
        "link to a comment deep in the thread": lambda: thread_pages.place_of(
            Comment.objects.select_related("article__thread").get(pk=roots[len(roots) * 9 // 10])
        ),
        "page of the pending queue": lambda: get(f"{queue}?queue=pending", moderator),
        "of that, all seven queues: count and age": queues.summaries,
        "page of the approved queue": lambda: get(f"{queue}?queue=approved", moderator),
    }
    writing = {
        "posting a comment": post,
        "posting a reply": lambda number: post(number, parent=deepest.pk),
        "approving": lambda number: decisions.approve(next(waiting), user),
    }
    decide = deciding(rounds)
    writing["deciding, with the next comment"] = decide
    rows = [(name, *measured_reading(read, rounds)) for name, read in reading.items()]
    rows += [(name, *measured_writing(write, rounds)) for name, write in writing.items()]
    return [*rows, ("of that, CPU of the whole request", rows[-1][1], measured_cpu(decide, rounds))]


def run_here(options):
    """Measure the database that the environment names; prints JSON."""
    import django

    django.setup()
    start = time.perf_counter()
    article = fill(options.rows, options.thread)
    filled = time.perf_counter() - start
    from django.db import connection

    rows = measure(article, options.rounds)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    print(json.dumps({"vendor": connection.vendor, "version": version, "filled": filled, "rows": rows}))


# --- both databases -----------------------------------------------------------------------------


def environment(directory: Path, url: str) -> dict[str, str]:
    return os.environ | {
        "VAR_DIR": str(directory),
        "DATABASE_URL": url,
        "REDIS_URL": "",
        "SECRET_KEY": secrets.token_urlsafe(50),
        # Without hashed names of static files, which are not requested here.
        "DEBUG": "True",
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver",
        "LOG_LEVEL": "ERROR",
    }


def printed(result):
    rows = [(name, str(number), f"{median(times):.2f}", f"{max(times):.2f}") for name, number, times in result["rows"]]
    widths = [max(len(row[i]) for row in [COLUMNS, *rows]) for i in range(len(COLUMNS))]
    print(f"\n{result['vendor']} {result['version']}, filled in {result['filled']:.0f} s\n")
    for row in [COLUMNS, tuple("-" * width for width in widths), *rows]:
        name, *figures = row
        cells = [name.ljust(widths[0]), *(text.rjust(width) for text, width in zip(figures, widths[1:], strict=True))]
        print(f"| {' | '.join(cells)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="comments in the table (1,000,000)")
    parser.add_argument("--thread", type=int, default=10_000, help="comments in the long thread (10,000)")
    parser.add_argument("--rounds", type=int, default=50, help="how often each is timed (50)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        return run_here(options)
    with tempfile.TemporaryDirectory(prefix="bench-comments-") as directory:
        for name in [options.database] if options.database else ["sqlite", "postgresql"]:
            url = f"sqlite:///{directory}/bench.sqlite3"
            if name == "postgresql":
                from publishing.tests.postgres import start

                url = start(directory)
            command = [sys.executable, __file__, "--here"]
            command += [f"--{key}={getattr(options, key)}" for key in ("rows", "thread", "rounds")]
            env = environment(Path(directory), url)
            printed(json.loads(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout))


if __name__ == "__main__":
    main()
