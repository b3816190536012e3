"""What a figure usually means, in words (quizzes/kinds/messages.py), and from how many attempts on it means anything.

The bands are those of Moodle's documentation ("Quiz report statistics") with whole limits. They are for examinations:
a quiz for readers may well be easier.
"""

from functools import partial

from ..kinds.messages import gettext_noop as _

# Below this an index depends more on chance than on the question; our own figure.
MINIMUM_ATTEMPTS = 30
# In percent.
USUAL_FACILITY = (35, 80)

# ((from this value on, words), …), highest first, and the words for everything below.
_FACILITY = [(81, _("easy")), (65, _("fairly easy")), (35, _("about right")), (20, _("rather hard"))], _("hard")
_DISCRIMINATION = (
    [(50, _("very good")), (30, _("adequate")), (20, _("weak")), (5, _("very weak")), (0, _("no better than chance"))],
    _("probably wrong or ambiguous"),
)
_CONSISTENCY = [(75, _("satisfactory")), (64, _("moderate"))], _("low: the questions are unrelated, or too few")
_SKEWNESS = [(0.5, _("a tail of high totals")), (-0.5, _("about symmetric"))], _("a tail of low totals")
_KURTOSIS = [(1, _("peaked, with outliers")), (-0.5, _("close to normal"))], _("flatter than normal")


def missing(attempts: int) -> int:
    """How many more attempts it takes until indices are shown. Counts and facility always are."""
    return max(0, MINIMUM_ATTEMPTS - attempts)


def _words(bands, value: float | None) -> str:
    """The words for a value; "" for None."""
    if value is None:
        return ""
    steps, below = bands
    return next((words for start, words in steps if value >= start), below)


def _percent_words(bands, value: float | None) -> str:
    """The same for percent, which are shown rounded. Negative ones are not rounded to 0."""
    return _words(bands, value if value is None or value < 0 else round(value))


of_facility = partial(_percent_words, _FACILITY)
of_discrimination = partial(_percent_words, _DISCRIMINATION)
of_consistency = partial(_percent_words, _CONSISTENCY)
of_skewness = partial(_words, _SKEWNESS)
of_kurtosis = partial(_words, _KURTOSIS)
