"""The form of a window: everything about it on one page."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..decision import ANNOUNCED
from ..groups import USUAL, Group
from ..models import State, Window, shifted
from ..moments import MomentField

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UNTIL_MOMENT, OPEN_END, OTHER = "until", "open", "other"
# In minutes. The first choice is that of the field below it.
LENGTHS = [
    (UNTIL_MOMENT, _("until the moment below")),
    ("30", _("30 minutes")),
    ("60", _("1 hour")),
    ("120", _("2 hours")),
    ("240", _("4 hours")),
    ("480", _("8 hours")),
    ("1440", _("24 hours")),
    (OPEN_END, _("until somebody ends it")),
]
NOTICES = [
    ("0", _("not at all")),
    ("60", _("1 hour before")),
    ("1440", _("1 day before")),
    ("4320", _("3 days before")),
    ("10080", _("a week before")),
    (OTHER, _("other")),
]
EXTENSIONS = [("30", _("30 minutes")), ("60", _("1 hour")), ("120", _("2 hours"))]
USUAL_LENGTHS = {State.BANNER: OPEN_END, State.READ_ONLY: "60", State.CLOSED: "120"}


class PlanForm(forms.ModelForm):
    """A new window, or one that is not over. An empty start is now."""

    length = forms.ChoiceField(label=_("Lasts"), choices=LENGTHS)
    announce_before = forms.ChoiceField(
        label=_("Announce"), choices=NOTICES, help_text=_("Readers are told before it begins.")
    )
    announce_hours = forms.IntegerField(label=_("Hours before"), min_value=1, max_value=24 * 365, required=False)
    groups = forms.MultipleChoiceField(
        label=_("Applies to"), choices=Group, widget=forms.CheckboxSelectMultiple, help_text=_("What readers lose.")
    )

    class Meta:
        model = Window
        fields = ["state", "starts_at", "ends_at", "sentence", "announcement", "reason"]
        widgets = {"state": forms.RadioSelect}
        help_texts = {
            "sentence": _(
                "Readers see this. Empty: the sentence from “Name and wording”, or one that names the parts."
            ),
            "announcement": _("Readers see this before it begins. Empty: as above."),
        }
        field_classes = {"starts_at": MomentField, "ends_at": MomentField}

    field_order = [
        "state", "starts_at", "length", "ends_at", "announce_before", "announce_hours", "sentence", "announcement",
        "groups", "reason",
    ]  # fmt: skip

    def __init__(self, data=None, *, instance=None, state=None):
        initial = _initial(instance) if instance else _initial_for(state)
        super().__init__(data, instance=instance, initial=initial, label_suffix="")
        self.fields["state"].choices = State.choices
        for name in ("starts_at", "ends_at"):
            field = self.fields[name]
            field.required = False
            for half, widget in zip((gettext("date"), gettext("time")), field.widget.widgets, strict=False):
                widget.attrs["aria-label"] = f"{field.label}, {half}"
        self.fields["starts_at"].help_text = _("Empty: now.")
        if instance and instance.is_active:
            self.fields["state"].disabled = self.fields["starts_at"].disabled = True

    def clean_groups(self):
        chosen = self.cleaned_data["groups"]
        return [] if set(chosen) == USUAL else chosen

    def clean(self):
        cleaned = super().clean()
        if "starts_at" in cleaned and cleaned["starts_at"] is None:
            cleaned["starts_at"] = timezone.now()
        self._clean_end(cleaned)
        self._clean_notice(cleaned)
        return cleaned

    def _clean_end(self, cleaned):
        length, starts_at, ends_at = (cleaned.get(name) for name in ("length", "starts_at", "ends_at"))
        if length is None or "ends_at" in self.errors:
            return
        if length == UNTIL_MOMENT:
            if ends_at is None:
                self.add_error("ends_at", ValidationError(_("Enter the end, or choose how long it lasts.")))
        elif ends_at is not None and ends_at != self.initial.get("ends_at"):
            message = _("Leave this empty, or choose “until the moment below”.")
            self.add_error("ends_at", ValidationError(message))
        elif length == OPEN_END:
            cleaned["ends_at"] = None
        elif starts_at:
            cleaned["ends_at"] = shifted(starts_at, int(length) * MINUTE)

    def _clean_notice(self, cleaned):
        notice, hours = cleaned.get("announce_before"), cleaned.get("announce_hours")
        if notice == OTHER and hours is None and "announce_hours" not in self.errors:
            self.add_error("announce_hours", ValidationError(_("Enter how many hours before.")))
        elif notice == OTHER:
            # The command line announces to the second, which whole hours would move.
            if hours != self.initial.get("announce_hours"):
                self.instance.announce_before = (hours or 0) * HOUR
        elif notice is not None:
            self.instance.announce_before = int(notice) * MINUTE

    def _post_clean(self):
        self.instance.groups = self.cleaned_data.get("groups", [])
        super()._post_clean()


def _initial_for(state: str) -> dict:
    """Whoever announces chooses the state, and announces it."""
    is_announced = state == ANNOUNCED
    return {
        "state": "" if is_announced else state,
        "starts_at": None,
        "length": USUAL_LENGTHS.get(state, UNTIL_MOMENT),
        "announce_before": "1440" if is_announced else "0",
        "groups": sorted(USUAL),
    }


def _initial(window: Window) -> dict:
    minutes = str(window.announce_before / MINUTE).removesuffix(".0")
    is_listed = minutes in dict(NOTICES)
    return {
        # A form has whole seconds.
        "ends_at": window.ends_at and window.ends_at.replace(microsecond=0),
        "length": OPEN_END if window.ends_at is None else UNTIL_MOMENT,
        "announce_before": minutes if is_listed else OTHER,
        "announce_hours": None if is_listed else -(-window.announce_before // HOUR),
        "groups": window.groups or sorted(USUAL),
    }


class WhyForm(forms.Form):
    """Why a window ends now; one that is extended has its new length besides."""

    reason = Window._meta.get_field("reason").formfield(label=_("Why"), help_text="")
    reason.widget.attrs |= {"aria-label": _("Why"), "placeholder": _("Why")}


class ExtendForm(WhyForm):
    minutes = forms.TypedChoiceField(label=_("Extend by"), choices=EXTENSIONS, coerce=int)
