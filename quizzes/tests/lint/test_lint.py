"""What a second pair of eyes would say: every rule with a sample that it speaks about, and one that it lets pass."""

import json

import pytest
from django.core.management import CommandError, call_command

from publishing.models import Redirect
from publishing.tests.factories import make_article
from quizzes import lint
from quizzes.tests.factories import make_question, make_quiz

pytestmark = pytest.mark.django_db

LONG = "It gives back one value after another, and keeps its place in between"
SOUND = (("It gives back a list", 0), ("It gives back a value", 100), ("It ends the function", 0))


def single(*choices, **fields):
    return {"kind": "single", "choices": choices or SOUND} | fields


def told(*questions, known=None):
    """The rules that speak about these questions, each once."""
    rows = [make_question(**fields) for fields in questions]
    return {finding.rule for finding in lint.findings(rows, known)}


def texts(*texts, right=1):
    return [(text, 100 if place == right else 0) for place, text in enumerate(texts, 1)]


OF_ONE = {
    "longest-choice": (single((LONG, 100), ("A list of them", 0), ("It ends", 0)), single()),
    "short-distractor": (
        single(*texts("It gives back a list of all", "It gives back a value", "No", right=2)),
        single(*texts("No", "Yes", "Perhaps", right=2)),
    ),
    "few-choices": (single(*SOUND[:2]), {"kind": "true_false"}),
    "answer-in-stem": (
        {"kind": "cloze", "stem": "A yield goes in here: [[1]].", "choices": [({"text": "yield", "blank": 1}, 100)]},
        {"kind": "cloze", "stem": "One yields here: [[1]].", "choices": [({"text": "yield", "blank": 1}, 100)]},
    ),
    "all-of-the-above": (
        single(*texts("A list", "A tuple", "All of the above", right=3)),
        single(*texts("A list", "A tuple", "All of the above", right=3), shuffle=False),
    ),
    "duplicate-choices": (
        single(*texts("A  list", "**a list**", "A set", right=3)),
        single(*texts("`a`", "`A`", "`b`", right=3)),
    ),
    "negative-stem": (
        single(stem="Nothing is printed, not even a line. Which of these is not a keyword?"),
        single(stem="It does not print. Which of these is **not** a keyword, and `not x` is?"),
    ),
    "missing-explanation": (single(explanation=""), single()),
    "missing-feedback": (
        single(("A list", 0, "No."), ("A value", 100), ("A set", 0)),
        single(("A list", 0), ("A value", 100, "Yes."), ("A set", 0)),
    ),
    "image-without-alt": (single(stem="Look: ![](/media/a.webp)"), single(stem="Look: ![A cat](/media/a.webp)")),
    "code-without-language": (single(explanation="```\nx\n```"), single(explanation="```python\nx\n```")),
}  # fmt: skip


@pytest.mark.parametrize("rule", OF_ONE)
def test_a_rule_speaks_about_what_it_should_and_about_nothing_else(rule):
    failing, passing = OF_ONE[rule]

    assert rule in told(failing)
    assert rule not in told(passing)


def test_every_rule_has_its_samples():
    elsewhere = {"dead-link", "longest-choice-pattern", "key-position"}

    assert {rule.name for rule in lint.every_rule()} == {*OF_ONE, *elsewhere}
    assert {rule.severity for rule in lint.every_rule()} == {"giveaway", "missing", "unclear"}
    assert all(rule.look.__doc__ for rule in lint.every_rule())


def test_a_sound_question_of_each_kind_is_let_pass():
    kinds = ["multiple", "true_false", "short_answer", "numeric", "ordering", "matching", "cloze", "output"]

    assert told(single(), *({"kind": kind} for kind in kinds)) == set()


def test_a_pinned_all_of_the_above_is_let_pass():
    pinned = {"text": "None of the above", "is_pinned": True}

    assert told(single(("A list", 0), ("A tuple", 100), (pinned, 0))) == set()


@pytest.mark.parametrize(
    ("source", "speaks"),
    [
        ('<img src="/media/a.webp">', True),
        ('<img src="/media/a.webp" alt="">', True),
        ('<p><img alt="A cat" src="/media/a.webp"></p>', False),
        ("Text `![](x)` in code", False),
    ],
)
def test_pictures_written_as_html_are_looked_at_too(source, speaks):
    assert ("image-without-alt" in told(single(explanation=source))) is speaks


def test_the_program_of_an_output_question_needs_a_language():
    assert "code-without-language" in told({"kind": "output", "language": ""})


# --- links ---


def linked(href):
    return lint.of_question(make_question(**single(explanation=f"See [there]({href}).")))


@pytest.mark.parametrize(
    "href",
    [
        "/articles/gone/", "/articles/draft/", "/articles/out/#nowhere", "/quizzes/gone/", "/no/such/page/",
        "articles/out/", "http://testserver/articles/gone/",
    ],
)  # fmt: skip
def test_a_link_to_what_readers_do_not_find_is_dead(href):
    make_article(slug="out")
    make_article(slug="draft", status="draft")

    (finding,) = linked(href)

    assert finding.rule == "dead-link"
    assert href in finding.sentence


@pytest.mark.parametrize(
    "href",
    [
        "/articles/out/", "/articles/out/#a-heading", "/articles/out/#comments", "/articles/old/", "/quizzes/",
        "https://elsewhere.example/articles/gone/", "mailto:a@b.example", "#here", "http://[", "/quizzes/there/",
    ],
)  # fmt: skip
def test_other_links_are_let_pass(href):
    make_article(slug="out")
    make_quiz(slug="there")
    Redirect.objects.create(old_path="/articles/old", new_path="/articles/out/")

    assert linked(href) == []


def test_where_to_read_again_has_to_be_there():
    article, draft = make_article(), make_article(status="draft")
    sound = make_question(**single(article=article, anchor="a-heading"))
    lost = make_question(**single(article=article, anchor="renamed"))
    hidden = make_question(**single(article=draft))

    assert lint.of_question(sound) == []
    assert "has no heading “renamed”" in lint.of_question(lost)[0].sentence
    assert "no such article" in lint.of_question(hidden)[0].sentence


# --- a quiz ---


def five(*choices, number=5, **fields):
    return [single(*choices, **fields) for _ in range(number)]


def test_the_longest_choice_is_a_pattern_from_five_questions_on():
    longer = texts("A list", "A value, then", "A set", right=2)
    other = texts("A list", "A value", "A set of them", right=2)

    assert "longest-choice-pattern" in told(*five(*longer, number=3), *five(*other, number=2))
    assert "longest-choice-pattern" not in told(*five(*longer, number=4))
    assert "longest-choice-pattern" not in told(*five(*longer, number=3), *five(*other, number=3))


def test_where_the_right_choice_stands_is_a_pattern_only_if_it_stays_there():
    assert "key-position" in told(*five(shuffle=False, number=3), *five(*SOUND[::-1], shuffle=False, number=2))
    assert "key-position" not in told(*five())
    assert "key-position" not in told(*five(shuffle=False, number=4))

    pinned = (("A list", 0), ({"text": "A value", "is_pinned": True}, 100), ("A set", 0))
    assert "key-position" in told(*five(*pinned))


def test_a_quiz_of_two_questions_costs_as_many_queries_as_one_of_twelve(count_queries):
    make_article(slug="out")
    counts = []
    for number in (2, 12):
        quiz = make_quiz(questions=0, published=False)
        for _ in range(number):
            make_question(quiz, stem="See [this](/articles/out/) and [that](/quizzes/x/).")
        with count_queries() as queries:
            lint.of_quiz(quiz)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 5


# --- the command ---


def test_the_command_prints_what_was_found_and_fails(capsys):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, **single(explanation="", name="Iteration"))

    with pytest.raises(SystemExit) as ended:
        call_command("lint_quiz", quiz.slug)
    assert ended.value.code == 1
    assert "missing   “Iteration”: It has no explanation" in capsys.readouterr().out

    with pytest.raises(SystemExit):
        call_command("lint_quiz", quiz.slug, "--json")
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["rule"], found["question"]) == ("missing-explanation", quiz.questions.get().pk)


def test_the_command_is_silent_about_a_sound_quiz(capsys):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, **single())

    call_command("lint_quiz", quiz.slug)

    assert capsys.readouterr().out == ""
    with pytest.raises(CommandError, match="There is no quiz “gone”"):
        call_command("lint_quiz", "gone")
