"""The registry of the forms of each kind of question."""

from . import RULES
from .base_forms import Forms
from .cloze.forms import ClozeForms
from .matching.forms import MatchingForms
from .multiple.forms import MultipleForms
from .numeric.forms import NumericForms
from .ordering.forms import OrderingForms
from .output.forms import OutputForms
from .short_answer.forms import ShortAnswerForms
from .single.forms import SingleForms

_CLASSES = {
    "single": SingleForms, "multiple": MultipleForms, "true_false": SingleForms, "short_answer": ShortAnswerForms,
    "numeric": NumericForms, "ordering": OrderingForms, "matching": MatchingForms, "cloze": ClozeForms,
    "output": OutputForms,
}  # fmt: skip
FORMS: dict[str, Forms] = {kind: forms(RULES[kind]) for kind, forms in _CLASSES.items()}
