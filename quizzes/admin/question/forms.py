"""The form of a question and of its choices."""

import json

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.admin.widgets import MarkdownWidget
from articles.models import Article
from publishing.bases.ordered import OrderedForm, OrderedFormSet
from publishing.text.parsing import normal_line_ends
from quizzes.kinds import RULES
from quizzes.kinds.grading.numbers import NOMINAL
from quizzes.kinds.words import translated
from quizzes.models import BankCategory, Placement, Quiz
from quizzes.models.question import SCORING
from quizzes.transfer.import_lookup import category_path


def needs_as_json() -> str:
    """For the page's script: by kind {"fields": [name], "columns": {name: heading}, "rules": [rule], "group"}.

    `fields` are those that not every kind has, `columns` those of the choices, `group` is the optgroup of its rules.
    """
    return json.dumps(
        {
            kind: {
                "fields": rules.fields,
                "columns": {name: translated(heading) for name, heading in rules.columns.items() if heading},
                "rules": ["", *rules.scoring],
                "group": next(
                    (str(group) for group, of_group in SCORING if set(rules.scoring) <= set(dict(of_group))), ""
                ),
            }
            for kind, rules in RULES.items()
        }
    )


def _group_of(scoring) -> str:
    return next((str(group) for group, of_group in SCORING if set(scoring) <= set(dict(of_group))), "")


def has_program(kind: str | None) -> bool:
    return kind in RULES and "program" in RULES[kind].fields


class QuestionForm(forms.ModelForm):
    quiz = forms.ModelChoiceField(
        Quiz.objects.none(),
        label=_("Add to quiz"),
        required=False,
        help_text=_("You can add it to other quizzes later."),
        widget=AutocompleteSelect(Placement._meta.get_field("quiz"), admin.site),
    )
    has_run = forms.BooleanField(
        label=_("This is the output of the program above"),
        required=False,
        help_text=_("Tick this if you ran the changed program and it printed the same."),
    )

    # Who fills it in: set on the class for a request.
    user = None
    # The path of the category for a new question if none was chosen.
    default_category = ""

    class Meta:
        widgets = {
            "stem": MarkdownWidget(attrs={"rows": 8, "cols": 90}),
            "explanation": MarkdownWidget(attrs={"rows": 6, "cols": 90}),
            "hints": MarkdownWidget(attrs={"rows": 4, "cols": 90}),
            "program": forms.Textarea(attrs={"rows": 8, "cols": 90, "class": "mono", "spellcheck": "false"}),
            "recorded_output": forms.Textarea(attrs={"rows": 4, "cols": 90, "class": "mono", "spellcheck": "false"}),
            "anchor": forms.TextInput(attrs={"class": "vTextField", "list": "headings"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "article" in self.fields and self.instance.article_id:
            # One in the trash stays.
            linked = Article.everything.filter(pk=self.instance.article_id)
            self.fields["article"].queryset = self.fields["article"].queryset | linked
        if self.instance.pk:
            del self.fields["quiz"]
        else:
            self.fields["quiz"].queryset = Quiz.objects.editable_by(self.user)
        if not self.instance.pk and "category" in self.fields:
            self.fields["category"].required = False
            self.fields["category"].help_text = _("Empty: the category with the title of the quiz.")
        # Leading indentation and blank lines count.
        for name in {"program", "recorded_output"} & set(self.fields):
            self.fields[name].strip = False
        if "kind" in self.fields:
            self.fields["kind"].widget.attrs["data-needs"] = needs_as_json()

    def clean(self):
        cleaned = super().clean()
        if "category" in self.fields and not cleaned.get("category") and "category" not in self.errors:
            if cleaned.get("quiz") is None:
                self.add_error("category", _("Choose a category or a quiz."))
            else:
                self.default_category = category_path("", cleaned["quiz"])
        if has_program(cleaned.get("kind")) and cleaned.get("has_run"):
            for name in ("recorded_output", "interpreter"):
                if name not in self.errors and not cleaned.get(name, "").strip():
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def save(self, commit=True):
        if self._is_recorded():
            self.instance.record(self.instance.recorded_output, self.instance.interpreter)
        if self.default_category:
            self.instance.category = BankCategory.named(self.default_category)
        return super().save(commit)

    def _is_recorded(self) -> bool:
        """Whether the output is that of the current program: it is ticked, or the output or interpreter was changed."""
        if not has_program(self.instance.kind) or not self.instance.recorded_output.strip():
            return False
        return self.cleaned_data["has_run"] or any(
            normal_line_ends(self.cleaned_data[name]) != normal_line_ends(self.initial.get(name) or "")
            for name in ("recorded_output", "interpreter")
        )


class ChoiceForm(OrderedForm):
    class Meta:
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "cols": 40}),
            "feedback": forms.Textarea(attrs={"rows": 2, "cols": 30}),
            "pair": forms.TextInput(attrs={"size": 24}),
            "weight": forms.NumberInput(attrs={"step": "any", "min": -100, "max": 100}),
            "tolerance": forms.TextInput(attrs={"size": 8}),
        }
        help_texts = {"tolerance": _("The largest accepted error. In a blank, enter 0 to compare an exact number.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"weight", "tolerance_kind"} & set(self.fields):
            self.fields[name].required = False
        weight = self.initial.get("weight")
        self.initial["weight"] = None if self.instance._state.adding or weight is None else f"{weight.normalize():f}"
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name).capitalize())

    def clean_tolerance_kind(self):
        return self.cleaned_data["tolerance_kind"] or NOMINAL

    def clean(self):
        cleaned = super().clean()
        sides = {"text", "pair"}
        if not sides & set(self.errors) and not any(cleaned.get(name) for name in sides):
            raise ValidationError({"text": _("Enter a text, or tick Delete.")})
        return cleaned


class ChoiceFormSet(OrderedFormSet):
    """Sets missing weights: 100 for an answer to type, else 0."""

    def clean(self):
        super().clean()
        rules = RULES.get(self.instance.kind)
        for form in self.rows():
            if form.cleaned_data.get("weight") is None and "weight" not in form.errors:
                is_typed = rules and rules.is_typed and not form.cleaned_data.get("is_offered")
                form.instance.weight = 100 if is_typed else 0
