"""What is typed on the page of AdSense."""

from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Consent
from . import checks, ids


def validate_script(address: str) -> None:
    """Raises ValidationError unless it is an address of HTTPS without a name or password."""
    try:
        parts = urlsplit(address)
        is_right = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        is_right = False
    if not is_right or not address.isascii() or not address.isprintable() or " " in address:
        raise ValidationError(gettext("Write an address that begins with https://."))


class IdForm(forms.Form):
    pasted = forms.CharField(
        label=_("Publisher id, or the snippet of AdSense"),
        max_length=ids.MOST_PASTED,
        # Without one, its line and the tag are taken away.
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60, "spellcheck": "false"}),
        help_text=_(
            "ca-pub- and 16 digits. In AdSense under Account, or in any code that it shows. Once it is saved, readers "
            "and Google see it in /ads.txt and in the head of the front page, before anything is connected."
        ),
    )

    def clean_pasted(self):
        pasted = self.cleaned_data["pasted"]
        self.client = ids.normalised(pasted) if pasted.strip() else ""
        return pasted


class ConsentForm(forms.Form):
    privacy_page = forms.CharField(
        label=_("Privacy page"),
        max_length=400,
        help_text=_("Its address on this site, such as /privacy/. The question and the foot of each page lead there."),
    )
    consent = forms.ChoiceField(
        label=_("Who asks readers"),
        choices=Consent.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "In the European Economic Area, the United Kingdom and Switzerland Google pays only for advertisements "
            "after the question of a platform that it has certified."
        ),
    )
    platform_script = forms.CharField(
        label=_("Script of the platform"),
        max_length=300,
        required=False,
        help_text=_("Its address, beginning with https://. Nothing of another host is loaded before it says yes."),
    )

    def clean_privacy_page(self):
        path = checks.public_path(self.cleaned_data["privacy_page"])
        if path is None:
            raise ValidationError(gettext("Readers can open no such page here. Copy the address of one."))
        return path

    def clean_platform_script(self):
        address = self.cleaned_data["platform_script"]
        if address:
            validate_script(address)
        return address

    def clean(self):
        cleaned = super().clean()
        is_asked = cleaned.get("consent") == Consent.TCF and "platform_script" not in self.errors
        if is_asked and not cleaned.get("platform_script"):
            self.add_error("platform_script", gettext("Give the address that your platform shows you."))
        return cleaned
