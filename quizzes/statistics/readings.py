"""What a figure usually means, in words, and from how many attempts on it means anything.

The bands are those of Moodle's documentation ("Quiz report statistics") with whole limits. They are for examinations:
a quiz for readers may well be easier.
"""

from functools import partial

# Below this an index depends more on chance than on the question; our own figure.
MINIMUM_ATTEMPTS = 30
# In percent.
USUAL_FACILITY = (35, 80)

# ((from this value on, words), …), highest first, and the words for everything below.
_FACILITY = [(81, "easy"), (65, "fairly easy"), (35, "about right"), (20, "rather hard")], "hard"
_DISCRIMINATION = (
    [(50, "very good"), (30, "adequate"), (20, "weak"), (5, "very weak"), (0, "no better than chance")],
    "probably wrong or ambiguous",
)
_CONSISTENCY = [(75, "satisfactory"), (64, "moderate")], "low: the questions are unrelated, or too few"
_SKEWNESS = [(0.5, "a tail of high totals"), (-0.5, "about symmetric")], "a tail of low totals"
_KURTOSIS = [(1, "peaked, with outliers"), (-0.5, "close to normal")], "flatter than normal"


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
