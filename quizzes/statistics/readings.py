"""What a figure usually means, in words, and from how many attempts on it means anything.

The bands are those that Moodle's documentation gives for its quiz statistics ("Quiz report statistics"), in our words
and with whole limits. They are written for examinations: a quiz that readers take for themselves may well be easy.
"""

# Below so many first attempts an index says more about chance than about the question; our own figure.
MINIMUM_ATTEMPTS = 30
# Facility in percent within which a question is neither hard nor easy to no purpose.
USUAL_FACILITY = (35, 80)

# (from this value on, words), highest first; what is below the last of them has the words beside it.
_FACILITY = [(81, "easy"), (65, "fairly easy"), (35, "about right"), (20, "rather hard")], "hard"
_DISCRIMINATION = (
    [
        (50, "very good"),
        (30, "adequate"),
        (20, "weak"),
        (5, "very weak"),
        (0, "no better than chance"),
    ],
    "probably wrong or ambiguous",
)
_CONSISTENCY = [(75, "satisfactory"), (64, "moderate")], "low: the questions are unrelated, or too few"
_SKEWNESS = [(0.5, "a tail of high totals"), (-0.5, "about symmetric")], "a tail of low totals"
_KURTOSIS = [(1, "peaked, with outliers"), (-0.5, "close to normal")], "flatter than normal"


def shown(attempts: int) -> bool:
    """Whether indices are shown at all. Counts and facility always are."""
    return attempts >= MINIMUM_ATTEMPTS


def missing(attempts: int) -> int:
    """How many more attempts it takes until indices are shown."""
    return max(0, MINIMUM_ATTEMPTS - attempts)


def _words(value: float | None, bands) -> str:
    """The words for a value as it is shown, that is rounded; "" for none."""
    if value is None:
        return ""
    steps, below = bands
    return next((words for start, words in steps if value >= start), below)


def of_facility(value: float | None) -> str:
    """0 to 100: "hard" below 20, "about right" from 35 to 64, "easy" above 80."""
    return _words(None if value is None else round(value), _FACILITY)


def of_discrimination(value: float | None) -> str:
    """−100 to 100: "very good" from 50 on, "adequate" from 30, "probably wrong or ambiguous" below 0."""
    return _words(value if value is None or value < 0 else round(value), _DISCRIMINATION)


def of_consistency(value: float | None) -> str:
    """Up to 100: "satisfactory" from 75 on, "low" below 64."""
    return _words(None if value is None else round(value), _CONSISTENCY)


def of_skewness(value: float | None) -> str:
    """0 where the totals lie evenly about the mean, negative with a tail of low ones."""
    return _words(value, _SKEWNESS)


def of_kurtosis(value: float | None) -> str:
    """0 where the totals are spread as by chance, higher the more of them lie near the mean."""
    return _words(value, _KURTOSIS)
