"""`export_quiz`: an exported quiz can be imported without loss."""

import pytest
from django.core.management import CommandError, call_command

from publishing.tests.factories import make_article, make_category
from quizzes.editing import freezing
from quizzes.models import BankCategory, Choice, Placement, Question, QuestionTag, Quiz
from quizzes.tests.factories import make_question, make_quiz
from quizzes.tests.imported import everything, exported, imported

pytestmark = pytest.mark.django_db

FORMATS = ("gift", "xml", "json")
KINDS = (
    "single", "multiple", "true_false", "short_answer", "numeric", "ordering", "matching", "cloze", "output",
)  # fmt: skip
TRICKY = "Is `{a: 1}` = `#x ~y`?\n\n```python\nd = {}  # -> 'a' <= \"b\" \\n\n\nprint(d)\n```\n\n<b>So</b> & *so* ]]>"


@pytest.fixture
def quiz():
    """All kinds and all fields, each of them something else than by default."""
    article = make_article(slug="on-loops", body="Text.\n\n## The loop\n\nMore.\n")
    quiz = make_quiz(
        questions=0, published=False, title="All “of” it: {1}", slug="all-of-it", summary="Short = sweet # really.",
        difficulty="advanced", category=make_category("Practice"), draw_count=8, shuffle_questions=True, time_limit=25,
        layout="one", articles=[article],
    )  # fmt: skip
    rules = {"multiple": "all-or-nothing", "ordering": "longest-ordered-subset"}
    for number, kind in enumerate(KINDS, 1):
        question = make_question(
            quiz, kind, name=f"No. {number}: {kind} #1", external_id=f"id-{number}] x\\", explanation=TRICKY,
            hints="First = {hint}\n---\nSecond\n\n- a list", article=article, anchor="the-loop",
            category=BankCategory.named(f"Python/{number % 3}"), rule=rules.get(kind, ""),
            shuffle=kind in ("short_answer", "numeric", "cloze", "output"),
        )  # fmt: skip
        question.tags.set(QuestionTag.named(["python", f"tag {number}]"]))
    single, multiple, *_ = quiz.questions_in_order()
    Question.objects.filter(pk=single.pk).update(stem=TRICKY)
    single.choices.filter(text="Wrong").update(is_pinned=True, weight="-33.33333", feedback=TRICKY, text=TRICKY)
    Choice.objects.filter(question__kind="numeric", text="3.14").update(tolerance_kind="relative", feedback="So.")
    Choice.objects.filter(question__kind__in=["ordering", "matching"]).update(feedback="**Why** -> {it}")
    Placement.objects.filter(question=multiple).update(is_always=True)
    quiz.publish(by=None)
    return quiz


def content_of(quiz, *left_out):
    """All that a quiz has, without keys and dates."""
    hidden = {"id", "question_id", "quiz_id", "category_id", "created_at", "modified_at", "published_at", *left_out}

    def row(one):
        return {field.attname: getattr(one, field.attname) for field in one._meta.fields if field.attname not in hidden}

    questions = [
        row(one.question)
        | {"choices": [row(choice) for choice in one.question.choices.all()], "is_always": one.is_always}
        | {"tags": {tag.name for tag in one.question.tags.all()}, "path": one.question.category.path}
        for one in quiz.placed()
    ]
    return (
        row(quiz),
        quiz.category,
        list(quiz.articles.all()),
        questions,
        without_ids(freezing.bundle(quiz, quiz.placed())),
    )


def without_ids(data):
    if isinstance(data, dict):
        return {key: without_ids(value) for key, value in data.items() if key != "id"}
    return [without_ids(one) for one in data] if isinstance(data, list) else data


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_quiz_comes_back_after_everything_was_deleted(quiz, file_format, tmp_path):
    before, edition = content_of(quiz), without_ids(quiz.current_edition.bundle)
    text, problems = exported(quiz, file_format)
    assert problems == ""
    for model in (Quiz, Question, BankCategory, QuestionTag):
        model.objects.all().delete()

    out, errors = imported(tmp_path / "file", text)

    again = Quiz.objects.get()
    assert errors == "" and "Questions: 9 new, 0 shared, 0 changed, 0 unchanged, 0 left out." in out
    assert content_of(again) == before
    assert without_ids(again.current_edition.bundle) == edition


@pytest.mark.parametrize("file_format", FORMATS)
def test_under_another_name_it_is_the_same_quiz_from_the_same_bank(quiz, file_format, tmp_path):
    text, _ = exported(quiz, file_format)

    imported(tmp_path / "file", text, "--slug=other")

    other = Quiz.objects.get(slug="other")
    assert content_of(other, "slug") == content_of(quiz, "slug")
    assert other.current_edition.bundle == quiz.current_edition.bundle
    assert Question.objects.count() == 9


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_second_import_of_the_file_changes_nothing(quiz, file_format, tmp_path):
    before = everything()

    out, errors = imported(tmp_path / "file", exported(quiz, file_format)[0])

    assert everything() == before
    assert errors == "" and "0 new, 0 shared, 0 changed, 9 unchanged" in out
    assert "Edition 1" in out


def test_aiken_has_single_choices_and_names_the_rest(tmp_path):
    quiz = make_quiz(questions=1, kinds=KINDS)

    text, problems = exported(quiz, "aiken")

    assert text.startswith("Stem") and "\nA. Right\nB. Wrong\nANSWER: A\n" in text
    lines = problems.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"question {number}" for number in (3, 5, 6, 7, 8, 9, 10)]
    assert "Questions: 3 new" in imported(tmp_path / "file.txt", text)[0]


def test_an_output_that_is_out_of_date_is_not_exported():
    quiz = make_quiz(questions=1, kinds=["output", "single"], published=False)
    Question.objects.filter(kind="output").update(program="print(2 + 2)")
    quiz.placements.filter(question__kind="single").update(is_always=True)

    text, problems = exported(quiz, "gift")

    assert problems.startswith("question 2: ")
    assert "print(2 + 2)" not in text
    assert "// always: 1, 2\n" in text


def test_the_file_is_written_to_the_given_path(tmp_path):
    quiz = make_quiz()

    call_command("export_quiz", quiz.slug, "--format=xml", "--output", str(tmp_path / "quiz.xml"))

    assert (tmp_path / "quiz.xml").read_text() == exported(quiz, "xml")[0]
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_quiz", quiz.slug, "--output", str(tmp_path))
    with pytest.raises(CommandError, match="There is no quiz “none”"):
        call_command("export_quiz", "none")


def test_the_number_of_queries_does_not_grow_with_the_questions(count_queries):
    few, many = make_quiz(questions=2), make_quiz(questions=12)

    with count_queries() as for_few:
        exported(few, "json")
    with count_queries() as for_many:
        exported(many, "json")

    assert len(for_few) == len(for_many) <= 7
