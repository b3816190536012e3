"""What scripts of readers' pages say, in the language of the site: JSON that browsers keep, so that no page has it.

helpers.js asks for it. Sentences with numbers of the page stay in its HTML.
"""

import json
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from ..cache import pages
from ..groups import ALWAYS, in_group

_HEADERS = {"Cache-Control": "public, max-age=31536000, s-maxage=31536000, immutable"}


def _words() -> dict[str, str]:
    return {
        # Copying, large pictures and keys.
        "copy": _("Copy"),
        "copied": _("Copied"),
        "notCopied": _("Not copied"),
        "copyLink": _("Copy link to this"),
        "linkCopied": _("Link copied."),
        "selectAddress": _("Select the address to copy it"),
        "picture": _("Picture"),
        "close": _("Close"),
        "keys": _("Keys"),
        "next": _("Next heading or article"),
        "previous": _("Previous one"),
        "search": _("Search"),
        "theseKeys": _("These keys"),
        "useKeys": _("Use them"),
        "edit": _("Edit"),
        # Hearts.
        "give": _("Heart this"),
        "take": _("Remove your heart"),
        "thanks": _("Thank you."),
        "removed": _("Removed."),
        "failed": _("Not saved. Try again."),
        "tooOften": _("Too many hearts. Try again in a minute."),
        # Before and after advertisements of AdSense.
        "askTitle": _("Advertisements"),
        "ask": _(
            "This site has advertisements of Google AdSense. If you accept, Google and its partners learn that you "
            "read this page, and store cookies in your browser. If you decline, nothing of theirs is loaded. You can "
            "change that at any time at the foot of each page."
        ),
        "askMore": _("What we do with your data"),
        "accept": _("Accept"),
        "decline": _("Decline"),
        "accepted": _("You have accepted."),
        "declined": _("You have declined."),
        # Comments.
        "join": _("Join the discussion"),
        "reply": _("Reply to %(name)s"),
        "cancel": _("Cancel the reply"),
        "waiting": _("Waiting – only you see this"),
        # A script knows no plurals.
        # Translators: characters written, and the most that there may be.
        "written": _("{number} of {limit}"),
        "left": _("Characters left: {number}"),
        "over": _("Characters to remove: {number}"),
    }


@cache
def _content(language: str) -> bytes:
    with override(language):
        return json.dumps(_words(), ensure_ascii=False).encode()


@cache
def _address(language: str) -> str:
    return reverse("words", args=[sha256(_content(language)).hexdigest()[:12]])


def address() -> str:
    """The path of the file, which changes with what is in it."""
    return _address(settings.LANGUAGE_CODE)


@in_group(ALWAYS)
@require_safe
def words(request, digest):
    """An outdated address redirects."""
    pages.cacheable(request, "words")
    if request.path != address():
        return HttpResponseRedirect(address())
    return HttpResponse(_content(settings.LANGUAGE_CODE), content_type="application/json", headers=_HEADERS)
