from ..single.forms import SingleForms
from .rules import Multiple


class MultipleForms(SingleForms):
    rules = Multiple()
