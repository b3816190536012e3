"""The form of an article: its fields, and the step that a button asks for."""

from functools import partial
from uuid import uuid4

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.text import languages
from publishing.text.fields import SUMMARY_LENGTH, LineField
from publishing.text.parsing import normal_line_ends

from ..checks import publishing
from ..labels import names
from ..models import Article, Author, Category, ChangeKind, Series, Tag, Version
from ..versions import buttons, saving
from ..versions.content import DATES, KEYS, OTHERS, TEXTS, as_text, fields_of
from ..versions.notes import Change
from .taxonomy.picking import LabelField, LabelsField
from .widgets import LanguageWidget, MarkdownWidget

STALE = _("Someone else saved this article while you wrote. Compare both texts, then save again to keep yours.")
STOPPED = _("Not published yet: see below what is missing. Or give a reason to publish it anyway.")
REASON_LENGTH = 150
LABELS = ("category", "tags", "byline", "series")


class ArticleForm(forms.ModelForm):
    """All fields of a version. A valid form is saved as the working version, merged with what others saved."""

    canonical_url = forms.URLField(
        label=_("Canonical address"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Where this was published first, if not here."),
    )
    category = LabelField(Category, label=_("Category"))
    tags = LabelsField(Tag, label=_("Tags"))
    # Not "authors": Django's admin does not take the name of a relation with a table of its own.
    byline = LabelsField(Author, is_ordered=True, label=_("Authors"), help_text=_("Readers see them in this order."))
    series = LabelField(Series, label=_("Series"))
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    created_in = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    # The value of the button that was pressed.
    step = forms.CharField(required=False)
    at = forms.SplitDateTimeField(label=_("When"), required=False, widget=AdminSplitDateTime)
    note = forms.CharField(
        label=pgettext_lazy("to colleagues", "Note"),
        required=False,
        max_length=SUMMARY_LENGTH,
        help_text=_("For your colleagues. Readers do not see it."),
    )
    override = forms.CharField(
        label=_("Publish anyway because"),
        max_length=REASON_LENGTH,
        required=False,
        validators=LineField.default_validators,
        help_text=_("If checks stop it. The reason is kept."),
    )
    # Of a published article.
    change_kind = forms.ChoiceField(
        label=_("What the change is"),
        choices=ChangeKind.choices,
        required=False,
        initial=ChangeKind.TYPO,
        help_text=_("All but a typo stand at the foot of the article and move its date."),
    )
    public_note = Version._meta.get_field("public_note").formfield(
        label=_("Public note"),
        validators=Version._meta.get_field("public_note").validators,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 90}),
        help_text=_("What was wrong, and what is right. Readers see it, with the date. Links, emphasis and code work."),
    )

    class Media:
        js = [forms.Script("js/writing/main.js", type="module")]
        css = {"all": ["css/writing.css"]}

    class Meta:
        widgets = {
            "body": MarkdownWidget(attrs={"rows": 28, "cols": 90, "placeholder": _("Text, in Markdown")}),
            "title": forms.Textarea(attrs={"rows": 1, "cols": 60, "placeholder": _("Title")}),
            "language": LanguageWidget(attrs={"size": 12}),
            "summary": forms.Textarea(
                attrs={"rows": 2, "cols": 90, "placeholder": _("Summary: one or two sentences under the title")}
            ),
        }

    # Set by the admin. `version` is what the form was filled with; None for a new article.
    user = None
    version = None
    # The beginning of a public note.
    begun_note = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in LABELS:
            self.fields[name].user = self.user
        for name in ("note", "override"):
            self.fields[name].widget.attrs["dir"] = "auto"
        self.conflict = None
        # What a reason overrides.
        self.overridden = []
        if self.version:
            fields = self.version.fields
            self.initial |= {"tags": fields["tags"], "byline": fields["authors"], "token": self.version.digest}
            if self.version.state == Version.State.SCHEDULED:
                self.initial |= {name: getattr(self.version, name) for name in ("change_kind", "public_note")}
        # The last line end of a text is part of it: without it, opening and saving would be a change.
        if "body" in self.fields:
            self.fields["body"].strip = False
        if self.version and "language" in self.fields:
            texts = (self.version.fields[name] for name in ("title", "summary", "body"))
            found = languages.language_of_text("\n".join(texts))
            self.fields["language"].help_text = _(
                "A tag such as en, pt-BR or ar, if the letters do not tell it. Empty: %(language)s, by the letters."
            ) % {"language": languages.name_of(found)}
        if self.begun_note:
            self.initial |= {"change_kind": ChangeKind.CORRECTION, "public_note": self.begun_note}

    def content(self) -> dict:
        """The fields as a version stores them."""
        cleaned = {**dict.fromkeys((*KEYS, *OTHERS, *DATES)), **self.cleaned_data}
        fields = {name: normal_line_ends(cleaned[name]) for name in TEXTS}
        fields |= {name: cleaned[name] and cleaned[name].pk for name in KEYS}
        fields |= {name: cleaned[name] for name in OTHERS}
        fields |= {name: as_text(cleaned[name]) for name in DATES}
        fields |= {"tags": sorted(tag.pk for tag in cleaned["tags"])}
        fields |= {"authors": [author.pk for author in cleaned["byline"]]}
        return buttons.permitted(fields, self.instance, self.version, self.user)

    def clean(self):
        cleaned = super().clean()
        self._check_place(cleaned.get("series"), cleaned.get("series_position"))
        steps = buttons.steps_for(self.instance, self.version, self.user)
        problem = buttons.problem(
            self.wanted_step(), steps, cleaned.get("at"), cleaned.get("note"), cleaned.get("category")
        )
        if problem:
            self.add_error(*problem)
        self._check_note(cleaned)
        return cleaned

    def _check_place(self, series, place):
        if place and not series:
            self.add_error("series_position", gettext("Choose a series for this position."))
        if not place or not series or not series.pk:
            return
        other = series.articles.filter(series_position=place).exclude(pk=self.instance.pk)
        if other.exists():
            title = other.visible_to(self.user).values_list("title", flat=True).first()
            values = {"title": title, "place": place, "next": series.next_place}
            taken = gettext("Another article has place %(place)s. The next free place is %(next)s.")
            if title:
                taken = gettext("“%(title)s” has place %(place)s already. The next free place is %(next)s.")
            self.add_error("series_position", taken % values)

    def _check_note(self, cleaned):
        if not self.instance.is_published or self.wanted_step() not in ("publish", "schedule"):
            return
        kind, note = cleaned.get("change_kind") or ChangeKind.TYPO, cleaned.get("public_note")
        if kind == ChangeKind.TYPO and note:
            self.add_error(
                "change_kind", gettext("A typo has no public note. Choose what the change is, or remove the note.")
            )
        elif kind != ChangeKind.TYPO and not note and "public_note" not in self.errors:
            self.add_error("public_note", gettext("Tell readers what has changed."))
        elif note and note.startswith("…"):
            self.add_error("public_note", gettext("Say what has changed, in place of the “…”."))

    @property
    def change(self) -> Change | None:
        """What a published article's change is; None for another article or step."""
        cleaned = self.cleaned_data
        if not self.instance.is_published or self.wanted_step() not in ("publish", "schedule"):
            return None
        return Change(cleaned["change_kind"] or ChangeKind.TYPO, cleaned["public_note"])

    def wanted_step(self) -> str:
        return self.cleaned_data.get("step") or "save"

    def version_note(self) -> str:
        """What the version says about the step, with the reason for which checks were overridden."""
        note = self.cleaned_data["note"]
        if not self.overridden:
            return note
        reason = gettext("despite checks: %(reason)s") % {"reason": self.cleaned_data["override"]}
        return f"{note} – {reason}" if note else reason

    def _check(self, fields: dict) -> None:
        """Add what stops the publication of these fields as errors beside the form's, unless there is a reason."""
        before = None
        if self.instance.is_scheduled:
            before = fields_of(Article.objects.get(pk=self.instance.pk))
        step, at = self.wanted_step(), self.cleaned_data.get("at")
        found = publishing.stopping(step, self.instance, fields, at, before)
        if not found or (self.cleaned_data["override"] and buttons.may_publish(self.user)):
            self.overridden = found
            if len(self.version_note()) > SUMMARY_LENGTH:
                self.add_error("note", gettext("Shorten the note: it is kept together with the reason."))
            return
        self.add_error(None, ValidationError(STOPPED, code="stopped"))
        for one in found:
            self.add_error(
                one.field,
                gettext("Line %(line)s: %(problem)s") % {"line": one.line, "problem": one} if one.line else str(one),
            )

    def _post_clean(self):
        with transaction.atomic():
            # All that is missing is said at once.
            if self.errors.keys() <= {"category"}:
                self._make_labels()
            super()._post_clean()
            if self.errors.keys() <= {"category"}:
                self._check(self.content())
            if self.version and not self.errors:
                self._save_working()
            if self.errors and not self.conflict:
                transaction.set_rollback(True)

    def _make_labels(self):
        """Save the labels whose names were typed and that there were not."""

        def made(label):
            if label.pk is not None:
                return label
            if self.version:
                # Before what `make` locks, in the order of every other change.
                saving.locked(self.instance.pk)
            return names.make(type(label), str(label), by=self.user)

        for name in set(LABELS) & self.cleaned_data.keys():
            value = self.cleaned_data[name]
            self.cleaned_data[name] = [*map(made, value)] if isinstance(value, list) else value and made(value)

    def _save_working(self):
        now, fields = saving.current(saving.locked(self.instance.pk)), self.content()
        save = partial(saving.save_working, now, fields, by=self.user, token=self.cleaned_data["token"])
        try:
            result = save()
        except saving.UnknownBase:
            result = save(base=saving.NO_BASE)
        if isinstance(result, saving.Saved) and result.is_merged:
            self._check(result.fields)
        if isinstance(result, saving.Saved) and not self.errors and self.instance.is_published:
            self._check_change()
        if isinstance(result, saving.Conflict):
            self.conflict = result
            # The next save knows the other text.
            self.data = self.data.copy()
            self.data["token"] = result.token
            self.add_error(None, ValidationError(STALE, code="stale"))
            for name in result.merge.conflicts:
                self.add_error("byline" if name == "authors" else name, gettext("This was changed by both of you."))

    def _check_change(self):
        """Some steps of a published article need something that readers do not see yet."""
        if problem := buttons.problem_without_change(self.wanted_step(), saving.shown(self.instance)):
            self.add_error(None, problem)
