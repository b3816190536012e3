"""The form of an advertisement."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.bases.named_fields import name_halves
from publishing.maintenance.moments import MomentField

from ...models import Creative, Key, Kind
from . import texts, uploads


def _places() -> list[tuple[str, str]]:
    """The places with the sizes of pictures that they take."""
    return [(key, f"{Key(key).label}: {uploads.in_words(allowed)}") for key, allowed in uploads.sizes_of(()).items()]


class CreativeForm(forms.ModelForm):
    """The picture is made into what is served while the form is checked: a bad one is refused beside its field."""

    slots = forms.MultipleChoiceField(
        label=gettext_lazy("Places"),
        choices=_places,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: every place that takes it."),
    )
    upload = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG, WebP, GIF or AVIF in a size of the places, or twice as large for fine screens. "
            "Of a moving picture, the first frame is shown."
        ),
    )

    starts_at = MomentField(label=gettext_lazy("From"), initial=timezone.now)
    ends_at = MomentField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until it is switched off.")
    )

    class Meta:
        model = Creative
        fields = [
            "advertiser", "name", "is_on", "kind", "upload", "alt", "headline", "text", "target", "slots",
            "starts_at", "ends_at", "weight", "most_seen",
        ]  # fmt: skip

    made: uploads.Made | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            name_halves(self.fields[name])

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("It has to end after it starts."))
        is_picture = cleaned.get("kind") == Kind.PICTURE
        self._check_words(cleaned, ["alt"] if is_picture else ["headline", "text"])
        if "slots" in cleaned:
            if is_picture:
                self._check_picture(cleaned)
            elif cleaned.get("headline") and cleaned.get("text"):
                self._check_room(cleaned)
        return cleaned

    def _check_room(self, cleaned) -> None:
        try:
            texts.check(cleaned["headline"], cleaned["text"], cleaned["slots"])
        except ValidationError as error:
            self.add_error("text", error)

    def _check_words(self, cleaned, needed: list[str]) -> None:
        messages = {
            "alt": _("Describe the picture for people who cannot see it, with the words that are in it."),
            "headline": _("Give the headline."),
            "text": _("Give the text."),
        }
        for name in needed:
            if name in cleaned and not cleaned[name]:
                self.add_error(name, messages[name])

    def _check_picture(self, cleaned) -> None:
        sent, keys = cleaned.get("upload"), cleaned["slots"]
        if isinstance(sent, UploadedFile):
            try:
                self.made = uploads.picture(sent, keys)
            except ValidationError as error:
                self.add_error("upload", error)
                return
        shown = self.made or (self.instance if self.instance.picture else None)
        if shown is None:
            if "upload" not in self.errors:
                self.add_error("upload", _("Choose a picture."))
            return
        try:
            uploads.check_places((shown.width, shown.height), keys)
        except ValidationError as error:
            self.add_error("slots", error)
