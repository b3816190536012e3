"""What is moved in: an upload, or a folder of the server, and the options of the importer."""

from pathlib import Path

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import files

CHOOSE = _("Choose a file.")
MOST_FOLDERS = 500


def folders() -> list[str]:
    """What can be chosen on the server: what lies in IMPORT_ROOT, and in its folders."""
    root = Path(settings.IMPORT_ROOT) if settings.IMPORT_ROOT else None
    if root is None or not root.is_dir():
        return []
    found = []
    for path in sorted(root.iterdir()):
        if not path.name.startswith(".") and (path.is_dir() or path.suffix.lower() in files.STARTS):
            found.append(path.name)
    return found[:MOST_FOLDERS]


class SourceForm(forms.Form):
    """`upload` names a file whose parts a script has sent before."""

    file = forms.FileField(required=False, label=_("File"))
    upload = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    upload_name = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["file"].help_text = gettext(
            "A zip of Markdown or HTML, an export of WordPress (XML), Ghost (JSON or zip), Substack or Medium (zip), "
            "up to %(most)s MB."
        ) % {"most": settings.IMPORT_UPLOAD_MB}
        if found := folders():
            self.fields["folder"] = forms.ChoiceField(
                choices=[("", "–"), *((name, name) for name in found)],
                required=False,
                label=_("or from the server"),
                help_text=_("What lies in the folder IMPORT_ROOT."),
            )
            self.fields["media"] = forms.ChoiceField(
                choices=[("", "–"), *((name, name) for name in found)],
                required=False,
                label=_("Folder with its pictures"),
                help_text=_(
                    "If the source names pictures that it does not have: the uploads of WordPress, for example."
                ),
            )

    def clean(self):
        cleaned = super().clean()
        chosen = [bool(cleaned.get("file") or cleaned.get("upload")), bool(cleaned.get("folder"))]
        if self.errors:
            return cleaned
        if sum(chosen) != 1:
            self.add_error(
                "file", gettext("Choose a file or a folder of the server, not both.") if all(chosen) else CHOOSE
            )
            return cleaned
        media = cleaned.get("media")
        self.pictures = [str(Path(settings.IMPORT_ROOT) / media)] if media else []
        try:
            self.source = self._source(cleaned)
        except files.Unfit as error:
            self.add_error("file", str(error))
        except OSError as error:
            message = gettext("The file could not be stored: %(problem)s.")
            self.add_error("file", message % {"problem": error.strerror})
        return cleaned

    def _source(self, cleaned) -> dict:
        """Fields of a Transfer. Stores an upload that came with the form."""
        if cleaned.get("folder"):
            return {"name": cleaned["folder"], "path": cleaned["folder"], "is_upload": False}
        if cleaned["upload"]:
            name, path = cleaned["upload_name"] or cleaned["upload"], cleaned["upload"]
        else:
            name = cleaned["file"].name
            path = files.new_name(name)
            files.append(path, cleaned["file"].chunks(), 0)
        try:
            files.check(path)
        except files.Unfit:
            files.delete(path)
            raise
        return {"name": name[-200:], "path": path, "is_upload": True}
