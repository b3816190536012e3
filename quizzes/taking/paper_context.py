"""A paper for its template: the questions without the right answers, with what the reader has answered so far."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from publishing.text import markdown

from ..kinds.base import field_name
from ..kinds.base_forms import split_stem
from ..kinds.forms import FORMS
from ..kinds.words import translated
from .papers import Paper


def questions(paper: Paper, sent: Mapping[str, Sequence[str]], errors: Mapping[str, list[str]]) -> list[dict]:
    """The questions. `sent` maps field names to the values that were sent, `errors` to what is wrong with them.

    `lead` is the first paragraph of a question's text, `rest` the blocks after it (code, lists). Its kind adds what
    its `template` shows.
    """
    shown = []
    for number, question in enumerate(paper.questions, 1):
        name, (lead, rest) = field_name(question), split_stem(question["stem"])
        forms = FORMS[question["kind"]]
        shown.append(
            {
                "number": number,
                "name": name,
                "kind": question["kind"],
                "hint": translated(forms.rules.hint),
                "lead": markdown.stored(lead),
                "rest": markdown.stored(rest),
                "hints": [markdown.stored(hint) for hint in question["hints"]],
                "errors": errors.get(name, []),
                "is_answered": any(
                    value.strip() for part in paper.field_names(question) for value in sent.get(part, ())
                ),
                "template": forms.template.format("question"),
                **forms.shown(question, paper, sent),
            }
        )
    return shown


def words() -> dict[str, str]:
    """The sentences of the scripts, which fill their placeholders."""
    return {
        "answered": _("%(answered)s of %(count)s answered"),
        "unanswered": _("%(unanswered)s of %(count)s not answered"),
        "left": _("%(time)s left"),
        "unknown": _("Ends at %(time)s. The time left could not be checked with the server."),
    }


def scripts(paper: Paper) -> list[str]:
    """The scripts that the kinds of its questions need."""
    return sorted({FORMS[question["kind"]].script for question in paper.questions} - {""})
