"""The form of name, look and wording."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from ..links.lines import validate_links
from ..models import IdentityFile, Publication
from . import face, uploads
from .colours import ACCENT
from .widgets import ColourInput, LookFileInput

_LOGO = "An SVG or a picture, up to 2 MB. It is shown 32 pixels high."
# Fields of files, by the first use of what is made from them.
LOGOS = {"logo_light": "logo-light", "logo_dark": "logo-dark"}


class _LookFile(forms.FileField):
    widget = LookFileInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class IdentityForm(forms.ModelForm):
    """Files are made into what is served while the form is checked, so that a bad one is refused beside its field."""

    logo_light = _LookFile(label="Logo", help_text=f"{_LOGO} Without one, the name is shown.")
    logo_dark = _LookFile(label="Logo on dark pages", help_text=f"{_LOGO} Without one, the other is used.")
    icon = _LookFile(help_text="A square picture of 512 pixels or more, for tabs and phones. Without one, the mark.")

    class Meta:
        model = Publication
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accent"].widget.automatic = ACCENT
        self.fields["link_lines"].validators.append(validate_links)
        self.stored = {file.use: file for file in face.stored_files()}
        for field, use in {**LOGOS, "icon": "icon"}.items():
            self.fields[field].initial = self.stored.get(use)

    def _made(self, field: str, make):
        """What `make` returns for a file that was sent; None to keep what is stored, False to remove it."""
        sent = self.cleaned_data[field]
        if isinstance(sent, UploadedFile):
            return make(sent)
        return False if sent is False else None

    def clean_logo_light(self):
        return self._made("logo_light", uploads.logo)

    def clean_logo_dark(self):
        return self._made("logo_dark", uploads.logo)

    def clean_icon(self):
        return self._made("icon", uploads.icon)

    def changed_files(self) -> dict[str, uploads.Made | None]:
        """What was made of the files that were sent, by use; None for what is removed."""
        changed = {use: self.cleaned_data.get(field) for field, use in LOGOS.items()}
        icons = self.cleaned_data.get("icon")
        changed |= dict.fromkeys(uploads.icons.SIZES, icons) if icons in (None, False) else icons
        return {use: made or None for use, made in changed.items() if made is not None}

    def save_files(self) -> None:
        """Store what was made and delete what is removed, in the transaction that stores the rest."""
        for use, made in self.changed_files().items():
            if made is None:
                IdentityFile.objects.filter(pk=use).delete()
            else:
                digest = face.digest_of(made.content)
                IdentityFile(use, digest, made.kind, made.width, made.height, made.content).save()

    def tried_files(self) -> list[face.File]:
        """The files as they would be, those that were sent inside their addresses."""
        changed = self.changed_files()
        kept = [file for use, file in self.stored.items() if use not in changed]
        return kept + [face.inline(use, made) for use, made in changed.items() if made]


COLOURS = {"widget": ColourInput}
