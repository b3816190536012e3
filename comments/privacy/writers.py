"""Data requests: the comments of one person are found by e-mail address, name or words, and exported or erased."""

from collections import Counter
from dataclasses import dataclass, replace
from types import SimpleNamespace

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from publishing.text import languages, moments
from publishing.text.mailboxes import hashes, mailbox_of
from publishing.web.refusals import Refused

from ..models import Comment, EmailAddress, Status
from ..models.people import WRITER
from ..models.thread import LONG_PARTS_OF_ARTICLE
from . import erasure, personal_data

# Comments that are exported or erased at once.
MOST = 2000
ARTICLES_LISTED = 20
# In the admin's log.
LOGGED_AS = "Data request"


@dataclass(frozen=True)
class Search:
    """Which comments: those that match everything that is given."""

    email: str = ""
    # The whole name, in any case.
    name: str = ""
    # Part of the text.
    text: str = ""
    # Also comments whose address was never confirmed; somebody else may have typed it.
    unconfirmed: bool = False
    # Also all other comments of the same browsers.
    same_browsers: bool = False
    # None with a higher number, and not these.
    until: int | None = None
    without: tuple[int, ...] = ()

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The search as names and values of hidden fields, apart from `without`."""
        return [(name, str(value)) for name, value in vars(self).items() if value and name != "without"]

    def comments(self) -> QuerySet:
        """In the order in which threads are locked."""
        rows = self.direct()
        if self.same_browsers:
            rows = Comment.objects.filter(Q(pk__in=rows) | self._by_browsers())
        if self.until:
            rows = rows.filter(pk__lte=self.until)
        return rows.exclude(pk__in=self.without).order_by("article", "pk")

    def direct(self) -> QuerySet:
        """Those that match by themselves, whichever browser wrote them."""
        rows = Comment.objects.all()
        if self.email:
            known = ~Q(writer_hash="") & Q(writer_hash__in=hashes(self.email, WRITER))
            rows = rows.filter(Q(notify__in=self._addresses_typed(self.unconfirmed)) | known)
        if self.name:
            rows = rows.filter(name__iexact=self.name)
        if self.text:
            rows = rows.filter(body__icontains=self.text)
        return rows

    def _addresses_typed(self, unconfirmed=True):
        rows = EmailAddress.objects.filter(mailbox=mailbox_of(self.email))
        return rows if unconfirmed else rows.filter(confirmed_at__isnull=False)

    def _by_browsers(self):
        browsers = Q(reader__in=self.direct().exclude(reader="").values("reader"))
        if self.email and not (self.name or self.text):
            browsers |= Q(reader__in=self._addresses_typed(self.unconfirmed).values("reader"))
        return ~Q(reader="") & browsers

    def more(self, **options) -> int:
        """How many more comments the search would find with `unconfirmed` or `same_browsers`. Two queries."""
        wider, own = (search.comments().filter(erased_at=None).count() for search in (replace(self, **options), self))
        return wider - own

    def addresses(self) -> QuerySet:
        """Every address of the mailbox, or without one those that no other comment uses."""
        if self.email:
            return self._addresses_typed().order_by("pk")
        found = self.comments()
        others = Comment.objects.filter(erased_at=None, notify__isnull=False).exclude(pk__in=found)
        used = found.exclude(notify=None).values("notify")
        return EmailAddress.objects.filter(pk__in=used).exclude(pk__in=others.values("notify")).order_by("pk")


def summary(search: Search) -> SimpleNamespace:
    """How many comments still have a text: in which states, on which articles, from how many browsers. Five queries."""
    rows = search.comments().filter(erased_at=None).order_by()
    states = Counter()
    for status, is_visible, number in rows.values_list("status", "is_visible").annotate(number=Count("pk")):
        states["visible" if is_visible else status] += number
    on = rows.values_list("article__title").annotate(number=Count("pk")).order_by("-number", "article")
    total, waiting = states.total(), states[Status.PENDING]
    return SimpleNamespace(
        total=total,
        visible=states["visible"],
        waiting=waiting,
        hidden=total - states["visible"] - waiting,
        # More than are erased at once.
        left=max(0, total - MOST),
        articles=list(on[:ARTICLES_LISTED]),
        more_articles=max(0, rows.values("article").distinct().count() - ARTICLES_LISTED),
        browsers=rows.exclude(reader="").values("reader").distinct().count(),
        addresses=search.addresses().count(),
    )


def export(search: Search, by) -> dict:
    """All that is stored about the writer; logged. Raises `Refused` for too much."""
    rows = search.comments().select_related("article", "notify").defer(*LONG_PARTS_OF_ARTICLE)
    comments = list(rows[: MOST + 1])
    if len(comments) > MOST:
        sentence = _("These are more than %(limit)s comments, the limit of one file. Add a name or words.")
        raise Refused(sentence % {"limit": moments.number(MOST)}, 422)
    with languages.of_the_site():
        data = personal_data.collect(comments, search.addresses(), {comment.reader for comment in comments})
    _log(by, CHANGE, _("Exported comments: %(number)s.") % {"number": moments.number(len(comments))})
    return data


def erase(search: Search, by=None) -> tuple[int, int, int]:
    """Erase the first `MOST` comments in one transaction, and with the last ones delete the addresses; logged for `by`.

    Returns how many comments were erased, how many are left, and how many addresses were deleted.
    """
    with transaction.atomic():
        found = search.comments().filter(erased_at=None)
        addresses, total = list(search.addresses().values_list("pk", flat=True)), found.count()
        chosen = _chosen(search, found)
        number = erasure.erase(chosen)
        left = total - len(chosen)
        deleted = EmailAddress.objects.filter(pk__in=addresses).delete()[1] if not left else {}
        gone = deleted.get(EmailAddress._meta.label, 0)
        if by:
            articles = len({comment.article_id for comment in chosen})
            counts = {"number": number, "articles": articles, "addresses": gone}
            erased = _("Erased comments: %(number)s, articles: %(articles)s, e-mail addresses: %(addresses)s.")
            _log(by, DELETION, erased % {name: moments.number(count) for name, count in counts.items()})
    return number, left, gone


def _chosen(search, found):
    """At most `MOST`, in the order in which threads are locked. Those that only their browser leads to come first: they
    could not be found once the others are erased."""
    direct = search.direct()
    rows = list(found.exclude(pk__in=direct).only("pk", "article")[:MOST])
    rows += found.filter(pk__in=direct).only("pk", "article")[: MOST - len(rows)]
    return sorted(rows, key=lambda comment: (comment.article_id, comment.pk))


def _log(by, flag, message):
    """In the admin's log, without anything of the request."""
    LogEntry.objects.create(
        user=by, content_type=ContentType.objects.get_for_model(Comment), object_id="", object_repr=LOGGED_AS,
        action_flag=flag, change_message=message,
    )  # fmt: skip


def recorded() -> QuerySet:
    """The log of requests, newest first."""
    kind = ContentType.objects.get_for_model(Comment)
    return LogEntry.objects.filter(content_type=kind, object_repr=LOGGED_AS).select_related("user")
