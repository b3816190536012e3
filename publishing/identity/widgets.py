"""Fields for a colour and for a file, with what readers see of them."""

from django.contrib.admin.widgets import AdminTextInputWidget
from django.forms import ClearableFileInput, Script

from .colours import HEX, readings


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


def report(typed: str, automatic: str) -> dict:
    """For templates/admin/colour/report.html: nothing for what is no colour."""
    colour = typed.strip().lower() or automatic
    if not HEX.fullmatch(colour):
        return {}
    return {"readings": readings(colour), "is_automatic": not typed.strip()}
