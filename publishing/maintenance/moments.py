"""Dates and times as people type them, in the zone of the site: those that do not exist there, or exist twice."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.text.moments import in_words

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def readings(typed: datetime) -> list[datetime]:
    """What a date and time without a zone can mean, earliest first, in UTC.

    None while the clocks go forward, two while they go back. Raises OverflowError at the ends of the calendar.
    """
    zone = timezone.get_current_timezone()
    found = {typed.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(each for each in found if each.astimezone(zone).replace(tzinfo=None, fold=0) == typed)


def around_gap(typed: datetime) -> tuple[datetime, datetime]:
    """The last minute before, and the first moment after, the gap that a date and time is in."""
    zone = timezone.get_current_timezone()
    before, after = sorted(typed.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return (after - MINUTE).astimezone(zone), after.astimezone(zone)


def named(moment: datetime) -> str:
    """With its zone, which tells two readings apart: "25 October 2026, 02:30 CEST (UTC+02:00)"."""
    local = timezone.localtime(moment)
    offset = f"{local:%z}"
    return f"{in_words(local, 'minute')} {local:%Z} (UTC{offset[:3]}:{offset[3:5]})"


def _refuse(typed: datetime, found: list[datetime]) -> None:
    if not found:
        before, after = around_gap(typed)
        words = _("%(typed)s does not exist: the clocks go forward. The nearest times are %(before)s and %(after)s.")
        times = {"before": before, "after": after}
        code = "gap"
    else:
        words = _("%(typed)s comes twice: the clocks go back. Choose %(first)s or %(second)s.")
        times = dict(zip(("first", "second"), found, strict=True))
        code = "fold"
    params = {name: named(moment) for name, moment in times.items()}
    raise ValidationError(words, code=code, params=params | {"typed": in_words(typed, "minute")})


def in_zone(typed: datetime, reading: str = "") -> datetime:
    """The moment of a date and time in the zone of the site; `reading` is "0" or "1" for one that comes twice.

    Raises ValidationError: with the code "gap", with "fold" if no reading is chosen, or with "calendar".
    """
    try:
        found = readings(typed)
        if len(found) == 2 and reading in ("0", "1"):
            return found[int(reading)]
        if len(found) != 1:
            _refuse(typed, found)
    except OverflowError as error:
        raise ValidationError(_("That is not a date of our calendar."), code="calendar") from error
    return found[0]


class MomentWidget(AdminSplitDateTime):
    """A date, a time, and a choice that appears where they come twice."""

    template_name = "admin/maintenance/moment.html"

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.widgets = [*self.widgets, forms.RadioSelect()]
        self.widgets_names = [f"_{number}" for number in range(3)]
        # Set by the field for what was typed.
        self.readings: list[datetime] = []

    def decompress(self, value):
        found = _readings_of(value) if value else []
        return [*super().decompress(value), str(found.index(value.astimezone(UTC))) if len(found) == 2 else ""]

    def get_context(self, name, value, attrs):
        found = self.readings if isinstance(value, list) else _readings_of(value) if value else []
        self.widgets[2].choices = [(str(number), named(moment)) for number, moment in enumerate(found)]
        context = super().get_context(name, value, attrs)
        context["widget"]["is_asked"] = len(found) == 2
        return context


def _readings_of(moment: datetime) -> list[datetime]:
    """Of the date and time that people see for a moment."""
    return readings(timezone.localtime(moment).replace(tzinfo=None, fold=0))


class MomentField(forms.SplitDateTimeField):
    """A date and a time in the zone of the site, as Django's, but it says what is wrong and asks which is meant."""

    widget = MomentWidget

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields = (*self.fields, forms.ChoiceField(choices=[("0", "0"), ("1", "1")], required=False))
        # `compress` says which of the first two is missing.
        self.require_all_fields = False

    def compress(self, data_list):
        if not any(data_list[:2]):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        for half, code in zip(data_list, ("invalid_date", "invalid_time"), strict=False):
            if half is None:
                raise ValidationError(self.error_messages[code], code=code)
        typed = datetime.combine(*data_list[:2])
        try:
            self.widget.readings = readings(typed)
        except OverflowError:
            self.widget.readings = []
        return in_zone(typed, data_list[2])
