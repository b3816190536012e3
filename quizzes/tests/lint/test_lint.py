"""Every rule with a question that breaks it and one that does not."""

import json

import pytest
from django.core.management import CommandError, call_command

from publishing.models import Redirect
from publishing.tests.factories import make_article
from publishing.web import redirects
from quizzes import lint
from quizzes.lint import rules
from quizzes.tests.factories import make_question, make_quiz

pytestmark = pytest.mark.django_db

LONG = "It gives back one value after another, and keeps its place in between"
SOUND = (("It gives back a list", 0), ("It gives back a value", 100), ("It ends the function", 0))


def single(*choices, **fields):
    return {"kind": "single", "choices": choices or SOUND} | fields


def broken(*questions):
    """The names of the rules that these questions break."""
    rows = [make_question(**fields) for fields in questions]
    return {finding.rule for finding in lint.findings(rows)}


def texts(*texts, right=1):
    return [(text, 100 if place == right else 0) for place, text in enumerate(texts, 1)]


QUESTION_SAMPLES = {
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


@pytest.mark.parametrize("rule", QUESTION_SAMPLES)
def test_each_rule_finds_what_breaks_it_and_nothing_else(rule):
    failing, passing = QUESTION_SAMPLES[rule]

    assert rule in broken(failing)
    assert rule not in broken(passing)


def test_every_rule_has_its_samples():
    elsewhere = {"dead-link", "longest-choice-pattern", "key-position"}

    every_rule = [*rules.QUESTION_RULES, *rules.QUIZ_RULES]
    assert {rule.name for rule in every_rule} == {*QUESTION_SAMPLES, *elsewhere}
    assert {rule.severity for rule in every_rule} == {"giveaway", "missing", "unclear"}
    assert all(rule.check.__doc__ for rule in every_rule)


def test_a_good_question_of_each_kind_breaks_no_rule():
    kinds = ["multiple", "true_false", "short_answer", "numeric", "ordering", "matching", "cloze", "output"]

    assert broken(single(), *({"kind": kind} for kind in kinds)) == set()


def test_a_pinned_none_of_the_above_breaks_no_rule():
    pinned = {"text": "None of the above", "is_pinned": True}

    assert broken(single(("A list", 0), ("A tuple", 100), (pinned, 0))) == set()


@pytest.mark.parametrize(
    ("source", "is_broken"),
    [
        ('<img src="/media/a.webp">', True),
        ('<img src="/media/a.webp" alt="">', True),
        ('<p><img alt="A cat" src="/media/a.webp"></p>', False),
        ("Text `![](x)` in code", False),
    ],
)
def test_images_written_as_html_are_checked_too(source, is_broken):
    assert ("image-without-alt" in broken(single(explanation=source))) is is_broken


def test_the_program_of_an_output_question_needs_a_language():
    assert "code-without-language" in broken({"kind": "output", "language": ""})


# --- links ---


def linked(href):
    return lint.findings([make_question(**single(explanation=f"See [there]({href})."))])


@pytest.mark.parametrize(
    "href",
    [
        "/articles/gone/", "/articles/draft/", "/articles/out/#nowhere", "/quizzes/gone/", "/no/such/page/",
        "articles/out/", "http://testserver/articles/gone/",
    ],
)  # fmt: skip
def test_a_link_that_readers_cannot_open_is_dead(href):
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
def test_other_links_are_not_dead(href):
    make_article(slug="out")
    make_quiz(slug="there")
    Redirect.objects.create(old_path="/articles/old", new_path="/articles/out/")

    assert linked(href) == []


def test_the_article_to_read_again_must_be_published_and_have_the_heading():
    article, draft = make_article(), make_article(status="draft")
    good = make_question(**single(article=article, anchor="a-heading"))
    renamed = make_question(**single(article=article, anchor="renamed"))
    hidden = make_question(**single(article=draft))

    assert lint.findings([good]) == []
    assert [(found.rule, found.question) for found in lint.findings([renamed, hidden])] == [
        ("dead-link", renamed.pk),
        ("dead-link", hidden.pk),
    ]
    assert "“renamed”" in lint.findings([renamed])[0].sentence


# --- a quiz ---


def five(*choices, number=5, **fields):
    return [single(*choices, **fields) for _ in range(number)]


def test_the_longest_choice_is_a_pattern_from_five_questions_on():
    longer = texts("A list", "A value, then", "A set", right=2)
    other = texts("A list", "A value", "A set of them", right=2)

    assert "longest-choice-pattern" in broken(*five(*longer, number=3), *five(*other, number=2))
    assert "longest-choice-pattern" not in broken(*five(*longer, number=4))
    assert "longest-choice-pattern" not in broken(*five(*longer, number=3), *five(*other, number=3))


def test_the_number_of_the_right_choice_is_a_pattern_only_without_shuffling():
    assert "key-position" in broken(*five(shuffle=False, number=3), *five(*SOUND[::-1], shuffle=False, number=2))
    assert "key-position" not in broken(*five())
    assert "key-position" not in broken(*five(shuffle=False, number=4))

    pinned = (("A list", 0), ({"text": "A value", "is_pinned": True}, 100), ("A set", 0))
    assert "key-position" in broken(*five(*pinned))


def test_a_quiz_of_two_questions_costs_as_many_queries_as_one_of_twelve(count_queries):
    make_article(slug="out")
    # The redirects are cached.
    redirects.target("/")
    counts = []
    for number in (2, 12):
        quiz = make_quiz(questions=0, published=False)
        for _ in range(number):
            make_question(quiz, stem="See [this](/articles/out/) and [that](/quizzes/x/).")
        with count_queries() as queries:
            lint.findings(quiz.questions_in_order())
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 5


# --- the command ---


def test_the_command_prints_findings_and_fails(capsys):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, **single(explanation="", name="Iteration"))

    with pytest.raises(SystemExit) as ended:
        call_command("lint_quiz", quiz.slug)
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert out.startswith("missing   “Iteration”: ") and out.endswith(" [missing-explanation]\n")

    with pytest.raises(SystemExit):
        call_command("lint_quiz", quiz.slug, "--json")
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["rule"], found["question"]) == ("missing-explanation", quiz.questions.get().pk)


def test_the_command_prints_nothing_about_a_good_quiz(capsys):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, **single())

    call_command("lint_quiz", quiz.slug)

    assert capsys.readouterr().out == ""
    with pytest.raises(CommandError, match="There is no quiz “gone”"):
        call_command("lint_quiz", "gone")
