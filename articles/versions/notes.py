"""The public note on a change of a published article."""

from dataclasses import dataclass

from django.utils import timezone

from ..models import Article, ChangeKind, Correction, Version


@dataclass(frozen=True)
class Change:
    """What a change is, and what readers are told about it. A typo has no note."""

    kind: str = ChangeKind.TYPO
    note: str = ""


def keep(version: Version, change: Change | None) -> None:
    """Put it into the version, without saving it. None: as it is."""
    if change is not None:
        version.change_kind, version.public_note = change.kind, change.note


def tell(article: Article, version: Version, change: Change | None, *, by) -> None:
    """Publish the note of `change`, by default the one that the version waits with. Moves `modified_at`, unsaved.

    Call it for a published article before `version` goes live. A typo does nothing.
    """
    if change is None and version.state == Version.State.LIVE:
        return
    keep(version, change)
    version.save(update_fields=["change_kind", "public_note"])
    if version.change_kind == ChangeKind.TYPO:
        return
    article.modified_at = timezone.now()
    Correction.objects.create(
        article=article,
        kind=version.change_kind,
        note=version.public_note,
        published_at=article.modified_at,
        by=by,
        version=version,
    )
