"""The registry of the forms of each kind of question."""

from .base_forms import Forms
from .cloze.forms import ClozeForms
from .matching.forms import MatchingForms
from .multiple.forms import MultipleForms
from .numeric.forms import NumericForms
from .ordering.forms import OrderingForms
from .output.forms import OutputForms
from .short_answer.forms import ShortAnswerForms
from .single.forms import SingleForms
from .true_false.forms import TrueFalseForms

FORMS: dict[str, Forms] = {
    forms.rules.name: forms
    for forms in (
        SingleForms(), MultipleForms(), TrueFalseForms(), ShortAnswerForms(), NumericForms(), OrderingForms(),
        MatchingForms(), ClozeForms(), OutputForms(),
    )
}  # fmt: skip


def forms_of(kind: str) -> Forms:
    """Raises KeyError for an unknown kind."""
    return FORMS[kind]
