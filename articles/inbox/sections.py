"""What waits of articles for an account: authors see their own, editors all."""

from datetime import datetime, timedelta
from itertools import chain

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from publishing.inbox.sections import COUNTED, SHOWN, Button, Row, Section, source

from ..checks import checking
from ..lists.desk_rows import desk_rows
from ..models import Article, Status, Version
from ..versions.buttons import may_publish

State, Kind = Version.State, Version.Kind
# Findings that are shown of an article.
FINDINGS = 3
MINUTE = timedelta(minutes=1)


@source
def articles(request):
    """For those who write. 16 queries for editors, 13 for authors, and those of the links in what is checked."""
    if not request.user.has_perm("articles.change_article"):
        return []
    return [section for section in _Desk(request.user).sections() if section.number]


def _ago(moment: datetime) -> str:
    if timezone.now() - moment < MINUTE:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, depth=1)}


def _day(moment: datetime) -> str:
    # Translators: a day, in the letters of Django's filter "date".
    return date_format(timezone.localtime(moment), _("l, j F Y"))


def _name(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("somebody")


def _url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _keys(articles, order: str, **moments) -> list[int]:
    """Of the first articles in this order, one more than are counted. `moments` are what it is sorted by."""
    return list(articles.annotate(**moments).order_by(order, "pk").values_list("pk", flat=True)[: COUNTED + 1])


def _changed_at(versions, column: str = "changed_at"):
    return Subquery(versions.filter(article=OuterRef("pk")).order_by().values(column)[:1])


class _Desk:
    """The keys of each section are read first, and then what is shown of all of them together."""

    def __init__(self, user):
        self.user, self.is_editor = user, may_publish(user)
        among = Article.objects if self.is_editor else Article.objects.written_by(user)
        worked_on = Coalesce(_changed_at(Version.objects.working()), F("worked_on_at"))
        self.sent_back = _keys(Article.objects.written_by(user).sent_back(), "-at", at=worked_on)
        mine = Article.objects.concerning(user).in_progress().exclude(pk__in=self.sent_back)
        self.mine = _keys(mine, "-at", at=worked_on)
        self.to_review = _keys(Article.objects.to_review(), "at", at=worked_on) if self.is_editor else []
        goes_live = Coalesce(_changed_at(Version.objects.scheduled(), "goes_live_at"), F("published_at"))
        self.planned = _keys(among.planned(), "at", at=goes_live)
        self.leaving = _keys(among.filter(archives_at__isnull=False), "archives_at")
        self.unfinished = self._unfinished(worked_on) if self.is_editor else []
        self.past_review = list(among.past_review().values_list("pk", flat=True)[: COUNTED + 1])
        shown = (self.sent_back, self.mine, self.to_review, self.planned, self.leaving, self.unfinished)
        self.rows = desk_rows({*chain.from_iterable(keys[:SHOWN] for keys in (*shown, self.past_review))})

    def _unfinished(self, worked_on) -> list[int]:
        """Changes of others that nobody is asked about."""
        others = Version.objects.working().exclude(Q(by=self.user) | Q(kind__in=[Kind.REVIEW, Kind.SENT_BACK]))
        return _keys(Article.objects.published().filter(pk__in=others.values("article")), "-at", at=worked_on)

    def sections(self):
        mine, all_of = self._list_url("mine"), self._list_url("mine" if not self.is_editor else "all")
        yield self._section("sent-back", _("Sent back"), 10, self.sent_back, f"{mine}&state=sent_back", self._sent_back)
        yield self._section("mine", pgettext("articles", "Mine"), 20, self.mine, mine, self._mine)
        yield self._section(
            "to-review", _("To review"), 30, self.to_review, f"{all_of}&state=to_review", self._to_review
        )
        yield self._scheduled(f"{all_of}&state=planned")
        yield self._failing()
        changed = f"{all_of}&state=with_unpublished_changes"
        yield self._section("unfinished", _("Unfinished changes"), 60, self.unfinished, changed, self._unfinished_row)
        past = f"{all_of}&state=past_review"
        yield self._section("past-review", _("Still true?"), 70, self.past_review, past, self._past_review)

    def _list_url(self, whose: str) -> str:
        return f"{reverse('admin:articles_article_changelist')}?whose={whose}"

    def _section(self, name: str, title: str, place: int, keys, url: str, row) -> Section:
        rows = [row(self.rows[key]) for key in keys[:SHOWN] if key in self.rows]
        is_asked = name in ("sent-back", "to-review", "past-review") and (self.is_editor or name == "sent-back")
        return Section(name, title, place, len(keys), rows, url, is_asked)

    # --- rows ---

    def _mine(self, article) -> Row:
        working = article.by_state.get(State.WORKING)
        at = working.changed_at if working else article.worked_on_at
        edited = _("edited %(ago)s") % {"ago": _ago(at)}
        return Row(article.title, _url(article), f"{article.state_in_words} · {edited}")

    def _version(self, article) -> Version | None:
        is_change = article.is_published or State.LIVE not in article.by_state
        return article.by_state.get(State.WORKING if is_change else State.LIVE)

    def _sent_back(self, article) -> Row:
        version = self._version(article)
        facts = ""
        if version:
            facts = _("By %(name)s, %(ago)s") % {"name": _name(version.by), "ago": _ago(version.changed_at)}
        return Row(article.title, _url(article), facts, version.note if version else "")

    def _to_review(self, article) -> Row:
        version, asked = self._version(article), article.state_in_words
        if version:
            text = _("changes, asked %(ago)s") if article.is_published else _("asked %(ago)s")
            asked = text % {"ago": _ago(version.changed_at)}
        note = version.note if version else ""
        return Row(article.title, _url(article), f"{article.author_names or _('No byline')} · {asked}", note)

    def _unfinished_row(self, article) -> Row:
        working = article.by_state.get(State.WORKING)
        facts = ""
        if working:
            values = {"name": _name(working.by), "ago": _ago(working.changed_at)}
            facts = _("Edited by %(name)s, %(ago)s") % values
        return Row(article.title, _url(article), facts)

    def _past_review(self, article) -> Row:
        checked = ""
        if article.last_check:
            checked = _("Last checked on %(date)s") % {"date": date_format(article.last_check, _("j F Y"))}
        url = reverse("admin:articles_article_still_true", args=[article.pk])
        return Row(
            article.title, _url(article), checked, button=Button(_("Still true"), url) if self.is_editor else None
        )

    # --- sections of their own kind ---

    def _scheduled(self, url: str) -> Section:
        """New articles, changes, and articles that leave the site, by day."""
        events = []
        for article in (self.rows[key] for key in self.planned[:SHOWN] if key in self.rows):
            if article.is_scheduled:
                events.append((article.published_at, article, article.author_names or _("No byline")))
            elif change := article.by_state.get(State.SCHEDULED):
                events.append((change.goes_live_at, article, _("Changes")))
        leaving = [self.rows[key] for key in self.leaving[:SHOWN] if key in self.rows]
        events += [(article.archives_at, article, _("Leaves the site")) for article in leaving if article.archives_at]
        events.sort(key=lambda event: (event[0], event[1].pk))
        rows = [
            Row(
                article.title,
                _url(article),
                f"{date_format(timezone.localtime(at), 'H:i T')} · {what}",
                heading=_day(at),
            )
            for at, article, what in events[:SHOWN]
        ]
        first = next((timezone.localtime(at) for at, article, _what in events if article.is_scheduled), None)
        said = ""
        if first:
            values = {"day": _day(first), "time": date_format(first, "H:i")}
            said = _("The next article appears on %(day)s, at %(time)s.") % values
        return Section("scheduled", _("Scheduled"), 40, len(self.planned) + len(self.leaving), rows, url, said=said)

    def _failing(self) -> Section:
        """What would stop the articles that are shown in review or scheduled."""
        wanted = {*self.to_review[:SHOWN], *self.planned[:SHOWN], *self.mine[:SHOWN]}
        wanted = [
            key for key, article in self.rows.items()
            if key in wanted and (article.status == Status.REVIEW or article.is_scheduled)
        ]  # fmt: skip
        found = checking.awaited(wanted)
        rows = []
        for article, findings in found:
            lines = [str(finding) for finding in findings[:FINDINGS]]
            if len(findings) > FINDINGS:
                more = len(findings) - FINDINGS
                lines.append(ngettext("And %(count)s more.", "And %(count)s more.", more) % {"count": more})
            rows.append(Row(article.title, _url(article), self.rows[article.pk].state_in_words, "\n".join(lines)))
        return Section("checks", _("Failing checks"), 50, len(rows), rows[:SHOWN])
