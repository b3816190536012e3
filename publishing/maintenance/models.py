from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.append_only import AppendOnly
from publishing.groups import Group
from publishing.text.fields import LineField

OPEN_END = Q(ends_at__isnull=True)


class State(models.TextChoices):
    """From mild to strict."""

    BANNER = "banner", _("Banner")
    READ_ONLY = "read-only", _("Read-only")
    CLOSED = "closed", _("Closed")


# A window ends by itself after this time, even if somebody forgets it. Search engines drop pages that answer 503 for
# more than a day or two; a week is longer than any move of a database; a notice that stands for a month is not read.
LONGEST = {
    State.BANNER: timedelta(days=31),
    State.READ_ONLY: timedelta(days=7),
    State.CLOSED: timedelta(hours=24),
}
_TOO_LONG = {
    State.BANNER: _("A banner can be shown for 31 days at most: until %(latest)s."),
    State.READ_ONLY: _("The site can be read-only for 7 days at most: until %(latest)s."),
    State.CLOSED: _("The site can be closed for 24 hours at most: until %(latest)s."),
}
# Readers are told so long before: a notice that stands for longer is not read.
LONGEST_NOTICE = timedelta(days=31)
# A start in the past is now if it is that of a form that was open for some time, and else a mistake.
OLDEST_START = timedelta(days=1)
# Nobody plans further ahead; a year with a digit too many is a mistake.
FURTHEST_START = timedelta(days=2 * 366)


def shifted(moment: datetime, length: timedelta) -> datetime:
    """The first or the last moment that there is instead of one beyond it."""
    try:
        return moment + length
    except OverflowError:
        return (datetime.max if length > timedelta() else datetime.min).replace(tzinfo=UTC)


def end_of(state: str, starts_at: datetime, ends_at: datetime | None) -> datetime:
    """When a window ends, by itself at the latest, however it is stored."""
    latest = shifted(starts_at, LONGEST[state])
    return min(ends_at or latest, latest)


class WindowQuerySet(models.QuerySet):
    def not_over(self):
        """Active or planned. A window that was ended before it began is over."""
        return self.ending_after(timezone.now())

    def active(self):
        return self.not_over().filter(starts_at__lte=timezone.now())

    def scheduled(self):
        return self.not_over().filter(starts_at__gt=timezone.now())

    def ending_after(self, moment):
        """The same rule as `end_of`."""
        young = Q()
        for state, longest in LONGEST.items():
            young |= Q(state=state, starts_at__gt=shifted(moment, -longest))
        return self.filter(OPEN_END | Q(ends_at__gt=moment) & Q(ends_at__gt=F("starts_at")), young)

    def overlapping(self, starts_at, ends_at):
        """Windows that overlap with [starts_at, ends_at)."""
        return self.ending_after(starts_at).filter(starts_at__lt=ends_at)


def _words(moment) -> str:
    """With the name of the zone."""
    moment = timezone.localtime(moment)
    return f"{date_format(moment, 'DATETIME_FORMAT')} {moment:%Z}"


class Window(models.Model):
    """Maintenance from `starts_at` until just before `ends_at`. The rows are the history."""

    state = models.CharField(max_length=10, choices=State)
    sentence = LineField(
        max_length=200, blank=True, help_text=_("Readers see this. Empty: the sentence from “Name and wording”.")
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now, db_index=True)
    ends_at = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_(
            "Empty: until somebody ends it. It ends by itself: closed after 24 hours, read-only after 7 days, a banner "
            "after 31 days."
        ),
    )
    # How long before the start readers are told.
    announce_before = models.DurationField(
        _("announce before"), default=timedelta(), db_default=timedelta(), blank=True
    )
    announcement = LineField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Readers see this before it begins. Empty: the sentence from “Name and wording”."),
    )
    # Names of `groups.Group`; none: all but quizzes.
    groups = models.JSONField(_("applies to"), default=list, db_default=[], blank=True)
    reason = LineField(max_length=200, blank=True, help_text=_("Only staff see this."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("maintenance window")
        permissions = [("bypass_maintenance", "Can use the site while it is closed or read-only")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="window_state_known"),
            models.CheckConstraint(
                condition=OPEN_END | Q(ends_at__gte=F("starts_at")), name="window_ends_after_it_starts"
            ),
            # `end_of` holds that no end is beyond the longest: SQLite would need a function of Django's for it, and
            # other programs could not open the database.
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(ends_at__isnull=False), name="window_closed_has_end"
            ),
        ]

    def __str__(self):
        moments = {"from": self.starts_at, "until": self.ends_at}
        words = {name: _words(moment) for name, moment in moments.items() if moment}
        words["state"] = self.get_state_display()
        if self.ends_at:
            return gettext("%(state)s from %(from)s until %(until)s") % words
        return gettext("%(state)s from %(from)s") % words

    def clean(self):
        """Raises ValidationError beside the fields that are wrong. A start in the past is now."""
        self.announce_before = self.announce_before or timedelta()
        self.groups = self.groups or []
        if self.starts_at is None or self.state not in State.values:
            return
        now = timezone.now()
        stored = None if self._state.adding else Window.objects.filter(pk=self.pk).first()
        if stored and stored.is_over:
            raise ValidationError(_("This window is over. Announce another one."))
        problems = self._problems_with_start(now, stored)
        if not problems and not (stored and stored.is_active):
            self.starts_at = max(self.starts_at, now)
        if self.state == State.CLOSED and self.ends_at is None:
            self.ends_at = self.over_at
        if problems:
            raise ValidationError(problems)
        problems = {
            "ends_at": self._problem_with_end(now),
            "announce_before": self.problem_with_notice(),
            "groups": self.problem_with_groups(),
        }
        if problems := {field: problem for field, problem in problems.items() if problem}:
            raise ValidationError(problems)
        if other := self._in_the_way(now):
            message = _("This overlaps with another window: %(other)s. End that one, or choose other times.")
            raise ValidationError(message, params={"other": other})

    def _problems_with_start(self, now, stored) -> dict:
        if stored and stored.is_active:
            if self.starts_at.replace(microsecond=0) == stored.starts_at.replace(microsecond=0):
                # A form has whole seconds.
                self.starts_at = stored.starts_at
            problems = {
                "state": self.state != stored.state and gettext("It has begun. Announce another window instead."),
                "starts_at": self.starts_at != stored.starts_at and gettext("It has begun: the start cannot change."),
            }
            return {field: problem for field, problem in problems.items() if problem}
        if self.starts_at < now - OLDEST_START:
            return {"starts_at": gettext("The start is more than a day ago. Leave it as it is to start now.")}
        if self.starts_at > now + FURTHEST_START:
            return {"starts_at": gettext("The start is more than two years ahead.")}
        return {}

    def _problem_with_end(self, now) -> str:
        if self.ends_at is None:
            return ""
        if self.ends_at <= max(self.starts_at, now):
            return gettext("The end must be after the start and in the future.")
        if self.ends_at > self.over_at:
            return _TOO_LONG[self.state] % {"latest": _words(self.over_at)}
        return ""

    def problem_with_notice(self) -> str:
        if self.announce_before < timedelta():
            return gettext("Enter how long before the start: it cannot be after it.")
        if self.announce_before > LONGEST_NOTICE:
            return gettext("Readers can be told 31 days before at most.")
        return ""

    def problem_with_groups(self) -> str:
        known = isinstance(self.groups, list) and all(group in Group.values for group in self.groups)
        return "" if known else gettext("Choose from the parts of the site that are listed.")

    def _in_the_way(self, now):
        """The first other window that overlaps, but for active ones that `to_make_way` ends."""
        others = Window.objects.overlapping(self.starts_at, self.over_at).exclude(pk=self.pk)
        if self._state.adding:
            others = others.exclude(pk__in=[window.pk for window in self.to_make_way(now)])
        return others.order_by("starts_at").first()

    def to_make_way(self, now) -> list["Window"]:
        """The active windows that end when this new one starts: all if it starts now, else those with an open end."""
        active = Window.objects.active()
        if self.starts_at > now:
            active = active.filter(OPEN_END)
        return [window for window in active if window.over_at > self.starts_at]

    @property
    def over_at(self) -> datetime:
        """When it ends, by itself at the latest."""
        return end_of(self.state, self.starts_at, self.ends_at)

    @property
    def is_over(self) -> bool:
        # State and start may be missing in a form.
        return bool(self.state and self.starts_at) and self.over_at <= max(self.starts_at, timezone.now())

    @property
    @admin.display(description=_("active now"), boolean=True)
    def is_active(self) -> bool:
        """The same rule as `WindowQuerySet.active`."""
        return bool(self.state and self.starts_at) and self.starts_at <= timezone.now() < self.over_at


class Action(models.TextChoices):
    """What was done."""

    ANNOUNCED = "announced", _("Announced")
    CHANGED = "changed", _("Changed")
    EXTENDED = "extended", _("Extended")
    ENDED = "ended", _("Ended")
    LINK_MADE = "link-made", _("Link for testers made")
    LINK_REVOKED = "link-revoked", _("Link for testers revoked")


class Change(AppendOnly):
    """Who changed maintenance, when, how, from which state to which, and why."""

    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    # None: the command line, or an account that was deleted.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    window = models.ForeignKey(Window, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes")
    action = models.CharField(max_length=20, choices=Action)
    # "off", "announced" or a `State`, of the site before and after.
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view"]
        verbose_name = _("change of maintenance")
        verbose_name_plural = _("changes of maintenance")

    def __str__(self):
        return f"{self.action}: {self.from_state} → {self.to_state}"


# Nobody remembers for longer who has one.
LONGEST_PASS = timedelta(days=31)


class PassLinkQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class PassLink(models.Model):
    """A link with which a tester without an account uses the site during maintenance."""

    name = LineField(max_length=80, help_text=_("Who gets it. Only staff see this."))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PassLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("link for testers")
        verbose_name_plural = _("links for testers")

    def __str__(self):
        return self.name

    def clean(self):
        """A new one is valid for some time, but not longer than `LONGEST_PASS`."""
        now = timezone.now()
        if self._state.adding and self.expires_at and not now < self.expires_at <= now + LONGEST_PASS:
            raise ValidationError({"expires_at": _("A link is valid for 31 days at most.")})

    @property
    def is_valid(self) -> bool:
        """The same rule as `PassLinkQuerySet.valid`."""
        return self.revoked_at is None and self.expires_at > timezone.now()
