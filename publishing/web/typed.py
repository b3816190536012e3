"""What a person typed into a form that could not be taken, so that the page that says so gives it back."""

import re

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from .same_origin import SAFE_METHODS, is_same_origin

# Fields that nobody types into: tokens and tickets, and the one that only programs fill in.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "homepage", "key", "ticket"})
# Numbers, and the tokens that stand for the choices of a question.
_PUT_THERE = re.compile(r"\d+|[0-9a-f]{16,64}")


def typed_text(request) -> list[tuple[str, str]]:
    """What a person sent in a form, as (name of the field, text), so that it is not lost with the refusal.

    Empty for requests that change nothing, for forms of other sites, and for a body that cannot be read. Values
    that a page put there (numbers of rows, signed tickets, tokens of choices) are left out.
    """
    if request.method in SAFE_METHODS or not is_same_origin(request):
        return []
    try:
        fields = request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []
    return [
        (_sendable(name.replace("_", " ").capitalize()[:80]), _sendable(value))
        for name, values in fields.lists()
        if name not in NOT_TYPED
        for value in values
        if value.strip() and not _PUT_THERE.fullmatch(value.strip())
    ]


def _sendable(text):
    return text.encode("utf-8", "replace").decode()
