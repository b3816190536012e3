"""A text with blanks, each filled by typing a text or a number, or from a list. An answer is {number of a blank: text}.

In a text a blank is written [[1]] to [[99]]; in an edition it is one private character.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..base import CHOICES_PER_QUESTION, field_name, problems_of_repeated
from ..grading import texts
from ..grading.answers import Graded, first_that_fits, is_answer, parts, text
from ..messages import gettext_noop as _
from ..messages import ngettext_noop as ngettext
from ..numeric.rules import Numeric
from ..short_answer.rules import ShortAnswer, with_variant

# [[01]] is not a blank.
BLANK = re.compile(r"\[\[([1-9][0-9]?)\]\]")
_LEADING_ZERO = re.compile(r"\[\[0[1-9]\]\]")
# Private characters, which validators refuse in texts: the n-th after this one stands for blank n.
BLANK_MARK = 0xE000
FIRST_BLANK, LAST_BLANK = chr(BLANK_MARK + 1), chr(BLANK_MARK + 99)
# For str.translate: the blanks of an edition's text as they are written.
AS_WRITTEN = {BLANK_MARK + number: f"[[{number}]]" for number in range(1, 100)}
# Of all blanks of a text together.
TEXTS_PER_CLOZE = 100


def by_blank(question: Mapping) -> dict[int, list[Mapping]]:
    """The choices of an edition's question by the number of their blank, in the author's order."""
    found = {}
    for choice in question["choices"]:
        found.setdefault(choice["blank"], []).append(choice)
    return found


def number_blanks(question: Mapping) -> set[int]:
    """The blanks that are compared as numbers: those with a tolerance, which may be "0"."""
    return {choice["blank"] for choice in question["choices"] if choice.get("tolerance")}


def offered_texts(question: Mapping) -> dict[int, list[str]]:
    """The blanks whose text is chosen from a list, with the texts of each."""
    return {
        blank: [choice["text"] for choice in here if choice.get("offered")]
        for blank, here in by_blank(question).items()
        if _kind_of(here) is _LISTED
    }


def pieces(html: str) -> list[tuple[str, int]]:
    """An edition's text as (HTML, number of the blank after it); the last number is 0."""
    found, start = [], 0
    for position, character in enumerate(html):
        if FIRST_BLANK <= character <= LAST_BLANK:
            found.append((html[start:position], ord(character) - BLANK_MARK))
            start = position + 1
    return [*found, (html[start:], 0)]


def like_a_blank(source: str) -> str:
    """The problem of [[01]] in a text, as a sentence; "" without one."""
    found = _LEADING_ZERO.search(source)
    if not found:
        return ""
    return _("%(found)s is not a blank; write %(blank)s.", found=found[0], blank=found[0].replace("0", ""))


def _none_is_best(number: int) -> str:
    return _(
        "One of the accepted answers of blank [[%(number)s]] has to be worth the whole point (weight 100).",
        number=number,
    )


def _too_many(number: int) -> str:
    return ngettext(
        "It has %(count)s blank; %(most)s is the most.",
        "It has %(count)s blanks; %(most)s is the most.",
        number,
        most=CHOICES_PER_QUESTION,
    )


def _stray(number: int) -> str:
    if not number:
        return _("There are answers for blank (none), which its text does not have.")
    return _("There are answers for blank %(number)s, which its text does not have.", number=number)


class Cloze(ShortAnswer):
    name, label = "cloze", _("Fill the blanks")
    # Translators: for readers.
    hint = _("fill the blanks")
    columns = {
        "blank": _("Blank"), "text": _("Accepted answer"), "is_offered": _("In a list"),
        "tolerance": _("Tolerance of a number"), "tolerance_kind": _("which is"), "weight": _("Weight"),
        "feedback": _("Feedback"),
    }  # fmt: skip
    most = TEXTS_PER_CLOZE
    has_blanks = True

    def problems(self, question, choices):
        if wrong := like_a_blank(question.stem):
            return [wrong]
        shown = Counter(int(number) for number in BLANK.findall(question.stem))
        if not shown:
            return [_("Its text has no blank; write [[1]] where the first one belongs.")]
        if shown.total() > CHOICES_PER_QUESTION:
            return [_too_many(shown.total())]
        repeated = [number for number, times in shown.items() if times > 1]
        found = [_("Blank [[%(number)s]] is repeated in its text.", number=number) for number in repeated]
        for number in sorted(shown):
            accepted = [choice for choice in choices if choice.blank == number]
            if not accepted:
                found.append(_("Blank [[%(number)s]] has no accepted answer.", number=number))
            elif not all(choice.text.strip() for choice in accepted):
                found.append(_("An accepted answer of blank [[%(number)s]] is empty.", number=number))
            else:
                is_listed = any(choice.is_offered for choice in accepted)
                kind = _kind(is_listed, any(choice.tolerance for choice in accepted))
                found += [
                    _("Blank [[%(number)s]]: %(problem)s", number=number, problem=wrong)
                    for wrong in kind.problems_of_texts(question, accepted)
                ]
                found += self.problems_of_best(accepted, _none_is_best(number))
        strays = sorted({choice.blank or 0 for choice in choices} - set(shown))
        return found + [_stray(number) for number in strays]

    def field_count(self, question, choices):
        return len(set(BLANK.findall(question.stem)))

    def frozen(self, question, choices, html):
        stem = BLANK.sub(lambda found: chr(BLANK_MARK + int(found[1])), question.stem)
        return super().frozen(question, choices, html) | {"stem": html(stem)}

    def frozen_choice(self, choice, html):
        number = {"tolerance": choice.tolerance, "tolerance_kind": str(choice.tolerance_kind)}
        offered = {"offered": True} if choice.is_offered else {}
        return {"blank": choice.blank, "text": choice.text} | (number if choice.tolerance else {}) | offered

    def offered_texts(self, question, paper) -> dict[int, list[str]]:
        """What can be chosen for the blanks that have a list, in the order in which the reader sees it."""
        listed = offered_texts(question).items()
        return {blank: paper.shuffled(every, "blanks", f"{question['id']}-{blank}") for blank, every in listed}

    def field_names(self, question, paper):
        return [field_name(question, number) for number in sorted(by_blank(question))]

    def grade(self, question, answer):
        """Σ f / B over the B blanks, each graded like a short answer, a number or by the text chosen; from 0 to 1.

        f is 0 for a blank left empty. Source: Moodle, question/type/multianswer, with blanks of equal weight.
        """
        blanks = {str(blank): {**question, "choices": here} for blank, here in by_blank(question).items()}
        filled = [(blanks[str(blank)], text(typed)) for blank, typed in parts(answer)]
        graded = [_kind_of(blank["choices"]).grade(blank, typed) for blank, typed in filled if is_answer(typed)]
        points = sum((part.points for part in graded), Fraction()) / len(blanks)
        return Graded(points, frozenset().union(*(part.matched for part in graded)))

    def spelling(self, question):
        return texts.lines if offered_texts(question) else super().spelling(question)

    def whole_key(self, answer, spelled):
        return ""

    def part_keys(self, answer, spelled):
        return (f"{blank}:{spelled(typed)}" for blank, typed in answer)

    def fields_to_accept(self, question):
        return {"text": (), "blank": sorted(by_blank(question))}

    def part(self, question, text, blank):
        listed = offered_texts(question).get(blank, [text])
        if text not in listed:
            raise ValueError(_("Write one of its list: %(texts)s.", texts=", ".join(listed)))
        return {**question, "choices": by_blank(question)[blank]}, {blank: text}

    def accepting(self, question, correction, new_id):
        """A variant of one blank: a number where it asks for one, a text of its list where it has one."""
        choices, blank, accepted = question["choices"], correction.get("blank"), correction["text"]
        here, listed = by_blank(question).get(blank, ()), offered_texts(question).get(blank, [accepted])
        if not here or accepted not in listed or not _kind_of(here).can_accept(accepted):
            return list(choices)
        return with_variant(choices, _kind_of(here).variant(accepted) | {"id": new_id, "blank": blank})

    def missing(self, item):
        is_sound = all(choice.blank for choice in item.choices)
        wrong = "" if is_sound else _("An accepted answer belongs to no blank.")
        return super().missing(item) or wrong or like_a_blank(item.stem.source)

    def is_number(self, tolerance):
        return bool(tolerance)


class _Listed(ShortAnswer):
    """A blank with a list."""

    def problems_of_texts(self, question, choices):
        wrong = {
            _("either all of its texts are in the list, or none."): not all(choice.is_offered for choice in choices),
            _("a list needs at least two texts."): len(choices) < 2,
            _("a text of a list has no tolerance."): any(choice.tolerance for choice in choices),
        }
        found = [sentence for sentence, is_wrong in wrong.items() if is_wrong]
        return found + problems_of_repeated(
            [choice.text for choice in choices], lambda text: _("“%(text)s” is repeated in its list.", text=text)
        )

    def grade(self, question, answer):
        return first_that_fits(question["choices"], lambda choice: choice["text"] == answer)

    def variant(self, accepted):
        return super().variant(accepted) | {"offered": True}


_TEXT, _NUMBER, _LISTED = ShortAnswer(), Numeric(), _Listed()


def _kind(is_listed: bool, is_number: bool) -> ShortAnswer:
    return _LISTED if is_listed else _NUMBER if is_number else _TEXT


def _kind_of(choices: Sequence[Mapping]) -> ShortAnswer:
    """How a blank with these choices is graded."""
    return _kind(any(choice.get("offered") for choice in choices), any(choice.get("tolerance") for choice in choices))
