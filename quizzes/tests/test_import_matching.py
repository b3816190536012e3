"""Which question of a file is which question of the bank, and where it comes to stand in the quiz."""

import pytest

from quizzes.models import BankCategory, Placement, Question, Quiz

from .factories import make_question, make_quiz
from .imported import everything, exported, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """Import a text into the quiz with that slug."""
    return lambda text, slug="loops": taken_in(tmp_path / "loops.gift", text, f"--slug={slug}")


def order(slug="loops"):
    return [question.stem for question in Quiz.objects.get(slug=slug).questions_in_order()]


def test_another_quiz_takes_the_same_question_from_the_bank(run):
    text = "$CATEGORY: $course$/top/Python/Loops\n\n// [id:one]\nA{T}\n"
    run(text)

    out, _ = run(text, "more-loops")

    question = Question.objects.get()
    assert question.category.path == "Python/Loops"
    assert {quiz.slug for quiz in question.quizzes.all()} == {"loops", "more-loops"}
    assert "Questions: 0 created, 1 updated, 0 skipped." in out
    assert "0 created, 0 updated, 1 skipped (1 unchanged)" in run(text, "more-loops")[0]


def test_without_an_id_of_its_own_a_question_of_another_quiz_is_never_changed(run):
    run("$CATEGORY: Python\n\n::Question 1::A{T}\n")

    run("$CATEGORY: Python\n\n::Question 1::B{F}\n", "more-loops")

    assert (order("loops"), order("more-loops")) == (["A"], ["B"])
    assert "1 unchanged" in run("$CATEGORY: Python\n\n::Question 1::B{F}\n", "more-loops")[0]


def test_the_same_id_in_two_categories_is_two_questions(run):
    text = "$CATEGORY: a\n\n// [id:1]\nA{T}\n\n$CATEGORY: b\n\n// [id:1]\nB{T}\n"

    assert "2 created" in run(text)[0]
    assert "2 unchanged" in run(text)[0]


def test_a_question_is_found_by_its_id_after_it_was_moved_and_renamed_in_the_bank(run):
    text = "// [id:1]\n::Name::A{T}\n"
    run(text)
    Question.objects.update(category=BankCategory.named("Elsewhere"), name="Other")

    out, _ = run(text)

    assert "0 created, 1 updated" in out
    assert Question.objects.get().category.path == "Elsewhere"


def test_a_file_with_another_category_moves_its_questions(run):
    run("$CATEGORY: a\n\n// [id:1]\nA{T}\n")

    run("$CATEGORY: b\n\n// [id:1]\nA{T}\n")

    assert Question.objects.get().category.path == "b"


def test_questions_written_at_the_desk_have_no_id_and_come_back_unchanged(tmp_path):
    quiz = make_quiz(questions=2, kinds=["single", "numeric"], published=False)
    make_question(quiz, name="Named")
    before = everything()

    out, _ = taken_in(tmp_path / "again.gift", exported(quiz, "gift")[0])

    assert everything() == before
    assert "5 skipped (5 unchanged)" in out


def test_new_questions_come_after_the_one_they_follow_in_the_file(run):
    run("A{T}\n\nB{T}\n\nC{T}\n")
    run("A{T}\n\nNew{T}\n\nC{T}\n")
    assert order() == ["A", "New", "B", "C"]

    run("First{T}\n\nA{T}\n")
    assert order() == ["First", "A", "New", "B", "C"]

    run("Of another file{T}\n")
    assert order()[-1] == "Of another file"


def test_another_order_in_the_file_is_told_and_taken(run):
    run("A{T}\n\nB{T}\n\nC{T}\n")

    out, _ = run("C{T}\n\nA{T}\n")

    assert "The questions stand in another order now." in out
    assert order() == ["C", "B", "A"]


def test_numbers_with_gaps_between_them_stay(run):
    run("A{T}\n\nB{T}\n")
    for placement in Placement.objects.all():
        placement.position *= 10
        placement.save()
    before = everything()

    run("A{T}\n\nB{T}\n")

    assert everything() == before
