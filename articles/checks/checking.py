"""All checks of one article or of many."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from publishing.text.markdown import parse_article

from ..links.table import stored_links
from ..models import Article, Byline, LinkCard, Status, Uploads, Version
from ..models.taxonomy import with_kept_labels
from ..models.uploads.in_texts import keys_in
from .findings import Finding
from .links import Links
from .texts import Text, check_fields, check_text

# Articles whose texts are in memory at a time: bodies of 500,000 characters are possible.
BATCH = 50
# More are not listed of one code: an editor sees them when these are mended.
MOST_OF_A_KIND = 50
# Texts that wait in review or for their day, cached in a process with what is in them: 20 are shown in an inbox.
KNOWN_TEXTS = 50
# Drafts of a writer that are checked when somebody asks for them.
MOST_DRAFTS = 20
SEARCH_ENGINES = ("seo_title", "seo_description")
COLUMNS = ("title", "slug", "summary", "body", *SEARCH_ENGINES, "category_id", "contents", "status", "published_at")


@dataclass(frozen=True)
class Draft:
    """What is checked: the fields of a version, of the article `key` (None: it is not stored yet).

    `moment` is when readers will see it, if not now. `headings` are those of the stored article if they keep their ids.
    """

    fields: dict
    key: int | None = None
    moment: datetime | None = None
    headings: list[dict] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Of its page: relative links start there."""
        return f"/articles/{self.fields['slug'] or '-'}/"


def draft_of(article: Article, fields: dict, moment: datetime | None = None) -> Draft:
    """The fields as a version of this article. Without a query if all columns of the article are there."""
    return Draft(fields, article.pk, moment, article.contents if article.published_at else [])


def check(draft: Draft) -> list[Finding]:
    """What is found in one."""
    return check_all([draft])[0]


def check_all(drafts: list[Draft], read=None) -> list[list[Finding]]:
    """What is found in each, blocking first. Three queries and those of `Links`, as many as for one.

    `read` says what is in the text of a draft, if that is known without parsing it.
    """
    uploads = Uploads(*(draft.fields["body"] for draft in drafts))
    decorative = {row.key for row in uploads.rows if row.is_decorative}
    texts = [(draft.address, (read or _text)(draft, decorative)) for draft in drafts]
    known = stored_links([draft.key for draft in drafts if draft.key])
    links = Links(texts, uploads, known)
    addresses = {address.url for _base, text in texts for address in text.addresses}
    failed = LinkCard.objects.failed(addresses) if addresses else {}
    with_title = _with_title(drafts)
    results = []
    for draft, (address, text) in zip(drafts, texts, strict=True):
        found = [*check_fields(draft.fields, is_new=draft.key is None)]
        if with_title[draft.fields["title"]] - {draft.key}:
            found.append(
                Finding("same-title", _("Another article has this title. Say what is different here."), "title")
            )
        found += [*text.findings, *links.dead(address, text, draft.moment), *_without_card(text, failed)]
        results.append(_limited(sorted(found, key=lambda one: (not one.is_blocking, one.line or 0))))
    return results


def _limited(findings: list[Finding]) -> list[Finding]:
    counts, kept = Counter(), []
    for found in findings:
        counts[found.code] += 1
        if counts[found.code] <= MOST_OF_A_KIND:
            kept.append(found)
    return kept


def _text(draft: Draft, decorative: set[str]) -> Text:
    rendered, _cards = parse_article(draft.fields["body"], None, draft.headings)
    return check_text(rendered, lambda address: bool(keys_in(address) & decorative))


def _known_text(draft: Draft, decorative: set[str]) -> Text:
    """The same, cached in this process: texts that wait for their day are not parsed at each look."""
    body = draft.fields["body"]
    return _cached_text(body, json.dumps(draft.headings), frozenset(keys_in(body) & decorative), get_language())


@lru_cache(maxsize=KNOWN_TEXTS)
def _cached_text(body: str, headings: str, decorative: frozenset[str], language: str) -> Text:
    return _text(Draft({"body": body}, headings=json.loads(headings)), decorative)


def _without_card(text: Text, failed: dict[str, str]) -> Iterator[Finding]:
    for address in text.addresses:
        if reason := failed.get(address.url):
            message = _("%(address)s is a link without a card. %(reason)s")
            message %= {"address": address.url[:200], "reason": reason}
            yield Finding("no-card", message, line=address.line, about=address.url)


def _with_title(drafts: list[Draft]) -> dict[str, set[int]]:
    """The articles that have each title, without archived ones."""
    found = defaultdict(set)
    rows = Article.objects.filter(title__in={draft.fields["title"] for draft in drafts})
    for title, key in rows.exclude(status=Status.ARCHIVED).order_by().values_list("title", "pk"):
        found[title].add(key)
    return found


def stored(articles) -> Iterator[tuple[Article, list[Finding]]]:
    """Each article of a queryset as its columns are, with what is found, in the order of keys: `BATCH` at a time."""
    rows, last = _with_columns(articles), 0
    while batch := list(rows.order_by("pk").filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield from zip(batch, check_all([draft_of(article, _fields(article)) for article in batch]), strict=True)


def drafts_by(user) -> list[tuple[Article, list[Finding]]]:
    """The newest `MOST_DRAFTS` drafts of a writer that something stops, each with that, as they are worked on."""
    own = Article.objects.filter(pk__in=Byline.objects.filter(author__user=user).values("article"))
    return _stopped(own.filter(status__in=[Status.DRAFT, Status.REVIEW]).order_by("-pk")[:MOST_DRAFTS])


def awaited(keys) -> list[tuple[Article, list[Finding]]]:
    """Those of the articles with these keys that something stops, in review or scheduled, each with that. Two queries,
    and those of `check_all`. Texts that were checked before are not parsed again.
    """
    return _stopped(Article.objects.filter(pk__in=keys).order_by("published_at", "pk"), _known_text)


def _stopped(articles, read=None) -> list[tuple[Article, list[Finding]]]:
    rows = list(_with_columns(articles))
    # By the clock, readers see what the columns of a scheduled article hold.
    open_rows = [article for article in rows if not article.is_scheduled]
    typed = dict(Version.objects.working().filter(article__in=open_rows).values_list("article", "fields"))
    typed = {key: with_kept_labels(fields) for key, fields in typed.items()}
    moments = [article.published_at if article.is_scheduled else None for article in rows]
    drafts = [draft_of(one, typed.get(one.pk) or _fields(one), at) for one, at in zip(rows, moments, strict=True)]
    found = check_all(drafts, read)
    stopped = [[one for one in findings if one.is_blocking] for findings in found]
    return [(article, findings) for article, findings in zip(rows, stopped, strict=True) if findings]


def _with_columns(articles):
    return articles.annotate(has_author=Exists(Byline.objects.filter(article=OuterRef("pk")))).only(*COLUMNS)


def _fields(article: Article) -> dict:
    """Of the columns, as far as checks read them."""
    fields = {name: getattr(article, name) for name in ("title", "slug", "summary", "body", *SEARCH_ENGINES)}
    return fields | {"category": article.category_id, "authors": article.has_author}
