"""Numbers as readers type them, and the intervals around a right one; all exact, nothing is ever a float."""

import re
from collections.abc import Mapping
from fractions import Fraction

from ..messages import gettext_noop as _

LONGEST = 50
# What a double can hold, and so what the programs of the articles print.
LARGEST_EXPONENT = 308
# Moodle widens every tolerance by ten to the minus of PHP's `precision`, which is 14.
EPSILON = Fraction(1, 10**14)

NOMINAL, RELATIVE, GEOMETRIC = "nominal", "relative", "geometric"
# With the words for those who choose one.
TOLERANCE_KINDS = {NOMINAL: _("plus or minus"), RELATIVE: _("a share of the value"), GEOMETRIC: _("a factor")}
ANYTHING = "*"

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
# The exponent: e8, x10^8, ×10**8, ·10⁸; the notations of Moodle's question/type/numerical, and superscripts.
_EXPONENT = (
    r"(?:(?:e|\s*[x×*·⋅]\s*10\s*(?:\^|\*\*)\s*)(?P<exponent>[+\-−]?[0-9]+)"
    r"|\s*[x×*·⋅]\s*10(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
)
_NUMBER = re.compile(
    rf"(?P<sign>[+\-−]?)(?:(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]*))?|[.,](?P<only>[0-9]+)){_EXPONENT}?", re.IGNORECASE
)
# Two groups of three digits, or one before the other sign, leave no doubt: 1,000,000 and 1,000.5 and 1.000,5.
_GROUPED = re.compile(
    r"[+\-−]?[1-9][0-9]{0,2}"
    r"(?:(?:(?:,[0-9]{3}){2,}|,[0-9]{3}(?=\.))(?![0-9,])|(?:(?:\.[0-9]{3}){2,}|\.[0-9]{3}(?=,))(?![0-9.]))"
)
# "1,000" is a thousand to one reader and a one to another.
_THOUSAND = re.compile(r"[+\-−]?[1-9][0-9]{0,2},[0-9]{3}(?![0-9])")
_NOT_ASCII_DIGIT = re.compile(r"(?![0-9])\d")


class NumberProblem(ValueError):
    """Why a text is not taken as a number, as one sentence to the person who typed it: a message (messages.py)."""


def read_number(text: str) -> Fraction:
    """The number that someone typed, exactly: "3.14", "-2", ".5", "5.", "6.02E23", "3×10^8", "3,14", "1,000,000", "−2".

    White space around it is dropped. A comma is a decimal comma, but "1,000" could also be a thousand, so a comma
    before exactly three digits is refused unless it follows a zero; two of them group. Raises NumberProblem for that
    and for everything else: words ("NaN", "inf"), other digits than 0 to 9, underscores, other bases, more than 50
    characters and exponents beyond ±308. No number larger than that is ever built, whatever the text is.
    """
    sign, whole, part, exponent = _parts(text)
    digits, places = int(whole + part), exponent - len(part)
    value = Fraction(digits * 10**places) if places >= 0 else Fraction(digits, 10**-places)
    return -value if sign == "-" else value


def plain_number(text: str) -> str:
    """The same number as every program reads it: "3×10^8" is "3e8", "3,14" is "3.14". Raises as `read_number`."""
    sign, whole, part, exponent = _parts(text)
    has_point = part or not whole
    return f"{sign}{whole}{'.' if has_point else ''}{part}{f'e{exponent}' if exponent else ''}"


def _parts(text: str) -> tuple[str, str, str, int]:
    """Sign ("", "+" or "-"), digits before and after the point, exponent. Raises NumberProblem."""
    typed = text.strip()
    grouped = _GROUPED.match(typed)
    ungrouped = re.sub("[.,]", "", grouped[0]) + typed[grouped.end() :] if grouped else typed
    found = _NUMBER.fullmatch(ungrouped) if len(typed) <= LONGEST and not _THOUSAND.match(ungrouped) else None
    if not found:
        raise NumberProblem(_problem(typed))
    exponent = int((found["exponent"] or (found["raised"] or "0").translate(_SUPERSCRIPTS)).replace("−", "-"))
    if abs(exponent) > LARGEST_EXPONENT:
        words = _("“%(text)s” is too large.", text=typed), _("“%(text)s” is too small.", text=typed)
        raise NumberProblem(words[exponent < 0])
    return found["sign"].replace("−", "-"), found["whole"] or "", found["only"] or found["part"] or "", exponent


def _problem(typed: str) -> str:
    if not typed:
        return _("Write a number.")
    if len(typed) > LONGEST:
        return _("Write the number with at most %(most)s characters.", most=LONGEST)
    if _NOT_ASCII_DIGIT.search(typed):
        return _("Write the number with the digits 0 to 9.")
    if _THOUSAND.match(typed):
        return _("“%(text)s” can be read in two ways; write the number without a comma.", text=typed)
    if re.search(r"[0-9][\s_'’]+[0-9]", typed):
        return _("Write the number without anything between its digits.")
    return _("“%(text)s” is not a number; write it like 42, 3.14 or 6.02e23.", text=typed)


def interval(value: Fraction, tolerance: Fraction, kind: str = NOMINAL) -> tuple[Fraction, Fraction]:
    """The lowest and the highest number accepted for the right number a and the tolerance t; both ends count.

    nominal: a ± (t + ε max(t, |a|)), and ± ε² if both are 0. relative: a ± |a|(t + ε). geometric: a / (1 + t + ε) to
    a (1 + t + ε). ε is 10^−14. Around 0, relative and geometric leave no room. For a negative a, relative is the same
    width on both sides, and geometric is the mirror image of what it is for −a (in Moodle its two ends come in the
    wrong order, and nothing is accepted). Source: Moodle, question/type/numerical/question.php, whose nominal
    tolerance is never less than ε²: there 0 is right for the Planck constant, 6.6e-34. Raises ValueError for a
    negative tolerance or an unknown kind.
    """
    if tolerance < 0:
        raise ValueError("A tolerance is not negative.")
    if kind == NOMINAL:
        room = tolerance + EPSILON * (max(tolerance, abs(value)) or EPSILON)
    elif kind == RELATIVE:
        room = abs(value) * (tolerance + EPSILON)
    elif kind == GEOMETRIC:
        factor = 1 + tolerance + EPSILON
        return tuple(sorted((value / factor, value * factor)))
    else:
        raise ValueError(f"There is no tolerance of kind {kind!r}.")
    return value - room, value + room


def problem_of(text: str, tolerance: str = "", kind: str = NOMINAL) -> str:
    """What is wrong with an author's number and its tolerance, as a sentence; "" for nothing. "*" is any number."""
    if text.strip() == ANYTHING:
        return ""
    try:
        value, room = read_number(text), read_number(tolerance.strip() or "0")
    except NumberProblem as error:
        return error.args[0]
    if room < 0:
        return _("The tolerance %(tolerance)s is negative.", tolerance=tolerance)
    is_nothing = value == 0 and room and kind != NOMINAL
    return _("The answer is 0, so give the tolerance as plus or minus.") if is_nothing else ""


def is_accepted(number: Fraction, choice: Mapping) -> bool:
    """Whether a reader's number lies in the interval of what an author wrote; "*" accepts every number.

    An empty tolerance is 0. Raises NumberProblem or ValueError for an author's text that publishing had to refuse.
    """
    text, tolerance, kind = choice["text"], choice.get("tolerance"), choice.get("tolerance_kind")
    if text.strip() == ANYTHING:
        return True
    low, high = interval(read_number(text), read_number(tolerance or "0"), kind or NOMINAL)
    return low <= number <= high
