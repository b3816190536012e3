"""What a reader may write, and the form in which to write it."""

import re
import unicodedata

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from publishing.text import (
    normal_line_ends,
    validate_few_marks,
    validate_no_bidi_controls,
    validate_one_line,
    validate_storable,
    validate_visible,
    visible_length,
)

from .models import BODY_LENGTH, NAME_COLUMN_LENGTH, NAME_LENGTH

# A field that people do not see. A program that fills in everything fills it in; one that replays an old post has not
# got it at all.
TRAP = "homepage"

# Controls of direction that a person does type, in Hebrew or Arabic: they turn nothing around.
_DIRECTION_MARKS = re.compile(r"[\u200e\u200f\u061c]")
# What joins letters of these scripts, and emoji, is part of the spelling; between other letters it is a disguise.
_JOINED = r"[\u0600-\u0dff\u1000-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_SPELLING = re.compile(
    rf"(?<={_JOINED})[\u200c\u200d](?={_JOINED})|(?<=[\u2190-\u2bff\U0001f000-\U0001faff])\ufe0f|\ufe0f(?=\u20e3)"
)
# Marks that change nothing one can see: the grapheme joiner and the variation selectors.
_SHAPELESS = re.compile(r"[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def validate_nothing_hidden(value: str) -> None:
    """Refuse characters without a shape of their own, with which one name can pass for another."""
    for character in _SPELLING.sub("", value):
        category = unicodedata.category(character)
        blank = category[0] not in "CMZ" and not visible_length(character)
        if blank or category in ("Cc", "Cf", "Cs") or _SHAPELESS.match(character):
            raise ValidationError("This holds a hidden character. Type it again without pasting.")


def validate_name_length(value: str) -> None:
    """Refuse names of more than 50 visible characters, or more than the column holds."""
    if visible_length(value) > NAME_LENGTH or len(value) > NAME_COLUMN_LENGTH:
        raise ValidationError(f"Use at most {NAME_LENGTH} characters.")


def validate_body_length(value: str) -> None:
    """Refuse more than 4,000 characters, line ends counted as one."""
    if (excess := len(value) - BODY_LENGTH) > 0:
        raise ValidationError(
            f"This is {len(value):,} characters long. Take out {excess:,} or more: {BODY_LENGTH:,} is the most."
        )


def validate_readable(value: str) -> None:
    """Refuse the sign that stands where something could not be decoded."""
    if "\ufffd" in value:
        raise ValidationError("Part of this could not be read. Type it again.")


class ReaderField(forms.CharField):
    """Text of an anonymous reader: made uniform by `normal`, then held against `rules`; the first broken one speaks."""

    rules = ()

    def __init__(self, **kwargs):
        super().__init__(strip=False, **kwargs)
        # Said by validate_storable already.
        self.validators = []

    def normal(self, value: str) -> str:
        """The text as it is measured and stored."""
        return value

    def to_python(self, value):
        return self.normal(super().to_python(value))

    def run_validators(self, value):
        if value:
            for rule in self.rules:
                rule(value)

    def bound_data(self, data, initial):
        """What goes back into the form after a refusal: everything that was sent, as far as it can be sent back."""
        value = super().bound_data(data, initial)
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


class NameField(ReaderField):
    """1 to 50 visible characters on one line, composed (NFC), with nothing hidden in them."""

    default_error_messages = {"required": "Give a name to show next to your comment."}
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

    def normal(self, value):
        return re.sub(r"[^\S\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+", " ", unicodedata.normalize("NFC", value)).strip()


class BodyField(ReaderField):
    """1 to 4,000 characters with line ends counted as one; nothing that turns the direction of the text around."""

    default_error_messages = {"required": "Write your comment first."}
    widget = forms.Textarea
    rules = (
        validate_storable,
        validate_visible,
        lambda value: validate_no_bidi_controls(_DIRECTION_MARKS.sub("", value)),
        validate_few_marks,
        validate_body_length,
    )

    def normal(self, value):
        return normal_line_ends(value).lstrip("\n").rstrip()


class TrapField(forms.CharField):
    """Drawn empty again after a refusal, so that a person whose browser filled it in is let through at the next try."""

    def bound_data(self, data, initial):
        return ""


class CommentForm(forms.Form):
    """The form under an article. Bound, it keeps what was sent whatever is wrong with it."""

    name = NameField(help_text="Shown next to your comment.", widget=forms.TextInput({"autocomplete": "name"}))
    body = BodyField(
        label="Comment",
        help_text=f"Up to {BODY_LENGTH:,} characters",
        widget=forms.Textarea({"rows": 8, "data-limit": BODY_LENGTH}),
    )
    homepage = TrapField(
        label="Leave this empty",
        required=False,
        strip=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data=None, *, article, read_only=False):
        super().__init__(data)
        self.article, self.read_only = article, read_only

    def clean(self):
        if self.data.getlist(TRAP) != [""]:
            raise ValidationError(
                "Your comment came with something that only programs send. It is still here: please send it once more."
            )

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms draws it: the errors first, then the fields, then what happens next."""
        helper = FormHelper()
        helper.form_id, helper.form_class = "join", "join"
        # The fragment brings the reader back to the form, and to what is wrong in it, without a script.
        helper.form_action = reverse("comments:create", args=[self.article.slug]) + "#join"
        helper.disable_csrf = True
        helper.form_show_errors = False
        helper.field_template = "comments/_field.html"
        fields = [
            "name",
            "body",
            Div(TRAP, hidden=True),
            Div(
                HTML("{% include 'comments/_held.html' %}"),
                StrictButton("Send for approval", type="submit", css_class="button first", aria_describedby="held"),
            ),
        ]
        if self.read_only:
            fields = [Fieldset("", *fields, disabled=True, aria_describedby="read-only")]
        helper.layout = Layout(HTML("{% include 'comments/_form_top.html' %}"), *fields)
        return helper
