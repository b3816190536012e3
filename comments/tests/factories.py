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
    return importer.import_comment(
        article or make_article(),
        fields.pop("name", "Marisol"),
        fields.pop("body", f"Remark number {number}."),
        fields.pop("created_at", timezone.now()),
        status,
        reason,
        **fields,
    )


def comment_url(article):
    return reverse("comments:thread", args=[article.slug])


def sent(**fields):
    """What a browser posts from the form, unless the fields say otherwise; None takes a field out."""
    data = {"name": "Marisol", "body": "Does it hold for two people?", "homepage": ""} | fields
    return {name: value for name, value in data.items() if value is not None}
