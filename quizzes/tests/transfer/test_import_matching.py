"""Finding existing questions again, and the order of the questions after an import."""

import random

import pytest

from quizzes import formats
from quizzes.models import BankCategory, Placement, Question, Quiz
from quizzes.tests.factories import EXAMPLES, make_question, make_quiz
from quizzes.tests.imported import everything, exported, imported
from quizzes.transfer.import_question import item_of
from quizzes.transfer.importer import import_items

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """Import a text into the quiz with that slug."""
    return lambda text, slug="loops", *options: imported(tmp_path / "loops.gift", text, f"--slug={slug}", *options)


def order(slug="loops"):
    return [question.stem for question in Quiz.objects.get(slug=slug).questions_in_order()]


def test_another_quiz_shares_the_same_question(run):
    text = "$CATEGORY: $course$/top/Python/Loops\n\n// [id:one]\nA{T}\n"
    run(text)

    out, _ = run(text, "more-loops")

    question = Question.objects.get()
    assert question.category.path == "Python/Loops"
    assert {quiz.slug for quiz in question.quizzes.all()} == {"loops", "more-loops"}
    assert "Questions: 0 new, 1 shared, 0 changed, 0 unchanged, 0 left out." in out
    assert "0 new, 0 shared, 0 changed, 1 unchanged" in run(text, "more-loops")[0]


def test_a_question_without_an_id_never_changes_one_of_another_quiz(run):
    run("$CATEGORY: Python\n\n::Question 1::A{T}\n")

    run("$CATEGORY: Python\n\n::Question 1::B{F}\n", "more-loops")

    assert (order("loops"), order("more-loops")) == (["A"], ["B"])
    assert "1 unchanged" in run("$CATEGORY: Python\n\n::Question 1::B{F}\n", "more-loops")[0]


def test_the_same_id_in_two_categories_is_two_questions(run):
    text = "$CATEGORY: a\n\n// [id:1]\nA{T}\n\n$CATEGORY: b\n\n// [id:1]\nB{T}\n"

    assert "2 new" in run(text)[0]
    assert "2 unchanged" in run(text)[0]


def test_a_question_is_found_by_its_id_after_it_was_moved_and_renamed_in_the_bank(run):
    text = "// [id:1]\n::Name::A{T}\n"
    run(text)
    Question.objects.update(category=BankCategory.named("Elsewhere"), name="Other")

    out, _ = run(text)

    assert "0 new, 0 shared, 1 changed" in out
    assert Question.objects.get().category.path == "Elsewhere"


def test_a_file_with_another_category_moves_its_questions(run):
    run("$CATEGORY: a\n\n// [id:1]\nA{T}\n")

    run("$CATEGORY: b\n\n// [id:1]\nA{T}\n")

    assert Question.objects.get().category.path == "b"


def test_questions_written_in_the_admin_have_no_id_and_come_back_unchanged(tmp_path):
    quiz = make_quiz(questions=2, kinds=["single", "numeric"], published=False)
    make_question(quiz, name="Named")
    before = everything()

    out, _ = imported(tmp_path / "again.gift", exported(quiz, "gift")[0])

    assert everything() == before
    assert "0 changed, 5 unchanged" in out


def test_new_questions_come_after_the_one_they_follow_in_the_file(run):
    run("A{T}\n\nB{T}\n\nC{T}\n")
    run("A{T}\n\nNew{T}\n\nC{T}\n")
    assert order() == ["A", "New", "B", "C"]

    run("First{T}\n\nA{T}\n")
    assert order() == ["First", "A", "New", "B", "C"]

    run("Of another file{T}\n")
    assert order()[-1] == "Of another file"


def test_another_order_in_the_file_is_reported_and_kept(run):
    run("A{T}\n\nB{T}\n\nC{T}\n")

    out, _ = run("C{T}\n\nA{T}\n")

    assert "order of the questions" in out
    assert order() == ["C", "B", "A"]


def test_positions_with_gaps_stay(run):
    run("A{T}\n\nB{T}\n")
    for placement in Placement.objects.all():
        placement.position *= 10
        placement.save()
    before = everything()

    run("A{T}\n\nB{T}\n")

    assert everything() == before


CLASH = "$CATEGORY: $course$/top/Default for Python\n\n// [id:q1]\n"
TUPLE = CLASH + "::First::What is a tuple?{=immutable ~mutable}\n"
ITALY = CLASH + "::Other::What is the capital of Italy?{=Rome ~Milan}\n"


def test_a_question_of_another_quiz_with_the_same_category_and_id_is_never_changed(run):
    run(TUPLE, "one")
    before = everything()[1:3]

    dry = dry_run(run, ITALY, "two")
    out, _ = run(ITALY, "two")

    assert [list(rows)[: len(kept)] for rows, kept in zip(everything()[1:3], before, strict=True)] == before
    assert (order("one"), order("two")) == (["What is a tuple?"], ["What is the capital of Italy?"])
    assert "1 new, 0 shared, 0 changed, 0 unchanged" in out and dry == out
    assert "0 new, 0 shared, 0 changed, 1 unchanged" in run(ITALY, "two")[0]
    assert "0 new, 0 shared, 0 changed, 1 unchanged" in run(TUPLE, "one")[0]


def dry_run(run, text, slug):
    before = everything()
    out, _ = run(text, slug, "--dry-run")
    assert everything() == before
    return out.replace("Dry run: nothing was saved.\n", "")


def test_the_one_that_got_another_id_is_still_found_when_its_text_changes(run):
    run(TUPLE, "one")
    run(ITALY, "two")

    out, _ = run(ITALY.replace("Italy", "Spain"), "two")

    assert "line 4: changed: “Other”." in out
    assert "- What is the capital of Italy?" in out and "+ What is the capital of Spain?" in out
    assert order("two") == ["What is the capital of Spain?"]
    assert order("one") == ["What is a tuple?"]
    assert set(Question.objects.values_list("external_id", flat=True)) == {"q1", "q1~2"}


def test_a_changed_question_of_two_quizzes_is_replaced_in_this_one(run):
    quiz_file = CLASH + "A{T}\n\n// [id:q2]\nB{T}\n"
    run(quiz_file, "one")
    run(quiz_file, "two")
    Placement.objects.filter(quiz__slug="two", question__stem="A").update(is_always=True)
    changed = quiz_file.replace("A{T}", "A{F}")

    dry = dry_run(run, changed, "two")
    out, _ = run(changed, "two")

    assert dry == out and "1 new, 0 shared, 0 changed, 1 unchanged" in out
    assert "line 4: new: “A”." in out and "“Loops”" in out
    assert "- • True (100 %)" in out and "+ • True (0 %)" in out
    right = {
        place.quiz.slug: place.question.choices.get(weight=100).text
        for place in Placement.objects.filter(question__stem="A")
    }
    assert right == {"one": "True", "two": "False"}
    assert order("two") == ["A", "B"]
    assert Placement.objects.get(quiz__slug="two", question__stem="A").is_always
    assert "0 new, 0 shared, 0 changed, 2 unchanged" in run(changed, "two")[0]
    assert "0 new, 0 shared, 0 changed, 2 unchanged" in run(quiz_file, "one")[0]


@pytest.mark.parametrize("file_format", ["gift", "xml", "json"])
def test_a_copy_under_another_slug_shares_every_question(tmp_path, file_format):
    quiz = make_quiz(questions=2, title="Kinds", kinds=sorted(EXAMPLES))
    before = everything()[1:3]
    text, _ = exported(quiz, file_format)

    out, _ = imported(tmp_path / f"copy.{file_format}", text, "--slug=copy")

    count = quiz.questions.count()
    assert f"Questions: 0 new, {count} shared, 0 changed, 0 unchanged, 0 left out." in out
    assert out.count("“Kinds”") == count
    assert everything()[1:3] == before
    again, _ = imported(tmp_path / f"copy.{file_format}", text, "--slug=copy")
    assert f"0 new, 0 shared, 0 changed, {count} unchanged" in again


def test_the_same_text_under_another_id_is_another_question(run):
    run(CLASH + "A{T}\n", "one")

    out, _ = run(CLASH.replace("q1", "q7") + "A{T}\n", "two")

    assert "1 new, 0 shared" in out
    assert "line 4: changed" in run(CLASH.replace("q1", "q7") + "A{F}\n", "two")[0]


def test_a_file_does_not_move_a_question_that_another_quiz_has(run):
    run(CLASH + "A{T}\n", "one")
    run(CLASH + "A{T}\n", "two")
    before = everything()[1:3]

    out, _ = run("$CATEGORY: Elsewhere\n\n// [id:q1]\nA{T}\n", "two")

    assert "line 4: unchanged: “A”." in out and "“Default for Python”" in out and "“Loops”" in out
    assert everything()[1:3] == before


def test_a_question_of_the_bank_that_no_quiz_has_is_not_changed_either(run):
    run(TUPLE, "one")
    Quiz.objects.all().delete()

    assert "1 shared" in run(TUPLE, "two")[0]
    Quiz.objects.all().delete()
    run(ITALY, "two")

    assert Question.objects.get(external_id="q1").stem == "What is a tuple?"


def gift(chance):
    """A file of some questions, with and without ids, names and categories, from a small stock, so that they clash."""
    parts = []
    for number in range(chance.randint(1, 4)):
        category = chance.choice(["", "", "$CATEGORY: a\n\n", "$CATEGORY: $course$/top/b\n\n"])
        key = chance.choice(["", f"// [id:q{chance.randint(1, 3)}]\n"])
        name = chance.choice(["", f"::Question {chance.randint(1, 2)}::"])
        stem, right = chance.choice("ABC"), chance.choice("xyz")
        parts.append(f"{category}{key}{name}{stem} {number % 2}{{={right} ~w#No.}}\n\n")
    return "".join(parts)


def contents(*, but):
    return {
        quiz.slug: [(item_of(question), question.pk) for question in quiz.questions_in_order()]
        for quiz in Quiz.objects.exclude(slug=but)
    }


@pytest.mark.parametrize("seed", range(5))
def test_no_import_changes_other_quizzes_and_a_second_one_changes_nothing(seed):
    chance = random.Random(seed)
    for _ in range(8):
        slug, file = chance.choice(["one", "two", "three"]), formats.read(gift(chance).encode(), "a.gift")
        fields, others, before = {"slug": slug, "title": slug}, contents(but=slug), everything()

        dry = import_items(file, fields, default_title="", dry_run=True)
        assert everything() == before
        real = import_items(file, fields, default_title="")

        assert (dry.rows, dry.notes) == (real.rows, real.notes) and dry.digest == real.digest
        assert contents(but=slug) == others
        after = everything()
        again = import_items(file, fields, default_title="")
        assert {row.outcome for row in again.rows} <= {"unchanged", "error"}, again.rows
        assert everything() == after
