"""What an answer is worth: pure functions over plain data, exact to the last third.

Nothing here knows the database, and no number is a float. A question is worth one point; every rule gives a fraction
of it, from 0 to 1. Which rule a question is graded by is frozen with the edition (`rule_for`), so that a past result
means the same for ever.

weights    what "33.33333" means
choices    single, right minus wrong, weighted sum, all or nothing
ordering   the nine rules for an order
numbers    numbers as readers type them, and tolerances
texts      the ways in which typed text is compared, python_tokens one of them
questions  all kinds together: `grade`, `grade_paper`
repairs    questions mended after readers answered them
"""

from .choices import ALL_OR_NOTHING, RIGHT_MINUS_WRONG, SINGLE, WEIGHTED_SUM
from .numbers import NumberProblem, read_number
from .ordering import DEFAULT_ORDERING_RULE
from .questions import Graded, Mark, grade, grade_paper, is_answer, number_blanks, offered_texts, rule_for, rules_of
from .repairs import repaired
from .weights import clamped, fraction_of, fractions_of, is_whole

__all__ = [
    "ALL_OR_NOTHING",
    "DEFAULT_ORDERING_RULE",
    "RIGHT_MINUS_WRONG",
    "SINGLE",
    "WEIGHTED_SUM",
    "Graded",
    "Mark",
    "NumberProblem",
    "clamped",
    "fraction_of",
    "fractions_of",
    "grade",
    "grade_paper",
    "is_answer",
    "is_whole",
    "number_blanks",
    "offered_texts",
    "read_number",
    "repaired",
    "rule_for",
    "rules_of",
]
