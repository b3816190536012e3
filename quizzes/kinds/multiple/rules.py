"""Several choices of which any number may be right. An answer is [id of a choice, …]."""

from decimal import Decimal

from ..grading import choices as scoring
from ..grading.weights import fraction_of, fractions_of, is_whole
from ..messages import gettext_noop as _
from ..single.rules import Single


class Multiple(Single):
    name, label = "multiple", _("Multiple choice")
    # Translators: for readers.
    hint = _("choose all that apply")
    fields = ("shuffle", "rule")
    scoring = (scoring.RIGHT_MINUS_WRONG, scoring.WEIGHTED_SUM, scoring.ALL_OR_NOTHING)
    takes_several = has_field_per_choice = True
    accept_words = _("Ignore a choice: it may be ticked or not.")
    accepted = {"is_neutral": True}

    def problems_of_choices(self, question, choices):
        weights = [choice.weight for choice in choices]
        if is_whole(fractions_of(weights)):
            return []
        total = sum((weight for weight in weights if weight > 0), Decimal())
        return [
            _(
                "The weights of its right choices have to add up to 100 percent; they add up to %(total)s."
                " For equal shares of three, write 33.33333 for each.",
                total=f"{total.normalize():f}",
            )
        ]

    def is_right(self, weight):
        return weight > 0

    def rule_for(self, weights, wanted=""):
        """The author's, or the one derived from the weights."""
        return super().rule_for(weights, wanted or scoring.derived_rule(weights))

    def frozen(self, question, choices, html):
        """Weights that add up to 100 only as they are written keep that value."""
        frozen = super().frozen(question, choices, html)
        exact = fractions_of([choice.weight for choice in choices])
        for data, fraction in zip(frozen["choices"], exact, strict=True):
            if fraction_of(data["weight"]) != fraction:
                data["weight"] = str(fraction * 100)
        return frozen

    def part_keys(self, answer, spelled):
        return map(str, answer)

    def is_open(self, choice):
        return not choice.get("is_neutral")

    def is_void(self, question):
        return not any(
            fraction_of(choice["weight"]) > 0 and not choice.get("is_neutral") for choice in question["choices"]
        )
