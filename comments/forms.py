"""Readers' forms, and what a name and a body may contain."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy
from django.utils.text import normalize_newlines
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.groups import Group
from publishing.text.moments import number
from publishing.text.validators import (
    ReachableEmailValidator,
    validate_few_marks,
    validate_no_bidi_controls,
    validate_one_line,
    validate_storable,
    validate_visible,
    visible_length,
)
from publishing.web.refusals import FOREIGN, Refused
from publishing.web.same_origin import is_same_origin

from .models import BODY_LENGTH, NAME_COLUMN_LENGTH, NAME_LENGTH, Comment, CommentKind
from .models.draft import Draft

READ_ONLY_SENTENCE = _("Comments are read-only during maintenance.")
# A hidden field for bots: some fill in every field, others post without it.
TRAP = "homepage"

EMAIL_LENGTH = 254
# A comment's id in a URL.
NUMBER = r"\A[1-9][0-9]{0,11}\Z"

# Direction marks that people type in Hebrew or Arabic.
_DIRECTION_MARKS = re.compile(r"[\u200e\u200f\u061c]")
# Joiners are part of the spelling of these scripts and of emoji; between other letters they hide something.
_JOINED = r"[\u0600-\u0dff\u1000-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_SPELLING = re.compile(
    rf"(?<={_JOINED})[\u200c\u200d](?={_JOINED})|(?<=[\u2190-\u2bff\U0001f000-\U0001faff])\ufe0f|\ufe0f(?=\u20e3)"
)
# Marks without a visible effect: the grapheme joiner and the variation selectors.
_SHAPELESS = re.compile(r"[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def validate_nothing_hidden(value: str) -> None:
    """Refuse invisible characters, with which one name can look like another."""
    for character in _SPELLING.sub("", value):
        category = unicodedata.category(character)
        blank = category[0] not in "CMZ" and not visible_length(character)
        if blank or category in ("Cc", "Cf", "Cs") or _SHAPELESS.match(character):
            raise ValidationError(_("This contains a hidden character. Remove it or retype the text."))


def validate_name_length(value: str) -> None:
    """Refuse names of more than 50 visible characters, or more than fit into the column."""
    if visible_length(value) > NAME_LENGTH or len(value) > NAME_COLUMN_LENGTH:
        raise ValidationError(_("Use at most %(limit)s characters."), params={"limit": NAME_LENGTH})


def validate_body_length(value: str) -> None:
    """Refuse more than 4,000 characters, line ends counted as one."""
    if (excess := len(value) - BODY_LENGTH) > 0:
        raise ValidationError(
            _("This is %(length)s characters long. The limit is %(limit)s: remove at least %(excess)s."),
            params={"length": number(len(value)), "limit": number(BODY_LENGTH), "excess": number(excess)},
        )


def validate_readable(value: str) -> None:
    """Refuse the replacement character of decoders."""
    if "\ufffd" in value:
        raise ValidationError(_("This contains an unreadable character. Remove it or retype the text."))


class ReaderField(forms.CharField):
    """Text of a reader. Of the `rules` that it breaks, the first is reported."""

    rules = ()

    def __init__(self, **kwargs):
        super().__init__(strip=False, **kwargs)
        # validate_storable reports these.
        self.validators = []

    def run_validators(self, value):
        if value:
            for rule in self.rules:
                rule(value)

    def bound_data(self, data, initial):
        """What goes back into the form after a refusal: everything that can be encoded."""
        value = super().bound_data(data, initial)
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


class NameField(ReaderField):
    """1 to 50 visible characters on one line, composed (NFC), none hidden."""

    default_error_messages = {"required": _("Enter your name.")}
    rules = (
        validate_storable,
        validate_readable,
        validate_one_line,
        validate_visible,
        validate_no_bidi_controls,
        validate_nothing_hidden,
        validate_few_marks,
        validate_name_length,
    )

    def to_python(self, value):
        composed = unicodedata.normalize("NFC", super().to_python(value))
        return re.sub(r"[^\S\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+", " ", composed).strip()


class BodyField(ReaderField):
    """1 to 4,000 characters, line ends counted as one, without controls of direction."""

    default_error_messages = {"required": _("Enter your comment.")}
    widget = forms.Textarea
    rules = (
        validate_storable,
        validate_visible,
        lambda value: validate_no_bidi_controls(_DIRECTION_MARKS.sub("", value)),
        validate_few_marks,
        validate_body_length,
    )

    def to_python(self, value):
        return normalize_newlines(super().to_python(value)).lstrip("\n").rstrip()


class TrapField(forms.CharField):
    """Empty again after a refusal, in case the browser filled it in."""

    def bound_data(self, data, initial):
        return ""


class ParentField(forms.Field):
    """The id of the comment that this one replies to; cleaned, the comment. Set `article` on it."""

    widget = forms.HiddenInput

    def clean(self, value):
        """The comment. One query, none without a number."""
        if not value:
            return None
        number = int(value) if re.fullmatch("[0-9]{1,12}", str(value), re.ASCII) else 0
        parent = Comment.objects.visible().filter(article=self.article, pk=number).first()
        if parent is None or parent.erased_at:
            gone = _("The comment you replied to was removed. Submit again to post yours as a new comment.")
            raise ValidationError(gone, "gone")
        if not parent.may_be_answered:
            deep = _("Replies cannot be nested deeper. Submit again to post yours as a new comment.")
            raise ValidationError(deep, "deep")
        return parent


class EmailField(forms.EmailField):
    """An e-mail address that mail can reach. With a `max_length` of None, browsers do not cut it."""

    default_validators = [ReachableEmailValidator(), validate_storable, MaxLengthValidator(EMAIL_LENGTH)]


def _limit_sentence() -> str:
    return gettext("Up to %(limit)s characters") % {"limit": number(BODY_LENGTH)}


class RevisionForm(forms.Form):
    """What a writer can change while the comment waits. Bound, it keeps what was sent."""

    name = NameField(
        label=_("Name"),
        help_text=_("Shown next to your comment."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    body = BodyField(
        label=_("Comment"),
        help_text=lazy(_limit_sentence, str)(),
        widget=forms.Textarea({"rows": 8, "data-limit": BODY_LENGTH}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=CommentKind.choices,
        initial=CommentKind.PLAIN,
        required=False,
        widget=forms.Select({"class": "form-select"}),
        error_messages={"invalid_choice": _("Choose one of these kinds.")},
    )

    def clean_kind(self):
        return self.cleaned_data["kind"] or CommentKind.PLAIN

    @property
    def draft(self) -> Draft:
        """What the valid form says."""
        return Draft(**self.cleaned_data)


class CommentForm(RevisionForm):
    """The form under an article. Bound, it keeps what was sent whatever is wrong with it."""

    email = EmailField(
        label=_("E-mail"),
        required=False,
        max_length=None,
        help_text=_("Optional, never shown. We send a link to confirm it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    parent = ParentField(required=False, widget=forms.HiddenInput)
    homepage = TrapField(
        label=_("Leave this empty"),
        required=False,
        strip=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    # Said instead of a text that was too long to be read.
    unread = ""

    def __init__(self, data=None, *, article, parent=None):
        super().__init__(data, initial={"parent": parent.pk} if parent else None)
        self.article, self.parent = article, parent
        self.fields["parent"].article = article

    def clean(self):
        if self.data.getlist(TRAP) != [""]:
            filled_in = _("Your comment was not sent because a hidden field was filled in. Submit it again.")
            raise ValidationError(filled_in)
        del self.cleaned_data[TRAP]
        if "parent" in self.errors:
            # Submitted again, it is a top-level comment.
            self.data = self.data.copy()
            self.data["parent"] = ""

    @property
    def answered(self) -> Comment | None:
        """The comment that this one replies to, if it may."""
        if not self.is_bound:
            return self.parent
        self.is_valid()
        return self.cleaned_data.get("parent")


class SureForm(forms.Form):
    """A tick for what cannot be undone."""

    sure = forms.BooleanField(error_messages={"required": _("Tick the box to confirm. This cannot be undone.")})


def read_only_sentence(request) -> str:
    """Why no form about comments can be sent now; empty if it can."""
    return READ_ONLY_SENTENCE if request.maintenance.refuses_forms_of(Group.COMMENTS) else ""


def check_write(request) -> None:
    """Raise `Refused` for a form that another site sent, or that came during maintenance."""
    if not is_same_origin(request):
        raise Refused(FOREIGN)
    if read_only_sentence(request):
        sentence = gettext("Comments are read-only during maintenance. Submit this form again after it.")
        raise Refused(sentence, 503, request.maintenance.retry_after)


class PageForm(forms.Form):
    """Which page of a thread: conversations after or before an id, in one of two orders; replies under one comment; or
    the form to reply to one."""

    after = forms.RegexField(NUMBER, required=False)
    before = forms.RegexField(NUMBER, required=False)
    under = forms.RegexField(NUMBER, required=False)
    reply = forms.RegexField(NUMBER, required=False)
    sort = forms.ChoiceField(choices=[("oldest", ""), ("newest", "")], required=False)

    # Parameters that a URL may have.
    TOGETHER = [
        "", "after", "before", "sort", "after sort", "before sort", "under", "after under", "before under", "reply",
    ]  # fmt: skip

    def clean(self):
        if " ".join(sorted(filter(self.cleaned_data.get, self.cleaned_data))) not in self.TOGETHER:
            raise ValidationError("Invalid combination.")

    def number(self, name) -> int | None:
        return int(self.cleaned_data[name]) if self.cleaned_data[name] else None
