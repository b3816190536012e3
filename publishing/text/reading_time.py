import re
from math import floor

# Silent reading of English non-fiction: 238 words a minute. Brysbaert (2019), "How many words do we read per minute?
# A review and meta-analysis of reading rate", Journal of Memory and Language 109, 104047.
WORDS_PER_MINUTE = 238
# There is no agreed figure for code; three seconds a line is ours.
CODE_LINES_PER_MINUTE = 20
FIRST_IMAGE_SECONDS, LAST_IMAGE_SECONDS = 12, 3


def count_words(text: str) -> int:
    """The number of words; an apostrophe or hyphen does not end a word."""
    return len(re.findall(r"\w+(?:['’\-]\w+)*", text))


def reading_seconds(words: int, code_lines: int = 0, images: int = 0) -> float:
    """60·words/238 + 60·code_lines/20 + Σ max(3, 12 − i) for image i = 0, 1, 2 …

    The rule for images is that of Medium ("Read time and you") and Ghost.
    """
    pictures = sum(max(LAST_IMAGE_SECONDS, FIRST_IMAGE_SECONDS - index) for index in range(images))
    return 60 * words / WORDS_PER_MINUTE + 60 * code_lines / CODE_LINES_PER_MINUTE + pictures


def minutes(seconds: float) -> int:
    """Whole minutes, halves rounded up, never less than 1."""
    return max(1, floor(seconds / 60 + 0.5))
