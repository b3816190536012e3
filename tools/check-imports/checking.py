"""Imports one source into an empty database, three times, and compares what is here then with what the source has."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from django.apps import apps
from sources import Expected, posts_of
from texts import SHOWN, Read, plain, words

from articles.importing.options import Options
from articles.importing.running import Import
from articles.models import Article, Page
from publishing.links.targets import targets
from publishing.transfer.notes import Refused, Result

ENOUGH_WORDS = 0.995
# A time zone more or less.
SAME_DATE = timedelta(hours=26)
_APPS = ("articles", "comments", "publishing")


@dataclass
class Report:
    """What came of one source: each loss is the key of a post and a reason."""

    name: str
    posts: int = 0
    right: int = 0
    noted: int = 0
    left_out: int = 0
    losses: list[tuple[str, str]] = field(default_factory=list)
    # Faults of the importer as a whole: not the same again, or dry.
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def check(name: str, path: Path, fixtures: list[str]) -> Report:
    """Import the source and count its posts. `fixtures` are keys of what is no post."""
    report = Report(name)
    expected = [post for post in posts_of(path) if not any(re.search(rule, post.key) for rule in fixtures)]
    report.posts = len(expected)
    try:
        empty = _rows()
        dry = _run(path, dry_run=True)
        if stored := [line for line in _rows() if line not in empty]:
            report.faults.append(f"a dry run stored {', '.join(stored)}")
        real = _run(path)
    except Refused as error:
        report.left_out = len(expected)
        report.losses = [(post.key, f"the source is refused: {error}") for post in expected]
        return report
    if [_told(one) for one in dry] != [_told(one) for one in real]:
        report.faults += _differences(dry, real)
    before = _rows()
    again = _run(path)
    report.faults += [
        f"again, {one.name} is {one.result}" for one in again if one.result not in (Result.UNCHANGED, Result.SKIPPED)
    ]
    if changed := set(_rows()) - set(before):
        report.faults.append(f"importing it again changed rows: {', '.join(changed)}")
    _compare(report, expected, real)
    return report


def _run(path: Path, *, dry_run: bool = False) -> list:
    run = Import(path, Options(dry_run=dry_run))
    run.prepare()
    return list(run.outcomes())


def _told(outcome) -> tuple:
    return outcome.name, outcome.result, outcome.reason, outcome.address, [note.text for note in outcome.notes]


def _differences(dry, real) -> list[str]:
    one, other = ({outcome.name: _told(outcome) for outcome in outcomes} for outcomes in (dry, real))
    names = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
    if not names:
        return ["a dry run tells the posts in another order"]
    return [f"a dry run tells of {name} {one.get(name)}, the run {other.get(name)}"[:400] for name in sorted(names)[:5]]


def _rows() -> list[str]:
    """The number of rows of each model, and a checksum of them; nothing of what is empty."""
    found = []
    for label in _APPS:
        for model in apps.get_app_config(label).get_models():
            rows = list(model._base_manager.order_by("pk").values())
            if rows:
                digest = hashlib.sha256(json.dumps(rows, default=str, sort_keys=True).encode()).hexdigest()
                found.append(f"{len(rows)} {model._meta.verbose_name_plural} {digest[:16]}")
    return found


# --- post by post -----------------------------------------------------------------------------------------------------


def _compare(report: Report, expected: list[Expected], outcomes) -> None:
    by_name = defaultdict(list)
    for outcome in sorted(outcomes, key=lambda outcome: outcome.result == Result.SKIPPED):
        by_name[outcome.name].append(outcome)
    rows = {row.get_absolute_url(): row for model in (Article, Page) for row in model._default_manager.all()}
    by_title = {}
    for row in rows.values():
        by_title.setdefault(" ".join(row.title.split()).casefold(), []).append(row)
    for post in expected:
        outcome = by_name[post.key].pop(0) if by_name[post.key] else None
        row = rows.get(outcome.address) if outcome else None
        if row is None and outcome is None:
            same = by_title.get(" ".join(post.title.split()).casefold(), [])
            row = same.pop(0) if same else None
            outcome = next((one for one in outcomes if row and one.address == row.get_absolute_url()), None)
        if row is None:
            report.left_out += 1
            report.losses.append((post.key, f"left out: {outcome.reason if outcome else 'nothing is told of it'}"))
            continue
        losses = list(_losses(post, row, [note.text for note in outcome.notes] if outcome else []))
        report.losses += [(post.key, loss) for loss in losses]
        report.right += not losses
        report.noted += bool(outcome and outcome.notes)


def _losses(post: Expected, row, notes: list[str]):
    """What did not arrive of a post."""
    page = Read(row.html, is_page=True)
    yield from _of_state(post, row, notes)
    yield from _of_words(post, row, page)
    if missing := words(plain(post.title)) - words(f"{row.title} {page.prose}"):
        yield f"title: “{row.title}” lacks {', '.join(missing)}"
    seen = f"{page.prose}\n{row.title}\n{getattr(row, 'summary', '')}"
    # What the source shows, too, is no syntax.
    if shown := next((found for found in SHOWN.finditer(seen) if found[0].strip() not in post.text), None):
        start = max(0, shown.start() - 20)
        yield f"syntax is shown: {' '.join(seen[start : shown.end() + 30].split())!r}"
    if len(page.pictures) + bool(getattr(row, "cover_id", None)) < len(post.pictures):
        names = ", ".join(sorted(post.pictures))
        yield f"pictures: {len(page.pictures)} of {len(post.pictures)} of its folder: {names}"
    yield from _of_links(post, page)


def _of_state(post, row, notes):
    is_public = row.status == "published"
    if not is_public and not isinstance(post.date, datetime) and any("date" in note for note in notes):
        # Without a date it cannot be published with one; that is told.
        return
    if is_public and not post.is_public:
        yield "not public there, published here"
    elif post.is_public and not is_public:
        yield f"published there, {row.status} here; its date there: {post.date}"
    elif is_public and not post.is_page and _is_far(row.published_at, post.date):
        yield f"of {post.date:%Y-%m-%d} there, of {row.published_at:%Y-%m-%d} here"


def _is_far(here: datetime, there) -> bool:
    return isinstance(there, datetime) and abs(here - there) > SAME_DATE


def _of_words(post, row, page):
    here = page.words + words(f"{row.title} {getattr(row, 'summary', '')}")
    missing = post.words - here
    total = post.words.total()
    if total and missing.total() > (1 - ENOUGH_WORDS) * total:
        some = ", ".join(word for word, _ in missing.most_common(12))
        yield f"words: {missing.total()} of {total} are missing: {some}"


def _of_links(post, page):
    inside = [address for address in page.links if address.startswith("/articles/")]
    if len(inside) < len(post.own_links):
        dead = [address for address in page.links if _leads_nowhere(address)]
        wanted = ", ".join(post.own_links)
        yield f"links: {len(inside)} of {len(post.own_links)} to other posts: {wanted}; dead: {dead[:5]}"[:400]
    here = Counter(map(_plain, page.links))
    lost = sorted(link for link in post.links if _plain(link) not in here and not _is_inside(link, page))
    if lost:
        yield f"links: {len(lost)} of {len(post.links)} to other sites are missing: {', '.join(lost[:4])}"


def _plain(address: str) -> str:
    return unquote(address).replace("&amp;", "&").rstrip("/").casefold()


def _is_inside(link: str, page) -> bool:
    """An address of the old site that leads to a page of this one now, or a frame that became a link."""
    stem = re.split(r"[?#]", link)[0].rstrip("/").rpartition("/")[2].casefold()
    return bool(stem) and any(address.rstrip("/").endswith(f"/{stem}") for address in page.links if address[0] == "/")


def _leads_nowhere(address: str) -> bool:
    if re.match(r"[a-z][a-z+.-]*:|#|//", address):
        return False
    path = re.split(r"[?#]", address)[0]
    return not path.startswith("/") or not targets([path])[path].is_found
