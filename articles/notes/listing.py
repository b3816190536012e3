"""The notes on an article, as its form shows them."""

import json
from datetime import datetime
from hashlib import sha256

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import ParagraphNote


def listed(key: int, anchors: dict | None, user) -> list[dict]:
    """The notes in the order of the text with their answers, those whose paragraph is gone at the end. One query."""
    rows = ParagraphNote.objects.filter(article=key).select_related("by", "resolved_by")
    notes, answers = [], {}
    for row in rows:
        if row.answers_to_id:
            answers.setdefault(row.answers_to_id, []).append(_said(row))
        else:
            notes.append(row)
    anchors = anchors or {}
    found = [_note(row, anchors.get(str(row.pk), {}), user) | {"answers": answers.get(row.pk, [])} for row in notes]
    return sorted(found, key=lambda note: (note["start"] is None, note["start"]))


def digest_of(notes: list[dict]) -> str:
    """What a page that has these notes sends back, so that they are not sent again."""
    return sha256(json.dumps(notes).encode()).hexdigest()[:16]


def _note(row: ParagraphNote, anchor: dict, user) -> dict:
    return _said(row) | {
        "key": row.pk,
        "start": anchor.get("start"),
        "words": anchor.get("words", row.words),
        "resolved": _name(row.resolved_by) or _("somebody") if row.resolved_at else "",
        "removable": may_remove(row, user),
    }


def _said(row: ParagraphNote) -> dict:
    return {"text": row.text, "by": _name(row.by), "at": _short(row.written_at)}


def _short(at: datetime) -> str:
    # Translators: a moment without the year, in the letters of Django's filter "date".
    return date_format(timezone.localtime(at), _("j M, H:i"))


def _name(user) -> str:
    return user.get_full_name() or user.get_username() if user else ""


def may_remove(note: ParagraphNote, user) -> bool:
    """Editors remove all notes, everyone else their own."""
    return note.by_id == user.pk or user.has_perm("articles.publish_article")
