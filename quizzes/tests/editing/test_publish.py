from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing.cache import changes
from publishing.tests.factories import make_article, make_user
from quizzes import formats, kinds
from quizzes.editing import freezing
from quizzes.models import Choice, Edition, Placement, Question, Quiz
from quizzes.tests.factories import make_question, make_quiz, paper_data
from quizzes.transfer.import_question import item_of

pytestmark = pytest.mark.django_db

LISTED = {"text": "a", "blank": 1, "is_offered": True}
STAR, THREE = {"text": "*", "blank": 1}, {"text": "3", "blank": 1, "tolerance": "0"}


def test_publishing_freezes_the_questions():
    quiz = make_quiz(questions=0, published=False, title="Loops")
    question = make_question(quiz, "multiple", [("`a`", 50, "Yes."), ("b", 50), ("c", 0)], stem="What *prints*?")

    edition = quiz.publish(by=None)

    (frozen,) = edition.bundle["questions"]
    assert edition.bundle["title"] == "Loops"
    assert (frozen["id"], frozen["kind"], frozen["rule"]) == (question.pk, "multiple", "right-minus-wrong")
    assert frozen["stem"] == "<p>What <em>prints</em>?</p>"
    first = question.choices.first()
    assert frozen["choices"][0] == {
        "id": first.pk, "html": "<p><code>a</code></p>", "weight": "50", "feedback": "<p>Yes.</p>",
        "pinned": False,
    }  # fmt: skip


def test_publishing_again_makes_an_edition_only_when_something_changed():
    quiz = make_quiz()
    modified_at = quiz.modified_at
    generation = changes.current()

    assert quiz.publish(by=None).number == 1
    quiz.refresh_from_db()
    assert (quiz.modified_at, changes.current()) == (modified_at, generation)

    quiz.questions.first().choices.filter(weight=0).update(feedback="New.")
    assert quiz.has_unpublished_changes()
    assert quiz.publish(by=None).number == 2
    assert not quiz.has_unpublished_changes()


def test_an_edition_is_never_changed():
    edition = make_quiz().current_edition
    edition.bundle = {}

    with pytest.raises(TypeError, match="never changed"):
        edition.save()
    with pytest.raises(TypeError, match="never changed"):
        Edition.objects.update(number=5)


def test_edits_and_new_editions_do_not_change_past_results(client, post_from_site):
    quiz = make_quiz()
    result = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Wrong")).headers["Location"]
    before = client.get(result).content

    Choice.objects.filter(text="Right").update(text="Once right", weight=0)
    Choice.objects.filter(text="Wrong").update(text="Now right", weight=100)
    assert quiz.publish(by=None).number == 2

    after = client.get(result).content.decode()
    assert "You got 1 of 2" in after
    assert "Once right" not in after
    changed = " <span>The quiz has changed since; this is the version you answered.</span>"
    assert " ".join(after.split()).replace(changed, "") == " ".join(before.decode().split())


@pytest.mark.parametrize(
    ("kind", "choices", "words"),
    [
        ("single", [("a", 100)], "at least two"),
        ("single", [("a", 0), ("b", 99)], "One of its choices has to be worth the whole point"),
        ("true_false", [("True", 100), ("False", 100)], "2 is"),
        ("true_false", [("True", 0), ("False", 0)], "none is"),
        ("multiple", [("a", 50), ("b", 0)], "add up to 50"),
        ("multiple", [("a", 33), ("b", "33.33333"), ("c", "33.33333"), ("d", -50)], "add up to 99.66666. For equal"),
        ("multiple", [("a", "33.3"), ("b", "33.3"), ("c", "33.3")], "add up to 99.9"),
        ("multiple", [("a", "50"), ("b", "50.02")], "add up to 100.02"),
        ("short_answer", [("*", 50), ("yield", 100)], "“yield” is worth the whole point, but an earlier"),
        ("numeric", [({"text": "3", "tolerance": "1"}, 50), ("3.5", 100)], "“3.5” is worth the whole point, but"),
        ("cloze", [(STAR, 0), (THREE, 100)], r"Blank \[\[1\]\]: “3” is worth"),
        ("true_false", [("Yes", 100), ("No", 0)], "True and False"),
        ("single", [(str(number), 100 if number == 0 else 0) for number in range(21)], "21 choices"),
        ("short_answer", [], "at least one accepted answer"),
        ("short_answer", [("a", 50)], "worth the whole point"),
        ("numeric", [("three", 100)], "not a number"),
        ("numeric", [({"text": "3", "tolerance": "-1"}, 100)], "is negative"),
        ("numeric", [({"text": "0", "tolerance": "0.1", "tolerance_kind": "relative"}, 100)], "plus or minus"),
        ("ordering", [("a", 0)], "at least two items"),
        ("ordering", [("a", 0), ("a", 0)], "is repeated"),
        ("matching", [({"text": "a", "pair": "b"}, 0)], "at least two pairs"),
        ("matching", [({"text": "a", "pair": "b"}, 0), ({"text": "c"}, 0)], "no right side"),
        ("cloze", [({"text": "for", "blank": 1}, 100)], r"\[\[2\]\] has no accepted"),
        ("cloze", [({"text": "x", "blank": 3}, 100)], "answers for blank 3"),
        ("cloze", [({"text": "a", "blank": 1, "is_offered": True}, 100)], r"\[\[1\]\]: a list needs at least two"),
        ("cloze", [(LISTED | {"text": str(n)}, 100) for n in range(101)], "101 choices"),
        ("cloze", [(LISTED, 100), (THREE, 0)], "either all of its texts"),
        ("cloze", [(LISTED, 100), (LISTED, 0)], "“a” is repeated in its list"),
        (
            "cloze",
            [(LISTED, 50), (LISTED | {"text": "b"}, 50)],
            r"accepted answers of blank \[\[1\]\] has to be worth the whole",
        ),
        (
            "cloze",
            [(LISTED | {"tolerance": "1"}, 100), (LISTED | {"text": "b"}, 0)],
            "a text of a list has no tolerance",
        ),
        ("cloze", [({"text": "zero", "blank": 1, "tolerance": "0"}, 100)], r"Blank \[\[1\]\]: “zero” is not a number"),
        ("cloze", [({"text": "1", "blank": 2, "tolerance": "-1"}, 100)], r"Blank \[\[2\]\]: The tolerance -1 is neg"),
    ],
)
def test_a_quiz_that_cannot_be_graded_is_not_published(kind, choices, words):
    quiz = make_quiz(published=False)
    make_question(quiz, kind, choices, name="The odd one")

    with pytest.raises(ValidationError, match=words) as caught:
        quiz.publish(by=None)
    assert "Question 3 (“The odd one”)" in caught.value.messages[0]
    assert not quiz.editions.exists()


@pytest.mark.parametrize(
    "weights",
    [
        ["33.33333"] * 3 + ["-33.33333"], ["33.33"] * 3, ["16.66667", "83.33333"], ["14.28571"] * 7 + ["-100"],
        ["5.88", "30", "64.12", "-10"], ["33", "33", "34"], ["8.33"] * 12,
    ],
)  # fmt: skip
@pytest.mark.parametrize("rule", ["", "weighted-sum"])
def test_who_ticks_all_that_is_right_gets_exactly_the_point(weights, rule):
    quiz = make_quiz(questions=0, published=False)
    choices = [(f"Choice {number}", Decimal(weight)) for number, weight in enumerate(weights)]
    make_question(quiz, "multiple", [*choices, ("Wrong", 0)], rule=rule)

    (frozen,) = quiz.publish(by=None).bundle["questions"]

    right = [choice["id"] for choice in frozen["choices"] if not choice["weight"].startswith(("-", "0"))]
    assert len(right) == sum(not weight.startswith("-") for weight in weights)
    assert kinds.grade(frozen, right).points == 1


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("short_answer", [("par*", 50), ("*", 100)]),
        ("short_answer", [("return", 50), ("r*", 100), ("*", 0)]),
        ("short_answer", [("2*4", 50), (r"2\*3", 100)]),
        ("numeric", [("3", 50), ("*", 100)]),
        ("numeric", [({"text": "3", "tolerance": "0.1"}, 50), ({"text": "3.5", "tolerance": "2"}, 100)]),
        ("single", [("a", 100), ("b", 100), ("c", 50)]),
    ],
)
def test_an_earlier_answer_may_fit_a_part_of_what_a_later_one_fits(kind, choices):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, kind, choices)

    assert quiz.publish(by=None).number == 1


def test_another_program_needs_another_recording():
    quiz = make_quiz(questions=0, kinds=["output"])
    question = quiz.questions.get()
    question.program = "print(1 + 2)"
    question.save()

    with pytest.raises(ValidationError, match="changed since its output was recorded"):
        quiz.publish(by=None)
    question.record("3\n", "CPython 3.13")
    question.save()

    assert quiz.publish(by=None).number == 2


@pytest.mark.parametrize(("draw", "always"), [(3, 0), (1, 2)])
def test_a_draw_has_to_be_possible(draw, always):
    quiz = make_quiz(draw_count=draw, published=False)
    quiz.placements.update(is_always=bool(always))

    with pytest.raises(ValidationError, match=f"draw {draw} of 2"):
        quiz.publish(by=None)


def test_a_quiz_without_questions_is_not_published():
    with pytest.raises(ValidationError, match="Add a question"):
        make_quiz(questions=0)


def test_publishing_and_archiving_are_logged_and_invalidate_pages():
    editor = make_user("editor")
    quiz = make_quiz(published=False, articles=[make_article()])
    generation = changes.current()

    quiz.publish(by=editor)
    assert changes.current() > generation
    quiz.archive(by=editor)

    assert list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True)) == [
        "Published edition 1", "Archived",
    ]  # fmt: skip


def test_published_means_the_same_for_a_row_and_for_the_database():
    now = timezone.now()
    for status in ("draft", "published", "archived"):
        for moment in (now - timedelta(hours=1), now + timedelta(hours=1)):
            quiz = make_quiz()
            Quiz.objects.filter(pk=quiz.pk).update(status=status, published_at=moment)

    published = set(Quiz.objects.published())

    assert len(published) == 1
    assert published == {quiz for quiz in Quiz.objects.all() if quiz.is_published}


def test_a_new_slug_leaves_a_redirect(client):
    quiz = make_quiz(slug="old-name")
    quiz.slug = "new-name"
    quiz.save()

    response = client.get("/quizzes/old-name/")

    assert (response.status_code, response.headers["Location"]) == (301, "/quizzes/new-name/")


@pytest.mark.parametrize(
    "change",
    [
        lambda quiz: Quiz.objects.filter(pk=quiz.pk).update(edition_number=0),
        lambda quiz: Quiz.objects.filter(pk=quiz.pk).update(status="hidden"),
        lambda quiz: Choice.objects.filter(question__quizzes=quiz).update(weight=101),
        lambda quiz: Question.objects.filter(quizzes=quiz).update(external_id="same"),
        lambda quiz: Question.objects.filter(quizzes=quiz).update(kind="essay"),
        lambda quiz: Question.objects.filter(quizzes=quiz).update(matching="fuzzy"),
        lambda quiz: quiz.placements.create(question=quiz.questions.first()),
        lambda quiz: quiz.corrections.create(question=1, action="accept", note="Why", last_edition=1),
        lambda quiz: quiz.corrections.create(question=1, action="disregard", note="", last_edition=1),
        lambda quiz: quiz.editions.create(number=1, bundle={}),
        lambda quiz: quiz.current_edition.attempts.create(token="t", answers={}, score_numerator=3, maximum=2),
    ],
)
def test_the_database_refuses_invalid_rows(change):
    quiz = make_quiz()

    with pytest.raises(IntegrityError), transaction.atomic():
        change(quiz)


def test_a_blank_has_no_leading_zero():
    """Publishing once accepted it, but exported files had no such blank."""
    quiz = make_quiz(questions=0, published=False)
    question = make_question(quiz, "cloze", stem="[[01]] and [[2]]")

    with pytest.raises(ValidationError, match=r"\[\[01\]\] is not a blank; write \[\[1\]\]\."):
        quiz.publish(by=None)
    for file_format in ("gift", "xml", "json"):
        (left_out,) = formats.write(file_format, [item_of(question)]).left_out
        assert left_out.message == "[[01]] is not a blank; write [[1]]."


def test_an_edition_from_when_it_was_one_is_still_graded():
    question = make_question(make_quiz(questions=0, published=False), "cloze", stem="[[1]] and [[2]]")
    frozen = freezing.bundle(Quiz(), [Placement(quiz=Quiz(), question=question)])["questions"][0]
    first, second = frozen["choices"]

    assert frozen["stem"] == f"<p>{chr(0xE001)} and {chr(0xE002)}</p>"
    assert kinds.grade(frozen, {"1": first["text"], "2": second["text"]}).points == 1
