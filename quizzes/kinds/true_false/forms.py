from ..single.forms import SingleForms
from .rules import TrueFalse


class TrueFalseForms(SingleForms):
    rules = TrueFalse()
