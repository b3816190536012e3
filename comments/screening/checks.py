"""What is looked at before anybody can see a comment. Each finding says why, and where in the text."""

import html
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from linkify_it import LinkifyIt

from articles.models import Author
from publishing.cache import generations
from publishing.models import Publication
from publishing.text import lookalikes, markdown
from publishing.web import limits

from ..models import CommentSettings, Word
from . import akismet, bans

# Of each rule. What a comment is full of need not be listed to the end.
MOST_FINDINGS = 20
# Asked of Akismet by one network; whoever sends more is refused soon after, by rates that are exact.
AKISMET_RATE = "10/minute"

# Names that would speak for the publication, or for nobody.
RESERVED_NAMES = [
    "admin", "admins", "administrator", "administration", "anonymous", "author", "deleted", "editor", "editors",
    "editorial", "editorial team", "erased", "moderator", "moderators", "owner", "removed", "root", "staff", "support",
    "system", "team", "the author", "the editor", "the editors", "webmaster",
]  # fmt: skip
# These hold a name in which they are one word among others, too: "Ann (moderator)".
ROLES = ["admin", "administrator", "editor", "moderator"]

_SCHEME = re.compile(r"https?://\S", re.IGNORECASE)
_ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>([^<]*)</a>')
# Names need no scheme to advertise: "www.example.com", "example.com".
_addresses = LinkifyIt()


@dataclass(frozen=True)
class Hold:
    """One finding: the rule, where it was found in the original text (offsets in code points), and what in words."""

    rule: str
    detail: str
    field: str = ""
    start: int = 0
    end: int = 0
    rejects: bool = False


class MarkedText(NamedTuple):
    """A part of a text as the desk draws it: `detail` says why it is marked."""

    text: str
    is_marked: bool
    detail: str


def screen(draft, same_text) -> list[Hold]:
    """Everything that speaks against showing `draft` without a look; empty for nothing.

    `same_text` are the comments of the last 24 hours that say the same. No query while the rules are as they were.
    """
    return [
        *words_in(draft, _words.get()),
        *links_in(draft.body, CommentSettings.current().links_held),
        *_duplicate(draft, same_text),
        *_name_holds(draft.name),
    ]


def ask_akismet(article, draft, sender) -> list[Hold]:
    """What Akismet says of it, where a key is set; a comment that it cannot be asked about is held.

    May wait for some seconds, so it is not to be called in a transaction.
    """
    if not settings.AKISMET_KEY:
        return []
    place = bans.hash_of_one(sender.address, b"")
    if limits.seconds_to_wait(AKISMET_RATE, "akismet", place):
        return [Hold("akismet-unreachable", "Not checked by Akismet: too many comments from the same address.")]
    try:
        is_spam = akismet.is_spam(article, draft, sender)
    except akismet.Unreachable:
        return [Hold("akismet-unreachable", "Akismet could not be reached.")]
    return [Hold("akismet", "Akismet marked this as spam.")] if is_spam else []


def lasting(holds: list[dict]) -> list[Hold]:
    """Of what was stored with a comment, the findings that stand whatever its writer makes of the text."""
    return [Hold(**hold) for hold in holds if hold["rule"].startswith("akismet")]


def attach(comment, holds: list[Hold]) -> None:
    """Set on the unsaved `comment` what screening found."""
    comment.holds, comment.is_suspect = [asdict(hold) for hold in holds], bool(holds)


def highlight(text: str, holds: Iterable[Hold | dict], field: str) -> list[MarkedText]:
    """All of `text` in pieces; those that a finding about `field` points to are marked, with what it says.

    Findings of an earlier text may point anywhere.
    """
    spans = []
    for hold in holds:
        found = hold if isinstance(hold, dict) else asdict(hold)
        start, end = max(0, found.get("start", 0)), min(len(text), found.get("end", 0))
        if found.get("field") == field and start < end:
            spans.append((start, end, found.get("detail", "")))
    edges = sorted({0, len(text), *(edge for span in spans for edge in span[:2])})
    pieces = []
    for start, end in pairwise(edges):
        details = dict.fromkeys(span[2] for span in spans if span[0] <= start and end <= span[1])
        pieces.append(MarkedText(text[start:end], bool(details), "; ".join(details)))
    return pieces


# --- the rules ---


def lexicon_of(words: Iterable[Word]) -> lookalikes.Lexicon:
    """The listed words, as they are looked for. Of two that look alike, the one that rejects counts."""
    ranked = sorted(words, key=lambda word: word.severity != Word.Severity.BANNED)
    return lookalikes.Lexicon((word.tokens, word) for word in ranked)


_words = generations.CachedValue(lambda: lexicon_of(Word.objects.all()), default=lambda: lexicon_of([]))


def words_in(draft, lexicon: lookalikes.Lexicon) -> list[Hold]:
    """Listed words in the name and the body of `draft`, which may be a comment."""
    holds = []
    for field in ("name", "body"):
        for word, start, end in lexicon.find(getattr(draft, field))[:MOST_FINDINGS]:
            rejects = word.severity == Word.Severity.BANNED
            rule = "banned-word" if rejects else "suspect-word"
            kind = "banned" if rejects else "suspect"
            holds.append(Hold(rule, f"“{word.text}” is on the list of {kind} words.", field, start, end, rejects))
    return holds


def links_in(body: str, links_held: int) -> list[Hold]:
    """The links of a text that has `links_held` or more, counted as they are drawn."""
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
        host = urlsplit(address).netloc
        holds.append(Hold("links", f"Link {number} of {len(anchors)}: {host}", "body", start, start + len(found)))
        start += len(found)
    return holds


def _duplicate(draft, same_text):
    if not same_text:
        return []
    last, number = same_text[0], len(same_text)
    more = f" and {number - 1} more" if number > 1 else ""
    return [Hold("duplicate", f"The same text as comment {last.pk}{more} in 24 hours.", "body", 0, len(draft.body))]


def _name_holds(name):
    holds = []
    if taken := _names.get().like(name):
        holds.append(Hold("staff-name", f"The name looks like “{taken}”.", "name", 0, len(name)))
    for link in (_addresses.match(name) or [])[:1]:
        detail = "The name contains a web or e-mail address."
        holds.append(Hold("link-in-name", detail, "name", link.index, link.last_index))
    return holds


class Names:
    """Names that a reader should not go by."""

    def __init__(self, names: Iterable[str]):
        self._known = {skeleton: name for name in names for skeleton in lookalikes.skeletons(name)}
        self._roles = {skeleton: role for role in ROLES for skeleton in lookalikes.skeletons(role)}

    def like(self, name: str) -> str:
        """The name that `name` could be taken for; empty for none."""
        for skeleton in lookalikes.skeletons(name):
            if skeleton in self._known:
                return self._known[skeleton]
        parts = (skeleton for part in name.split() for skeleton in lookalikes.skeletons(part))
        return next((self._roles[part] for part in parts if part in self._roles), "")


def _taken_names():
    staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)
    for username, first, last in staff.values_list("username", "first_name", "last_name"):
        yield from (username, f"{first} {last}")
    yield from Author.objects.values_list("name", flat=True)
    yield Publication.current().name
    yield from RESERVED_NAMES


_names = generations.CachedValue(lambda: Names(_taken_names()), default=lambda: Names(RESERVED_NAMES))
