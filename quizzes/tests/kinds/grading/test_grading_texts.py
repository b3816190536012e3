from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import kinds
from quizzes.kinds.grading import texts
from quizzes.kinds.grading.answers import Graded
from quizzes.kinds.grading.python_tokens import is_same, tokens_of


def matches(mode, accepted, typed):
    return texts.matcher(mode, typed)(accepted)


def short_answer(matching, *variants, kind="short_answer"):
    choices = [{"id": id, "text": text, "weight": weight} for id, (text, weight) in enumerate(variants)]
    return {"id": 1, "kind": kind, "rule": "", "matching": matching, "choices": choices}


SAME = [
    ("plain", "Guido van Rossum", "  guido  VAN\nrossum "), ("plain", "caf\u00e9", "cafe\u0301"), ("plain", "ß", "SS"),
    ("plain", "print*", "printing"), ("plain", "*a*b*", "xxaybz"), ("plain", r"2\*3", "2*3"), ("plain", "**", "any"),
    ("plain", "*aba", "ababa"), ("plain", r"a\n", r"A\n"), ("case", "None", " None "), ("case", "No*", "Nothing"),
    ("whitespace", "x=1", "x = 1"), ("whitespace", "not in", "not \n in"), ("whitespace", "f(a, b)", "f( a,b )"),
    ("whitespace", "print('a  b')", "print( 'a  b' )"), ("whitespace", "don't do", "don't   do"),
    ("quotes", "f('a b')", 'f("a b")'), ("quotes", '"a"', "“a”"), ("quotes", "'a'", "’a’"),
    ("quotes", "\"it's  a\"", "“it’s  a”"),
    ("python", "x=1", "x = 1"), ("python", "'a'", '"a"'), ("python", "'a'", "u'''a'''"), ("python", r"'\x41'", "'A'"),
    ("python", "f(a,b)", "f(a,  # first\n  b)\n"), ("python", "if a:\n  b", "if a:\n\n        b  # now"),
    ("python", "return x", "    return x"), ("python", "1_000", "1000"), ("python", "0xFF", "0xff"),
    ("python", "for i in", "for  i in"), ("python", "f'{a}'", 'F"{a}"'), ("python", r"'\d'", r"'\\d'"),
    ("python", "r'\\d'", r"'\\d'"),
    ("python", "what ? now", "what  ?  now"), ("python", "(", " ("), ("python", "f(\0)", "f( \0 )"),
    ("set", "{1, 2, 3}", "3,2,1,2"), ("set", "a, b", "b\na\n"), ("set", "(1, 2), (3, 4)", "(3,4), (1,2)"),
    ("set", "['a, b', c]", "c, 'a, b'"), ("set", "f(a, b)", "f(a,b)"), ("set", "[[1, 2], 3]", "3, [1, 2]"),
    ("lines", "a\nb", "a  \r\nb\t\n\n"), ("lines", "  a", "  a"), ("lines", "", " \n"),
]  # fmt: skip
OTHER = [
    ("plain", "a b", "ab"), ("plain", "abc", "abd"), ("plain", r"2\*3", "2x3"), ("plain", "a*a", "a"),
    ("plain", "a*", "ba"),
    ("plain", "*ab*bc*", "abc"), ("case", "None", "none"), ("case", "*X", "x"), ("whitespace", "not in", "notin"),
    ("whitespace", "x", "X"), ("whitespace", "'a  b'", "'a b'"), ("whitespace", "'a'", '"a"'),
    ("whitespace", "a*", "ab"),
    ("quotes", "'a b'", "'ab'"), ("quotes", "`a`", "'a'"),
    ("python", "a < b", "a <= b"), ("python", "a <= b", "a < = b"), ("python", "'a'", "b'a'"), ("python", "'a'", "a"),
    ("python", "return x", "return\nx"), ("python", "if a:\n  b\nc", "if a:\n  b\n  c"), ("python", "1.0", "1"),
    ("python", "0xA", "10"), ("python", "'a' 'b'", "'ab'"), ("python", "print", "Print"), ("python", "let", "get"),
    ("python", "f'{a}'", "f'{b}'"), ("python", "x", "x?"), ("python", "'a", "'b"), ("python", "b'1'", "'1'"),
    ("set", "1, 2", "1"), ("set", "a", "A"), ("set", "f(a, b)", "f(a), b"), ("set", "'a, b'", "'a', 'b'"),
    ("set", "{1}, {2}", "1}, {2"), ("lines", "  a", "a"), ("lines", "a\n\nb", "a\nb"), ("lines", "a", "A"),
    ("lines", "a b", "a  b"),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "accepted", "typed"), SAME)
def test_these_are_the_same(mode, accepted, typed):
    assert matches(mode, accepted, typed)


@pytest.mark.parametrize(("mode", "accepted", "typed"), OTHER)
def test_these_are_not(mode, accepted, typed):
    assert not matches(mode, accepted, typed)


def test_the_first_variant_that_fits_decides_and_its_weight_is_clamped():
    question = short_answer("plain", ("list", "100"), ("l*", "50"), ("*", "-100"))

    assert kinds.grade(question, "LIST") == Graded(F(1), frozenset([0]))
    assert kinds.grade(question, "lists") == Graded(F(1, 2), frozenset([1]))
    assert kinds.grade(question, "tuple") == Graded(F(0), frozenset([2]))
    assert kinds.grade(question, " \n") == Graded(F(0))


def test_output_counts_every_space_but_those_at_the_ends_of_lines():
    question = short_answer("", ("1\n 2\n", "100"), kind="output")

    assert kinds.grade(question, "1 \n 2").points == 1
    assert kinds.grade(question, "1\n2").points == 0


def test_a_python_answer_with_a_comment_is_right_in_its_kind_of_question():
    question = short_answer("python", ("x = 'a'", "100"))

    assert kinds.grade(question, 'x="a" # done').points == 1


@pytest.mark.parametrize("mode", texts.MODES)
@settings(derandomize=True)
@given(typed=st.text(alphabet="ab1 \n\t'\"\\()[]{},*#:é\0\ud800", max_size=40))
def test_any_text_is_the_same_as_itself_when_it_is_not_a_pattern(mode, typed):
    accepted = typed.replace("\\", "/").replace("*", "\\*") if mode in {"plain", "case"} else typed

    assert matches(mode, accepted, typed.replace("\\", "/") if mode in {"plain", "case"} else typed)


HOSTILE = [
    "(" * 5_000, "([{" * 1_600, "'\\" * 2_500, "'\\'" * 1_600, "\"'" * 2_500, '"""' + "\n'" * 2_400,
    "\\\n" * 2_500, "a*" * 2_500,
    "\n".join(" " * depth + "if a:" for depth in range(90)), "\0" * 5_000, "\ud800", "a\u0315\u0301" * 1_600,
    " " * 5_000,
    "f'" + "{" * 4_000, "'\\N{" + "x" * 4_000 + "}'", "0" * 5_000, "-" * 5_000, "(" * 100_000, "x\n" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("mode", texts.MODES)
@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_just_wrong(mode, typed):
    assert not matches(mode, "x = (1, 'a')", typed)


def test_a_text_of_more_than_5000_characters_matches_nothing():
    assert matches("case", "*", "a" * 5_000)
    assert not matches("case", "*", "a" * 5_001)


@pytest.mark.parametrize("text", ["a?", "'a", "(", "if a:\n    b\n  c", "\0", "(" * 101 + ")" * 101, "a" * 5_001])
def test_what_python_cannot_tokenize_has_no_tokens(text):
    assert tokens_of(text) is None


PIECES = ["'a'", '"a"', "u'a'", "r'a'", "b'a'", "f'a'", "1_0", "10", "x", "<", "=", "(", ")", ",", " ", "#\n", "\\\n"]
PYTHON = st.lists(st.sampled_from([*PIECES, "\n"])).map("".join)


@settings(derandomize=True, max_examples=200)
@given(PYTHON, PYTHON)
def test_the_short_way_to_compare_python_says_what_the_tokens_say(accepted, other):
    tokens = tokens_of(accepted)
    rewritten = accepted.replace(" ", "  ").replace("'a'", "'''a'''").replace("1_0", "10")

    for typed in (other, rewritten):
        expected = {None, False} if tokens is None else {tokens == tokens_of(typed)}
        assert is_same(accepted, typed) in expected
