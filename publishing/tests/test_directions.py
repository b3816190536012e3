"""Style sheets name the edges of lines by start and end, so that a page from right to left is mirrored."""

import re

from django.conf import settings

from .rows import failures

SHEETS = sorted((settings.BASE_DIR / "static/css").rglob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-[a-z]+)?|left|right"
    r"|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?<![\w-])(?:text-align|float|clear|justify-[a-z]+|caption-side)\s*:\s*(?:left|right)\b"
    r"|(?<![\w-])border-radius\s*:\s*[^\s;(]+\s"
)
FOUR_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset|border-width|scroll-[a-z]+)\s*:\s*([^;]+);")
FUNCTION = re.compile(r"\([^()]*\)")
ACROSS = re.compile(r"(?<![\w-])(?:translate|transform)\s*:\s*(?:translate(?:X|3d)?\()?\s*-?(?!0[\s,;)])[\d.]+[a-z%]*")
# What is the same in both directions.
BOTH_WAYS = {
    # The mark of a focal point is centred on it; pictures are not mirrored.
    ("pictures.css", "translate: -50%"),
}


def without_functions(value):
    while (shorter := FUNCTION.sub("", value)) != value:
        value = shorter
    return value


def test_no_style_sheet_names_left_or_right():
    def check(path):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        assert PHYSICAL.findall(text) == []

    assert len(SHEETS) > 30
    assert failures(SHEETS, check) == {}


def test_a_shorthand_for_four_sides_has_the_same_at_both_ends_of_a_line():
    def check(path):
        values = [without_functions(value).split() for value in FOUR_SIDES.findall(path.read_text())]
        assert [value for value in values if len(value) == 4 and value[1] != value[3]] == []

    assert failures(SHEETS, check) == {}


def test_nothing_is_moved_along_a_line_without_regard_to_its_direction():
    def check(path):
        moved = {found[0] for found in ACROSS.finditer(path.read_text())}
        assert {sign for sign in moved if (path.name, sign) not in BOTH_WAYS} == set()

    assert failures(SHEETS, check) == {}
