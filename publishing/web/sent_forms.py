"""The fields of a form that could not be handled, for the page that says so.

A view may name its form for the labels: `view.takes = CommentForm`.
"""

import re

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.forms import CharField, HiddenInput, Textarea
from django.http.multipartparser import MultiPartParserError

from ..paths import is_staff_space
from .same_origin import SAFE_METHODS, is_same_origin

# Longer text gets a field of several lines.
LINE_LENGTH = 60
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, OSError)
# Tokens and tickets, and the trap for programs.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "homepage", "key", "ticket"})
# Numbers, checked boxes, and the tokens of the choices of a question.
_BY_THE_PAGE = re.compile(r"\d+|on|[0-9a-f]{16,64}")


def sent_fields(request) -> list[dict] | None:
    """Every field as {"name", "value", "label", "is_typed", "is_long"}.

    None for a form of another site, a body that cannot be read, and a form with a password.
    """
    if not is_staff_space(request) and not is_same_origin(request):
        return None
    if request._read_started and not {"_body", "_post"} & vars(request).keys():
        # Reading it failed, as for an upload that the disk did not take. Django would say that it is empty.
        return None
    try:
        sent = request.POST
    except UNREADABLE:
        return None
    if any("password" in name for name in sent):
        return None
    view = getattr(request.resolver_match, "func", None)
    fields = getattr(getattr(view, "takes", None), "base_fields", {})
    return [_field(fields.get(name), name, value) for name, values in sent.lists() for value in values]


def typed_text(request) -> list[tuple[str, str]]:
    """The fields of `sent_fields` that a person typed, as (label, value). Empty for requests that change nothing."""
    fields = [] if request.method in SAFE_METHODS else sent_fields(request) or []
    return [(field["label"], field["value"]) for field in fields if field["is_typed"]]


def _field(field, name: str, value: str) -> dict:
    is_typed = bool(value.strip()) and name not in NOT_TYPED and not name.startswith("_")
    if field is None:
        is_typed = is_typed and not _BY_THE_PAGE.fullmatch(value.strip())
    else:
        is_typed = is_typed and isinstance(field, CharField) and not isinstance(field.widget, HiddenInput)
    label = (field and field.label) or name.replace("_", " ").capitalize()[:80]
    return {
        "name": _encodable(name),
        "value": _encodable(value),
        "label": _encodable(label),
        "is_typed": is_typed,
        "is_long": len(value) > LINE_LENGTH or "\n" in value or isinstance(getattr(field, "widget", None), Textarea),
    }


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
