"""What a figure usually means, in words, and from how many attempts on it means anything.

The bands are those of Moodle's documentation ("Quiz report statistics") with whole limits. They are for examinations:
a quiz for readers may well be easier.
"""

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


def shown(attempts: int) -> bool:
    """Whether indices are shown. Counts and facility always are."""
    return attempts >= MINIMUM_ATTEMPTS


def missing(attempts: int) -> int:
    """How many more attempts it takes until indices are shown."""
    return max(0, MINIMUM_ATTEMPTS - attempts)


def _words(value: float | None, bands) -> str:
    """The words for a value; "" for None."""
    if value is None:
        return ""
    steps, below = bands
    return next((words for start, words in steps if value >= start), below)


def _rounded(value: float | None) -> int | None:
    """As it is shown."""
    return None if value is None else round(value)


def of_facility(value: float | None) -> str:
    return _words(_rounded(value), _FACILITY)


def of_discrimination(value: float | None) -> str:
    """Negative values are not rounded to 0."""
    return _words(value if value is None or value < 0 else round(value), _DISCRIMINATION)


def of_consistency(value: float | None) -> str:
    return _words(_rounded(value), _CONSISTENCY)


def of_skewness(value: float | None) -> str:
    return _words(value, _SKEWNESS)


def of_kurtosis(value: float | None) -> str:
    return _words(value, _KURTOSIS)
