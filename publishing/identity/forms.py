"""The form of name, look and wording."""

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .. import wording
from ..links.lines import validate_links
from ..models import IdentityFile, Publication
from ..text.fields import LineField
from ..text.languages import direction_of
from . import face, uploads
from .colours import ACCENT
from .widgets import ColourInput, LookFileInput

# Fields of files, by the first use of what is made from them.
LOGOS = {"logo_light": "logo-light", "logo_dark": "logo-dark"}


class _LookFile(forms.FileField):
    widget = LookFileInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class _Sentence(forms.CharField):
    """One for readers, in the language of the site."""

    default_validators = LineField.default_validators
    widget = AdminTextInputWidget

    def __init__(self, label, help_text=""):
        super().__init__(label=label, help_text=help_text, required=False, max_length=wording.LENGTH)


# On a phone, the notice has two lines for it and one for the times.
_OF_NOTICE = _("Up to 80 characters leave the notice low on phones.")


class IdentityForm(forms.ModelForm):
    """Files are made into what is served while the form is checked, so that a bad one is refused beside its field."""

    logo_light = _LookFile(
        label=_("Logo"),
        help_text=_("An SVG or a picture, up to 2 MB. It is shown 32 pixels high. Without one, the name is shown."),
    )
    logo_dark = _LookFile(
        label=_("Logo on dark pages"),
        help_text=_("An SVG or a picture, up to 2 MB. It is shown 32 pixels high. Without one, the other is used."),
    )
    icon = _LookFile(
        label=_("Icon"),
        help_text=_("A square picture of 512 pixels or more, for tabs and phones. Without one, the mark."),
    )
    maintenance_sentence = _Sentence(_("Maintenance sentence"), _OF_NOTICE)
    maintenance_announced_sentence = _Sentence(_("Sentence before maintenance"), _OF_NOTICE)
    maintenance_read_only_sentence = _Sentence(_("Read-only sentence"), _OF_NOTICE)
    maintenance_closed_sentence = _Sentence(_("Closed sentence"))
    maintenance_quizzes_sentence = _Sentence(
        _("Sentence for the quizzes too"),
        _("In place of these while a window for the whole site refuses something of the quizzes, too."),
    )
    slot_sentence = _Sentence(_("Slot sentence"))
    comments_sentence = _Sentence(_("Comments sentence"))
    comments_empty_sentence = _Sentence(_("Comments empty sentence"))
    comments_held_sentence = _Sentence(_("Comments held sentence"))
    quizzes_sentence = _Sentence(_("Quizzes sentence"))

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
        language = settings.LANGUAGE_CODE
        for name in wording.DEFAULTS:
            self.initial[name] = wording.own(self.instance.wording, name)
            shown = {"placeholder": wording.default(name), "lang": language, "dir": direction_of(language)}
            self.fields[name].widget.attrs |= shown

    def clean(self):
        """The sentences that are right, in the row; the others stay as they are stored."""
        for name in wording.DEFAULTS:
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        return super().clean()

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
