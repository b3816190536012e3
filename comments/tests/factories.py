"""Comments for tests, made by the verbs that make real ones."""

from itertools import count

from django.urls import reverse
from django.utils import timezone

from comments.models import Status
from comments.transfer import importer
from publishing.tests.factories import make_article

_numbers = count(1)


def make_comment(article=None, *, status=Status.PENDING, reason="", **fields):
    """A comment with a text of its own; a rejected one gets a reason if none is given."""
    if status == Status.REJECTED:
        reason = reason or "other"
    number = next(_numbers)
    return import_comment(
        article or make_article(),
        fields.pop("name", "Marisol"),
        fields.pop("body", f"Remark number {number}."),
        fields.pop("created_at", timezone.now()),
        status,
        reason,
        **fields,
    )


def import_comment(
    article, name, body, created_at, status=Status.APPROVED, reason="", note="", *, parent=None, **fields
):
    """A comment as the importer stores it; `fields` are those of an `importer.Entry`."""
    fields |= {"origin": fields.pop("external_id", "")}
    entry = importer.Entry((article.slug,), name, body, created_at, status, reason=reason, note=note, **fields)
    return importer.store(article, importer.checked(entry), parent and parent.pk)


def comment_url(article):
    return reverse("comments:thread", args=[article.slug])


def sent(**fields):
    """What a browser posts from the form, unless the fields say otherwise; None takes a field out."""
    data = {"name": "Marisol", "body": "Does it hold for two people?", "homepage": ""} | fields
    return {name: value for name, value in data.items() if value is not None}
