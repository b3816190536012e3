"""Screening of comments before moderation. Each finding says why, and where in the text."""

import html
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import chain, pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext_noop as _
from linkify_it import LinkifyIt

from articles.models import Author
from publishing.cache import values
from publishing.models import Publication
from publishing.text import lookalikes, markdown
from publishing.web import limits

from ..models import CommentSettings, Word
from ..models.thread import reason_of
from . import akismet, bans

# Of each rule, so that a comment full of links has a short list.
MOST_FINDINGS = 20
# Requests to Akismet from one network; who sends more is refused by the exact rates soon after.
AKISMET_RATE = "10/minute"

# Names that would speak for the publication, or that are placeholders.
RESERVED_NAMES = [
    "admin", "admins", "administrator", "administration", "anonymous", "author", "deleted", "editor", "editors",
    "editorial", "editorial team", "erased", "moderator", "moderators", "owner", "removed", "root", "staff", "support",
    "system", "team", "the author", "the editor", "the editors", "webmaster",
]  # fmt: skip
# These are also reserved as one word of a name: "Ann (moderator)".
ROLES = ["admin", "administrator", "editor", "moderator"]

_SCHEME = re.compile(r"https?://\S", re.IGNORECASE)
_ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>([^<]*)</a>')
# Addresses in names need no scheme: "www.example.com", "example.com".
_addresses = LinkifyIt()


@dataclass(frozen=True)
class Hold:
    """One finding: the rule, the reason in English (`reason_of` has it in words of the moment's language) with the
    facts in it, and its place in the original text (offsets in code points)."""

    rule: str
    detail: str
    field: str = ""
    start: int = 0
    end: int = 0
    rejects: bool = False
    facts: dict | None = None


class MarkedText(NamedTuple):
    text: str
    is_marked: bool
    detail: str


def screen(draft, same_text) -> list[Hold]:
    """The findings in `draft`.

    `same_text` are the comments of the last 24 hours with the same text. No query while the rules have not changed.
    """
    return [
        *words_in(draft, _words.get()),
        *links_in(draft.body, CommentSettings.current().links_held),
        *_duplicate(draft, same_text),
        *_name_holds(draft.name),
    ]


def ask_akismet(article, draft, sender) -> list[Hold]:
    """The finding of Akismet, if a key is set; if it cannot be reached, the comment is held.

    Can take some seconds, so do not call it in a transaction.
    """
    if not settings.AKISMET_KEY:
        return []
    place = bans.hash_of_one(sender.address, b"")
    if limits.seconds_to_wait(AKISMET_RATE, "akismet", place):
        # Translators: for readers.
        too_many = _("Not checked by Akismet: too many comments from the same address.")
        return [Hold("akismet-unreachable", too_many)]
    try:
        is_spam = akismet.is_spam(article, draft, sender)
    except akismet.Unreachable:
        # Translators: for readers.
        return [Hold("akismet-unreachable", _("Akismet could not be reached."))]
    # Translators: for readers.
    return [Hold("akismet", _("Akismet marked this as spam."))] if is_spam else []


def attach(comment, holds: list[Hold]) -> None:
    comment.holds, comment.is_suspect = [asdict(hold) for hold in holds], bool(holds)


def highlight(text: str, holds: Iterable[Hold | dict], field: str) -> list[MarkedText]:
    """All of `text` in pieces; those that a finding about `field` points to are marked.

    Findings of an earlier text may point outside of it.
    """
    spans = []
    for hold in holds:
        hold = hold if isinstance(hold, dict) else asdict(hold)
        start, end = max(0, hold["start"]), min(len(text), hold["end"])
        if hold["field"] == field and start < end:
            spans.append((start, end, reason_of(hold)))
    edges = {0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)}
    pieces = []
    for start, end in pairwise(sorted(edges)):
        details = dict.fromkeys(detail for first, last, detail in spans if first <= start and end <= last)
        pieces.append(MarkedText(text[start:end], bool(details), "; ".join(details)))
    return pieces


# --- the rules ---


def lexicon_of(words: Iterable[Word]) -> lookalikes.Lexicon:
    """The listed words, ready to be searched for. Of two that look alike, the one that rejects counts."""
    ranked = sorted(words, key=lambda word: word.severity != Word.Severity.BANNED)
    return lookalikes.Lexicon((word.tokens, word) for word in ranked)


_words = values.CachedValue(lambda: lexicon_of(Word.objects.all()), default=lambda: lexicon_of([]), names=("words",))


_LISTED = {
    # Translators: for readers.
    True: _("“%(word)s” is on the list of banned words."),
    # Translators: for readers.
    False: _("“%(word)s” is on the list of suspect words."),
}


def words_in(draft, lexicon: lookalikes.Lexicon) -> list[Hold]:
    holds = []
    for field in ("name", "body"):
        for word, start, end in lexicon.find(getattr(draft, field))[:MOST_FINDINGS]:
            is_banned = word.severity == Word.Severity.BANNED
            facts = {"word": word.text}
            holds.append(Hold(f"{word.severity}-word", _LISTED[is_banned], field, start, end, is_banned, facts))
    return holds


def links_in(body: str, links_held: int) -> list[Hold]:
    """The links of a text that has `links_held` or more, counted as they are rendered."""
    if len(_SCHEME.findall(body)) < links_held:
        return []
    anchors = _ANCHOR.findall(markdown.render_reader_text(body))
    if len(anchors) < links_held:
        return []
    holds, start = [], 0
    for number, (address, shown) in enumerate(anchors[:MOST_FINDINGS], 1):
        address = html.unescape(address)
        found = next((typed for typed in (html.unescape(shown), address) if typed in body[start:]), "")
        start = body.index(found, start)
        facts = {"number": number, "total": len(anchors), "host": urlsplit(address).netloc}
        # Translators: for readers.
        words = _("Link %(number)s of %(total)s: %(host)s")
        holds.append(Hold("links", words, "body", start, start + len(found), facts=facts))
        start += len(found)
    return holds


def _duplicate(draft, same_text):
    if not same_text:
        return []
    facts = {"number": same_text[0].pk, "more": len(same_text) - 1}
    # Translators: for readers.
    words = _("The same text as comment %(number)s in 24 hours.")
    if facts["more"]:
        # Translators: for readers.
        words = _("The same text as comment %(number)s and %(more)s more in 24 hours.")
    return [Hold("duplicate", words, "body", 0, len(draft.body), facts=facts)]


def _name_holds(name):
    holds = []
    if taken := reserved_name_like(name):
        # Translators: for readers.
        words = _("The name looks like “%(name)s”.")
        holds.append(Hold("staff-name", words, "name", 0, len(name), facts={"name": taken}))
    for link in (_addresses.match(name) or [])[:1]:
        # Translators: for readers.
        detail = _("The name contains a web or e-mail address.")
        holds.append(Hold("link-in-name", detail, "name", link.index, link.last_index))
    return holds


def reserved_name_like(name: str) -> str:
    """The name of staff or of a role that `name` could be mistaken for; empty for none."""
    taken = _names.get()
    whole = (taken[skeleton] for skeleton in lookalikes.skeletons(name) if skeleton in taken)
    words = (skeleton for word in name.split() for skeleton in lookalikes.skeletons(word))
    return next(chain(whole, (_roles[skeleton] for skeleton in words if skeleton in _roles)), "")


def _by_skeleton(names: Iterable[str]) -> dict[str, str]:
    return {skeleton: name for name in names for skeleton in lookalikes.skeletons(name)}


def _taken_names():
    staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)
    for username, first, last in staff.values_list("username", "first_name", "last_name"):
        yield from (username, f"{first} {last}")
    yield from Author.objects.values_list("name", flat=True)
    yield Publication.current().name
    yield from RESERVED_NAMES


_names = values.CachedValue(
    lambda: _by_skeleton(_taken_names()), default=lambda: _by_skeleton(RESERVED_NAMES), names=("authors",)
)
_roles = _by_skeleton(ROLES)
