"""Whether a slot is proven as it is now, in words for the desk."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from publishing.text.moments import in_words

from ..models import Proof, Slot

# What decides about the box, besides its sizes.
TEMPLATE = "sponsors/_slot.html"
FILES = ("css/slots.css", "js/ads.js")


def digest_of(slot: Slot) -> str:
    """Of what a proof holds for: the sizes of the slot, its template, its style sheet and what fills it."""
    sizes = json.dumps(slot.sizes_here, sort_keys=True)
    return sha256(f"{slot.key} {sizes} {_files_now() if settings.DEBUG else _files()}".encode()).hexdigest()


def _files_now() -> str:
    parts = [get_template(TEMPLATE).template.source, *(Path(finders.find(name)).read_text() for name in FILES)]
    return sha256("\0".join(parts).encode()).hexdigest()


_files = lru_cache(maxsize=1)(_files_now)


def in_words_of(slot: Slot, proof: Proof | None) -> str:
    """A sentence about the last proof of a slot, or that there is none."""
    if proof is None:
        return gettext("Not proven: run “manage.py prove_slots”.")
    words = {"day": in_words(timezone.localdate(proof.made_at), "day"), "browser": proof.browser}
    words["number"] = len(proof.cases)
    if proof.digest != digest_of(slot):
        return gettext("Out of date since its sizes or its style changed; proven %(day)s, %(browser)s.") % words
    if not proof.is_passed:
        words["failed"] = sum(bool(case["problem"]) for case in proof.cases)
        return gettext("Moves the page in %(failed)s of %(number)s cases: %(day)s, %(browser)s.") % words
    return (
        ngettext(
            "Proven %(day)s, %(browser)s: %(number)s case, shift 0.",
            "Proven %(day)s, %(browser)s: %(number)s cases, shift 0.",
            words["number"],
        )
        % words
    )


def latest(key: str) -> Proof | None:
    """One query."""
    return Proof.objects.filter(key=key).first()
