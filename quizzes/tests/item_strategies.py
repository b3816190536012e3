"""Arbitrary questions for Hypothesis: each of the nine kinds, with everything that belongs to it."""

from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from quizzes.formats import items
from quizzes.formats.items import Item, ItemChoice, Text
from quizzes.kinds import rules_of
from quizzes.kinds.grading.numbers import TOLERANCE_KINDS
from quizzes.kinds.grading.texts import MODES

# What the formats have a meaning for, so that it comes up often, and anything else.
TRICKY = st.sampled_from(
    [
        "\\", "\n", "\\n", "{", "}", "=", "~", "#", "####", ":", "::", "->", "%50%", "[html]", "//", "]",
        "[id:x]", "\\]",
        "]]>", "<![CDATA[", "&amp;", "<b>", "&", '"', "'", "$CATEGORY: x", "[[1]]", "[[2]]", "{1:SHORTANSWER:=a}",
        "*", " ",
        "\t", "\xa0", "\x85", "\u2028", "\ufeff", "T", "ANSWER: A", "A. x", "\r\n", "_____", "@@PLUGINFILE@@/a.png",
        "é😀",
    ]
)  # fmt: skip
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
SOURCES = st.lists(TRICKY | ANY, min_size=1, max_size=6).map("".join)
WORDS = SOURCES.filter(lambda text: items.cleaned(text).strip())
LINES = SOURCES.map(items.one_line)
FORMATS = st.sampled_from(items.TEXT_FORMATS)
TEXTS = st.builds(Text, WORDS, FORMATS)
PLAIN = st.builds(Text, WORDS, st.just("plain"))
MAYBE = st.none() | TEXTS
WEIGHTS = st.decimals(-100, 100, places=5) | st.sampled_from([Decimal(0), Decimal(50), Decimal(100)])
NUMBERS = st.sampled_from(["3.14", "-2", "6.02e23", ".5", "0", "1822", "−2", "3,14", "3 × 10⁸", "1,000,000"])
NAMES = st.sampled_from(["a.png", "b c.png", "&<'\".gif"])
IMAGES = st.dictionaries(NAMES, st.binary(max_size=9).map(b"GIF89a".__add__), max_size=2).map(
    lambda d: tuple(d.items())
)


@cache
def choices(kind):
    common = {"line": st.just(0), "text": TEXTS, "weight": WEIGHTS, "feedback": MAYBE}
    if rules_of(kind).is_typed:
        common["text"] = PLAIN
    if kind in ("single", "multiple"):
        common["is_pinned"] = st.booleans()
    elif kind == "numeric":
        common["text"] = st.builds(Text, NUMBERS | st.just("*"), st.just("plain"))
        common |= {
            "tolerance": st.sampled_from(["", "0.01", "2", "0,5"]),
            "tolerance_kind": st.sampled_from(list(TOLERANCE_KINDS)),
        }
    elif kind == "matching":
        common |= {"text": TEXTS | st.just(Text("", "plain")), "pair": LINES.filter(bool)}
    elif kind == "cloze":
        common |= {"blank": st.integers(1, 12), "is_offered": st.booleans()}
        numbers = common | {
            "is_offered": st.just(False),
            "blank": st.integers(13, 20),
            "text": st.builds(Text, NUMBERS | st.just("*"), st.just("plain")),
            "tolerance": st.sampled_from(["0", "0.01", "2", "0,5"]),
            "tolerance_kind": st.sampled_from(list(TOLERANCE_KINDS)),
        }
        return st.builds(ItemChoice, **common) | st.builds(ItemChoice, **numbers)
    elif kind == "true_false":
        common["weight"] = st.none()
    return st.builds(ItemChoice, **common)


@cache
def any_items(kind):
    few = 1 if rules_of(kind).is_typed else 2
    many = st.lists(choices(kind), min_size=few, max_size=2 if kind == "true_false" else 4).map(tuple)
    if kind == "true_false":
        many = st.builds(
            lambda right, found: tuple(
                ItemChoice(
                    0, Text(word, "plain"), Decimal(100 if is_right else 0), choice.feedback, is_pinned=choice.is_pinned
                )
                for word, is_right, choice in zip(("True", "False"), (right, not right), found, strict=True)
            ),
            st.booleans(),
            many,
        )
    fields = {}
    if kind == "output":
        fields = {"program": SOURCES, "language": LINES, "recorded_output": SOURCES, "interpreter": LINES}
    rules = rules_of(kind).scoring_in_files
    return st.builds(
        Item,
        line=st.just(0),
        kind=st.just(kind),
        name=LINES,
        stem=TEXTS,
        choices=many,
        explanation=MAYBE,
        hints=st.lists(TEXTS, max_size=2).map(tuple),
        external_id=LINES.map(lambda text: text[:100]),
        tags=st.lists(LINES.filter(bool), max_size=2).map(tuple),
        category=LINES,
        matching=st.sampled_from(list(MODES)),
        rule=st.sampled_from(rules) if rules else st.just(""),
        shuffle=st.booleans(),
        read_again=LINES,
        images=IMAGES,
        **fields,
    )
