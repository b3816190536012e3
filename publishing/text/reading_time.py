"""How many words a text has, and how long people read it."""

import re
from math import floor

# Words a minute. Silent reading of adults, where a figure is known: Brysbaert (2019), "How many words do we read per
# minute? A review and meta-analysis of reading rate", Journal of Memory and Language 109, 104047; English is that of
# non-fiction, and goes for languages without a figure.
WORDS_PER_MINUTE = 238
SILENT = {
    "ar": 181, "de": 260, "en": WORDS_PER_MINUTE, "es": 278, "fi": 195, "fr": 214, "he": 224, "it": 285, "ko": 226,
    "nl": 228, "sv": 218, "zh": 260,
}  # fmt: skip
# Else reading aloud: Trauzettel-Klosinski and Dietz (2012), "Standardized Assessment of Reading Performance: The New
# International Reading Speed Texts IReST", Investigative Ophthalmology & Visual Science 53, 5452–5461, table 2. For
# scripts without spaces that it has not, the mean of its 17 languages.
ALOUD = {"ja": 193, "pl": 166, "pt": 181, "ru": 184, "sl": 180, "tr": 166}
ALOUD |= dict.fromkeys(["th", "lo", "km", "my"], 184)
# Characters a word where no spaces end one, from the same table: 255 and 158, 357 and 193 in a minute, 863 and 184 in
# the mean. So Chinese is read with 420 characters a minute, Japanese with 357, Thai with 863.
IN_CHINESE, IN_JAPANESE, IN_OTHERS = 255 / 158, 357 / 193, 863 / 184
# There is no agreed figure for code; three seconds a line is ours.
CODE_LINES_PER_MINUTE = 20
FIRST_IMAGE_SECONDS, LAST_IMAGE_SECONDS = 12, 3

_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# Thai, Lao, Burmese, Khmer: letters, without the signs above and below them.
_SOUTH = "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3"
_UNSPACED = re.compile(f"[{_KANA}{_HAN}{_SOUTH}]")
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
# With the signs around them, so that what is left are words.
_RUN = re.compile(f"[{_KANA}{_HAN}{_SOUTH}{_MARKS}]+")
_IS_KANA, _IS_SOUTH = re.compile(f"[{_KANA}]"), re.compile(f"[{_SOUTH}]")


def count_words(text: str) -> int:
    """The number of words; an apostrophe or hyphen does not end a word.

    Chinese, Japanese, Thai, Lao, Khmer and Burmese are counted by characters, words of other scripts in them by words.
    """
    if text.isascii() or not (unspaced := len(_UNSPACED.findall(text))):
        return len(_WORD.findall(text))
    south = len(_IS_SOUTH.findall(text))
    in_east = IN_JAPANESE if _IS_KANA.search(text) else IN_CHINESE
    # Of parts of a sentence, halves are rounded up.
    characters = floor((unspaced - south) / in_east + south / IN_OTHERS + 0.5)
    return max(1, characters) + len(_WORD.findall(_RUN.sub(" ", text)))


def words_per_minute(language: str) -> int:
    """Of a text in a language, by its tag."""
    language = language.partition("-")[0]
    return SILENT.get(language) or ALOUD.get(language, WORDS_PER_MINUTE)


def reading_seconds(words: int, code_lines: int = 0, images: int = 0, language: str = "en") -> float:
    """60·words/words_per_minute + 60·code_lines/20 + Σ max(3, 12 − i) for image i = 0, 1, 2 …

    The rule for images is that of Medium ("Read time and you") and Ghost.
    """
    pictures = sum(max(LAST_IMAGE_SECONDS, FIRST_IMAGE_SECONDS - index) for index in range(images))
    return 60 * words / words_per_minute(language) + 60 * code_lines / CODE_LINES_PER_MINUTE + pictures


def minutes(seconds: float) -> int:
    """Whole minutes, halves rounded up, never less than 1."""
    return max(1, floor(seconds / 60 + 0.5))
