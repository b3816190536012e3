"""Import all samples, each into an empty database, and count the posts that arrive right: `make check-imports`.

`SAMPLES` names the folder: sources are its folders in markdown/ and sites/, and its files in wordpress/ and ghost/. A
post is right if it is published with its date (or, where it was not public, is not), shows no syntax of its generator
and has its words, pictures and links. What may be lost is named in expected.toml, with reasons; anything else fails, as
does a dry run that tells something else, a second import that changes anything, and an export that does not come back.

Arguments are the names of sources to check, or their beginnings. `--all` prints the expected losses, too.
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import tomllib
from multiprocessing import connection
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))
PROCESSES = 2
# Of the posts of a source, or one post.
MOST_EXPECTED = 0.03


def sources_of(samples: Path, rules: dict) -> list[tuple[str, Path]]:
    found = []
    for folder in sorted([*samples.glob("markdown/*/"), *samples.glob("sites/*/")]):
        name = folder.relative_to(samples).as_posix()
        if not folder.is_dir() or name in rules["no_sources"]:
            continue
        if name in rules["each_file"]:
            files = (file for file in sorted(folder.rglob("*")) if file.suffix in (".xml", ".json"))
            found += [(file.relative_to(samples).as_posix(), file) for file in files]
        else:
            found.append((name, folder))
    files = [file for pattern in ("wordpress/*.xml", "ghost/*.json") for file in sorted(samples.glob(pattern))]
    found += [(file.relative_to(samples).as_posix(), file) for file in files]
    return [(name, path) for name, path in found if not any(name.startswith(prefix) for prefix in rules["no_sources"])]


def prepare(folder: Path) -> None:
    """A migrated database, which each source gets a copy of."""
    os.environ |= {
        "VAR_DIR": str(folder), "DEBUG": "False", "SECRET_KEY": "x" * 50, "LOG_LEVEL": "CRITICAL", "SITE_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3", "DJANGO_SETTINGS_MODULE": "publishing.settings",
        "EMAIL_URL": "memorymail://", "REDIS_URL": "", "TIME_ZONE": os.environ.get("TIME_ZONE", "UTC"),
    }  # fmt: skip
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    connections.close_all()


def check_one(job):
    """In a process of its own: the source in a copy of the empty database."""
    name, path, folder, fixtures = job
    import checking
    import round_trip
    from django.db import connections

    own = Path(tempfile.mkdtemp(dir=folder))
    round_trip.use(own, folder / "empty.sqlite3")
    start = time.process_time()
    report = checking.check(name, path, fixtures)
    report.faults += round_trip.faults(own, folder / "empty.sqlite3")
    report.seconds = time.process_time() - start
    connections.close_all()
    shutil.rmtree(own)
    return report


def run_all(jobs: list) -> list:
    """The reports of all jobs, two at a time. A process for each is forked from this one, which has no threads: a pool
    would have some, and what they hold at that moment stays locked in the child."""
    context, waiting, running, reports = multiprocessing.get_context("fork"), list(jobs), {}, []
    while waiting or running:
        while waiting and len(running) < PROCESSES:
            job = waiting.pop(0)
            mine, theirs = context.Pipe(duplex=False)
            process = context.Process(target=lambda job, end: end.send(check_one(job)), args=(job, theirs))
            process.start()
            theirs.close()
            running[mine] = job[0], process
        for end in connection.wait(list(running)):
            name, process = running.pop(end)
            try:
                reports.append(end.recv())
            except EOFError:
                sys.exit(f"The process that imported {name} died; see above.")
            process.join()
    return reports


def main(arguments: list[str]) -> int:
    samples = Path(os.environ.get("SAMPLES") or "")
    if not os.environ.get("SAMPLES") or not samples.is_dir():
        print("SAMPLES names no folder, so there is nothing to import.")
        return 1 if os.environ.get("SAMPLES") else 0
    rules = tomllib.loads((HERE / "expected.toml").read_text())
    wanted = tuple(word for word in arguments if not word.startswith("--"))
    sources = [
        (name, path.resolve()) for name, path in sources_of(samples, rules) if not wanted or name.startswith(wanted)
    ]
    with tempfile.TemporaryDirectory(prefix="check-imports-") as folder:
        folder = Path(folder)
        prepare(folder)
        jobs = [(name, path, folder, rules["fixtures"].get(name, [])) for name, path in sources]
        # The longest first.
        jobs.sort(key=lambda job: -sum(1 for _ in job[1].rglob("*")) if job[1].is_dir() else 0)
        reports = run_all(jobs)
    order = [name for name, _ in sources]
    reports.sort(key=lambda report: order.index(report.name))
    return tell(reports, rules, is_all="--all" in arguments)


def tell(reports, rules, *, is_all: bool) -> int:
    """Print the table and all losses that are not expected; 1 if there is one."""
    bad = []
    print(f"{'source':58} posts right noted  left out  CPU s")
    for report in reports:
        counts = f"{report.posts:5} {report.right:5} {report.noted:5} {report.left_out:9} {report.seconds:6.1f}"
        print(f"{report.name:58} {counts}")
        expected = [loss for loss in rules["losses"] if loss["source"] == report.name]
        kept, named = [], set()
        for key, why in report.losses:
            found = next((loss for loss in expected if loss["post"] == key and loss["says"] in why), None)
            if found is None:
                kept.append(f"    {key}: {why}")
            else:
                named.add(key)
                kept += [f"    (expected) {key}: {why}"] * is_all
        counted = {loss["post"] for loss in expected if not loss.get("is_impossible_date")}
        most = max(1, int(MOST_EXPECTED * report.posts))
        if len(counted) > most:
            kept.append(f"    {len(counted)} posts are named as losses, {most} is the most")
        kept += [
            f"    {loss['post']}: is not lost any more: {loss['says']}"
            for loss in expected
            if loss["post"] not in named
        ]
        kept += [f"    {fault}" for fault in report.faults]
        print("\n".join(kept)) if kept else None
        bad += [line for line in kept if "(expected)" not in line]
    posts, right = (sum(getattr(report, name) for report in reports) for name in ("posts", "right"))
    print(f"{right} of {posts} posts arrive right. {len(bad)} losses or faults are not expected.")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
