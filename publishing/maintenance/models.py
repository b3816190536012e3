from datetime import timedelta

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
from publishing.text.fields import LineField

# The site opens again even if somebody forgets it.
LONGEST_CLOSURE = timedelta(hours=24)
OPEN_END = Q(ends_at__isnull=True)


class State(models.TextChoices):
    """From mild to strict."""

    BANNER = "banner", _("Banner")
    READ_ONLY = "read-only", _("Read-only")
    CLOSED = "closed", _("Closed")


class WindowQuerySet(models.QuerySet):
    def not_over(self):
        """Active or planned. A window that was ended before it began is over."""
        return self.overlapping(timezone.now(), None)

    def active(self):
        return self.not_over().filter(starts_at__lte=timezone.now())

    def scheduled(self):
        return self.not_over().filter(starts_at__gt=timezone.now())

    def overlapping(self, starts_at, ends_at):
        """Windows that overlap with [starts_at, ends_at); None is an open end."""
        later = self.filter(OPEN_END | Q(ends_at__gt=starts_at) & Q(ends_at__gt=F("starts_at")))
        return later.filter(starts_at__lt=ends_at) if ends_at else later


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
        _("until"), null=True, blank=True, help_text=_("A closed site opens again after 24 hours at most.")
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
            # That the end is within a day is checked by `decision`: SQLite would need a function of Django's for it,
            # and other programs could not open the database.
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
        """A new window that starts in the past starts now."""
        if not self.starts_at:
            return
        now = timezone.now()
        if self._state.adding:
            self.starts_at = max(self.starts_at, now)
        if problem := self._problem_with_end(now):
            raise ValidationError({"ends_at": problem})
        others = Window.objects.overlapping(self.starts_at, self.ends_at).filter(state=self.state).exclude(pk=self.pk)
        if self._state.adding:
            # Active ones will be ended.
            others = others.filter(starts_at__gt=now)
        if other := others.order_by("starts_at").first():
            message = _("This overlaps with another window: %(other)s. End that one, or choose other times.")
            raise ValidationError(message, params={"other": other})

    def _problem_with_end(self, now) -> str:
        if self.ends_at is None:
            closed = self.state == State.CLOSED
            return gettext("Enter when the site opens again.") if closed else ""
        if self.ends_at <= self.starts_at:
            return gettext("The end must be after the start and in the future.")
        if self.state == State.CLOSED and self.ends_at - self.starts_at > LONGEST_CLOSURE:
            return gettext("The site can be closed for 24 hours at most.")
        return ""

    @property
    def is_over(self) -> bool:
        # The start may be missing in a form.
        return self.ends_at is not None and self.ends_at <= max(self.starts_at or self.ends_at, timezone.now())

    @property
    @admin.display(description=_("active now"), boolean=True)
    def is_active(self) -> bool:
        """The same rule as `WindowQuerySet.active`."""
        return bool(self.starts_at) and self.starts_at <= timezone.now() and not self.is_over


class Change(AppendOnly):
    """Who changed maintenance, when, how, from which state to which, and why."""

    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    # None: the command line, or an account that was deleted.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    window = models.ForeignKey(Window, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes")
    # What was done: announced, changed, ended, a link made or revoked.
    action = models.CharField(max_length=20)
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
