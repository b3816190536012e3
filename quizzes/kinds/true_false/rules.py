"""True or false: two choices that are always called so. An answer is [id of a choice]."""

from ..grading.weights import fraction_of
from ..messages import gettext_noop as _
from ..messages import pgettext_noop as pgettext
from ..single.rules import Single


class TrueFalse(Single):
    name, label = "true_false", _("True or false")
    # Translators: for readers.
    hint = _("true or false")
    fields = ()
    fixed_texts = (
        # Translators: for readers.
        pgettext("answer", "True"),
        # Translators: for readers.
        pgettext("answer", "False"),
    )
    columns = Single.columns | {"is_pinned": ""}
    has_distractors = choices_differ = False
    accept_words = _("Accept the other choice too: everyone who answered gets the point.")

    def problems_of_choices(self, question, choices):
        right = [fraction_of(choice.weight) for choice in choices].count(1)
        found = []
        if tuple(choice.text for choice in choices) != self.fixed_texts:
            found.append(_("It needs the two choices True and False, in this order."))
        if right != 1:
            none = _("Exactly one of its choices has to be right (weight 100); none is.")
            several = _("Exactly one of its choices has to be right (weight 100); %(count)s is.", count=right)
            found.append(several if right else none)
        return found

    def frozen(self, question, choices, html):
        return super().frozen(question, choices, html) | {"shuffle": False}

    def missing(self, item):
        return super().missing(item) or (
            "" if len(item.choices) == 2 else _("There are not just the choices True and False.")
        )
