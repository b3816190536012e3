"""What an import costs: CPU time and memory of one process, and how long others wait for the database meanwhile.

`make bench-import` imports 5,000 posts of 4 kB into an empty SQLite database, again, and as a dry run. Another process
saves a row every 50 ms. Fails above the limits; `POSTS=500` is a shorter run, with limits in proportion.
"""

import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from demo_visits import prepare

POSTS = int(os.environ.get("POSTS", "5000"))
# Seconds of CPU for 5,000 posts, MB, and seconds that another one waits to save.
MOST_CPU, MOST_MEMORY, MOST_WAIT = 90, 200, 0.5
BYTES = 4000
SYLLABLES = ("ba", "do", "ri", "ste", "mon", "lu", "ker", "fa", "ta", "nel", "gor", "si", "ve", "pa")


def main() -> int:
    if len(sys.argv) > 1:
        return save_rows(Path(sys.argv[1]), Path(sys.argv[2]))
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory, "posts")
        write_posts(folder)
        prepare(directory)
        return measure(folder, Path(directory))


def write_posts(folder: Path) -> None:
    """Posts with headings, a list, a link and emphasis; each with a category, two tags and an author."""
    folder.mkdir()
    chosen = random.Random(7)  # noqa: S311 - the same texts each time
    words = ["".join(chosen.choices(SYLLABLES, k=chosen.randint(1, 4))) for _ in range(6000)]

    def paragraph() -> str:
        return " ".join(chosen.choices(words, k=70)).capitalize() + "."

    for number in range(POSTS):
        head = (
            f"---\ntitle: Post {number} {chosen.choice(words)}\ndate: {2005 + number % 20}-{1 + number % 12:02}-"
            f"{1 + number % 28:02}\nauthor: Author {number % 20}\ncategory: Category {number % 8}\n"
            f"tags: [tag{number % 50}, tag{number * 7 % 90}]\n---\n"
        )
        middle = f"{paragraph()} [link](https://example.org/{number}) *emphasis* `code`.\n\n- one\n- two"
        parts = [paragraph(), "## One", middle, "## Two", *(paragraph() for _ in range(5))]
        (folder / f"post-{number}.md").write_text((head + "\n\n".join(parts))[:BYTES] + "\n")


def measure(folder: Path, directory: Path) -> int:
    from django.db import connection

    database = Path(connection.settings_dict["NAME"])
    stop = directory / "stop"
    other = subprocess.Popen([sys.executable, __file__, database, stop], stdout=subprocess.PIPE, text=True)  # noqa: S603
    seconds = {what: run(folder, dry_run=what == "dry run") for what in ("dry run", "import", "again")}
    stop.touch()
    saved, waited = other.communicate()[0].split()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for what, cpu in seconds.items():
        print(f"{what:10} {cpu:6.1f} s of CPU, {cpu / POSTS * 1000:5.1f} ms a post")
    print(f"memory     {memory:6.0f} MB\nanother    saved {saved} rows and waited {float(waited):.2f} s at most")
    most = MOST_CPU * POSTS / 5000
    return int(seconds["import"] > most or memory > MOST_MEMORY or float(waited) > MOST_WAIT)


def run(folder: Path, *, dry_run: bool) -> float:
    """Seconds of CPU."""
    from articles.importing.options import Options
    from articles.importing.running import Import

    started = time.process_time()
    site_import = Import(folder, Options(dry_run=dry_run))
    site_import.prepare()
    for _ in site_import.outcomes():
        pass
    print(site_import.summary.lines()[0])
    return time.process_time() - started


def save_rows(database: Path, stop: Path) -> int:
    """Save a row every 50 ms until `stop` is there; print how many, and the longest time that one took."""
    connection = sqlite3.connect(database, timeout=60, isolation_level=None)
    saved, longest = 0, 0.0
    while not stop.exists():
        started = time.monotonic()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE django_migrations SET applied = applied WHERE id = 1")
        connection.execute("COMMIT")
        saved, longest = saved + 1, max(longest, time.monotonic() - started)
        time.sleep(0.05)
    print(saved, longest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
