"""Fields for a colour and for a file, with what readers see of them."""

from django.contrib.admin.widgets import AdminTextInputWidget
from django.forms import ClearableFileInput, Script
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from .colours import HEX, Reading, readings


class LookFileInput(ClearableFileInput):
    """A file, with the stored one as readers see it."""

    template_name = "admin/publishing/publication/file.html"


class ColourInput(AdminTextInputWidget):
    """A text field and how its colour reads in both schemes; `automatic` is the colour that an empty one gets."""

    template_name = "admin/colour/input.html"
    automatic = ""

    class Media:
        css = {"all": ["css/colour.css"]}
        js = [Script("js/colour-field.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"report": report(value or "", self.automatic), "automatic": self.automatic}
        return context


# How a colour reads on light or dark pages: ours, as it was typed, or another one instead of it.
_WORDS = {
    "light": (
        _("On light pages ours, %(shown)s (%(shown_ratio)s : 1)."),
        _("On light pages as it is, %(shown)s (%(shown_ratio)s : 1)."),
        _("On light pages %(shown)s (%(shown_ratio)s : 1): %(given)s has only %(ratio)s : 1 and cannot be read there."),
    ),
    "dark": (
        _("On dark pages ours, %(shown)s (%(shown_ratio)s : 1)."),
        _("On dark pages as it is, %(shown)s (%(shown_ratio)s : 1)."),
        _("On dark pages %(shown)s (%(shown_ratio)s : 1): %(given)s has only %(ratio)s : 1 and cannot be read there."),
    ),
}


def report(typed: str, automatic: str) -> list[tuple[Reading, str]]:
    """For templates/admin/colour/report.html, with a sentence each: nothing for what is no colour."""
    colour = typed.strip().lower() or automatic
    if not HEX.fullmatch(colour):
        return []
    return [(reading, _sentence(reading, not typed.strip())) for reading in readings(colour)]


def _sentence(reading: Reading, is_automatic: bool) -> str:
    ours, as_it_is, another = _WORDS[reading.scheme]
    words = another if not reading.is_kept else ours if is_automatic else as_it_is
    return words % {
        "shown": reading.shown,
        "shown_ratio": number_format(reading.shown_ratio, 1),
        "given": reading.given,
        "ratio": number_format(reading.ratio, 1),
    }
