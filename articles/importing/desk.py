"""Imports that are asked for in the admin: how they begin, what they made, and how they are undone."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from publishing.transfer.export import archive, restoring
from publishing.transfer.notes import Outcome, Result, Summary

from ..models import Article, Version, digest_of
from ..trash import moving
from ..versions.content import fields_of
from .options import Options
from .running import Import


class Run(Import):
    """An import as publishing.moving wants it."""

    @property
    def label(self) -> str:
        return self.reader.label

    def key_of(self, outcome) -> int | None:
        return self.articles.get(outcome.name)


class Whole:
    """An export of this system that is taken whole by a site with nothing in it, all or nothing."""

    label = _("Export of a whole site")

    def __init__(self, path: Path, dry_run: bool):
        self.path, self.dry_run, self.summary = path, dry_run, Summary()

    def prepare(self) -> int:
        with archive.opened(self.path) as files:
            return len(archive.read_header(files))

    def outcomes(self) -> Iterator[Outcome]:
        """One for each table, at the end."""
        for label, number in restoring.restore(self.path, dry_run=self.dry_run).items():
            outcome = Outcome(f"{label}: {number:,}", Result.CREATED)
            self.summary.count(outcome)
            yield outcome

    def stop(self) -> None:
        """It cannot be, in the middle."""

    def key_of(self, outcome: Outcome) -> None:
        return None


def begin(path: Path, chosen: dict, dry_run: bool) -> Run | Whole:
    """`chosen` is what the form of articles.moving has stored. Raises Refused.

    An export of this system is taken whole if there is nothing here; else its texts and comments are added.
    """
    if archive.is_export(path):
        try:
            restoring.check_empty()
        except restoring.NotEmpty:
            pass
        else:
            return Whole(path, dry_run)
    zone = ZoneInfo(chosen["zone"]) if chosen.get("zone") else None
    names = ("category", "old_url", "date_from", "fetch", "overwrite")
    media = tuple(Path(folder) for folder in chosen.get("media", ()))
    return Run(path, Options(**{name: chosen[name] for name in names}, zone=zone, media=media, dry_run=dry_run))


def undo(keys: list[int], by) -> tuple[int, int]:
    """Move articles to the trash that nobody has changed since they were imported.

    Returns how many were, and how many were changed and stay. What is not there any more is neither.
    """
    deleted = changed = 0
    for key in keys:
        with transaction.atomic():
            article = Article.objects.locked().filter(pk=key).first()
            if article is None:
                continue
            if _is_changed(article):
                changed += 1
            else:
                moving.trash(article, by=by)
                deleted += 1
    return deleted, changed


def _is_changed(article: Article) -> bool:
    """Whether somebody has saved, scheduled or published another text here."""
    unsaved = article.versions.exclude(state__in=[Version.State.LIVE, Version.State.OLD]).exists()
    return unsaved or digest_of(fields_of(article)) != article.imported_digest
