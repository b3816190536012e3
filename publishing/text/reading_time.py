"""How long a reader needs."""

import re
from math import floor

# Silent reading of English non-fiction: 238 words a minute. Brysbaert (2019), "How many words do we read per minute?
# A review and meta-analysis of reading rate", Journal of Memory and Language 109, 104047.
WORDS_PER_MINUTE = 238
# No study agrees on code. Three seconds a line is our own figure, slow enough that a listing counts as reading.
CODE_LINES_PER_MINUTE = 20
FIRST_IMAGE_SECONDS, LAST_IMAGE_SECONDS = 12, 3


def count_words(text: str) -> int:
    """Runs of letters and digits; an apostrophe or hyphen inside a word does not end it."""
    return len(re.findall(r"\w+(?:['’\-]\w+)*", text))


def reading_seconds(words: int, code_lines: int = 0, images: int = 0) -> float:
    """Seconds a reader spends: 60·words/238 + 60·code_lines/20 + Σ max(3, 12 − i) for image i = 0, 1, 2 …

    The image rule (12 s for the first, one second less for each one after, never under 3 s) is the one that Medium
    published in "Read time and you" and that Ghost computes with. All arguments are counts ≥ 0.
    """
    pictures = sum(max(LAST_IMAGE_SECONDS, FIRST_IMAGE_SECONDS - index) for index in range(images))
    return 60 * words / WORDS_PER_MINUTE + 60 * code_lines / CODE_LINES_PER_MINUTE + pictures


def minutes(seconds: float) -> int:
    """Whole minutes, halves rounded up, never less than 1."""
    return max(1, floor(seconds / 60 + 0.5))
