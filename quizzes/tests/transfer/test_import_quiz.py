"""`import_quiz`: files of editors, and the report on every question."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from publishing.tests.factories import make_article, make_category
from quizzes.kinds import RULES
from quizzes.models import Choice, Edition, Question, Quiz
from quizzes.tests.imported import everything, imported

pytestmark = pytest.mark.django_db
NOTHING = "no questions to import"

FILE = """// title: Loops and more
// slug: loops
// summary: Short.
// difficulty: advanced
// articles: forty-lines
// status: published

// [id:one]
::First::[markdown]What does `for` do?{
=Loop#Yes.
~%50%[plain]*Half*
~Jump
####It loops.}

Python has braces.{FALSE#There are none.}

::Several::Which?{~%50%a ~%50%b ~c}
"""


@pytest.fixture
def run(tmp_path):
    def run(text=FILE, *options, name="quiz-file.gift"):
        return imported(tmp_path / name, text, *options)

    return run


def test_a_file_becomes_a_published_quiz(run):
    article = make_article(slug="forty-lines")

    out, errors = run()

    quiz = Quiz.objects.get()
    assert "Questions: 3 new, 0 shared, 0 changed, 0 unchanged, 0 left out." in out
    assert errors == ""
    assert (quiz.title, quiz.slug, quiz.summary, quiz.difficulty) == ("Loops and more", "loops", "Short.", "advanced")
    assert list(quiz.articles.all()) == [article]
    assert quiz.is_published
    first, second, third = quiz.questions_in_order()
    assert {question.category.path for question in (first, second, third)} == {"Loops and more"}
    assert (first.external_id, first.name, first.kind) == ("one", "First", "single")
    assert (first.stem, first.explanation) == ("What does `for` do?", "It loops.")
    assert list(first.choices.values_list("text", "weight", "feedback")) == [
        ("Loop", 100, "Yes."), ("\\*Half\\*", 50, ""), ("Jump", 0, ""),
    ]  # fmt: skip
    assert list(second.choices.values_list("text", "weight", "feedback")) == [
        ("True", 0, "There are none."), ("False", 100, ""),
    ]  # fmt: skip
    assert third.kind == "multiple"


def test_the_same_file_again_changes_nothing(run):
    make_article(slug="forty-lines")
    run()
    before = everything()

    out, _ = run()

    assert everything() == before
    assert "Questions: 0 new, 0 shared, 0 changed, 3 unchanged, 0 left out." in out


def test_a_changed_file_updates_its_questions_and_keeps_the_choices_that_stay(run):
    run()
    kept = Choice.objects.get(text="Loop").pk

    out, _ = run(FILE.replace("~Jump", "~Leap").replace("It loops.", "It repeats."))

    assert "0 new, 0 shared, 1 changed, 2 unchanged" in out
    assert Choice.objects.get(text="Loop").pk == kept
    assert not Choice.objects.filter(text="Jump").exists()
    assert Quiz.objects.get().edition_number == 2
    assert Edition.objects.count() == 2


def test_a_dry_run_stores_nothing_and_says_the_same(run):
    before = everything()

    dry, _ = run(FILE, "--dry-run")

    assert everything() == before
    assert "Dry run: nothing was saved." in dry
    assert dry.replace("Dry run: nothing was saved.\n", "") == run()[0]


def test_good_questions_are_imported_beside_bad_ones_and_every_line_is_named(run):
    out, errors = run("A{T}\n\nB{=x ~y\n\nC{~%100%1 ~2 ~%50%3}\n\nD{~%40%a ~b}\n\nE{}\n\nA{T}\n\nF{=a ~b}\n")

    lines = [line.split("quiz-file.gift, ")[1] for line in errors.splitlines()]
    assert [line.split(":")[0] for line in lines] == ["line 3", "line 5", "line 7", "line 11"]
    for words, line in zip(["}", "150", "40", "line 1"], lines, strict=True):
        assert words in line
    assert "line 9: skipped: " in out and "essay" in out
    assert out.endswith("Questions: 2 new, 0 shared, 0 changed, 0 unchanged, 5 left out.\n")
    assert [question.stem for question in Quiz.objects.get().questions_in_order()] == ["A", "F"]


def test_without_a_header_the_file_gives_the_title_and_the_quiz_stays_a_draft(run):
    run("A{T}\n", name="routing-and_requests.gift")

    quiz = Quiz.objects.get()
    assert (quiz.title, quiz.slug, quiz.status) == ("Routing and requests", "routing-and-requests", "draft")


def test_options_override_the_header(run):
    article = make_article(slug="other")

    run(FILE, "--title=New title", "--slug=new", "--article=other", "--status=draft", "--difficulty=beginner")

    quiz = Quiz.objects.get()
    assert (quiz.title, quiz.slug, quiz.status, quiz.difficulty) == ("New title", "new", "draft", "beginner")
    assert list(quiz.articles.all()) == [article]


def test_an_unknown_article_is_reported_and_the_rest_is_imported(run):
    out, _ = run()

    assert "“forty-lines”" in out
    assert Quiz.objects.get().is_published


def test_questions_that_are_not_in_the_file_stay(run):
    run()

    out, _ = run(FILE[: FILE.index("::Several::")])

    assert "still in the quiz: “Several”." in out
    assert Question.objects.count() == 3


def test_a_quiz_is_withdrawn_and_archived_by_its_header(run):
    run()
    for status in ("draft", "archived"):
        run(FILE.replace("status: published", f"status: {status}"))
        assert Quiz.objects.get().status == status


def test_the_header_says_how_the_quiz_is_taken(run):
    category = make_category("Practice")

    run(
        "// category: practice\n// draw_count: 2\n// shuffle_questions: yes\n// time_limit: 20\n// layout: one\n"
        "// always: 1, 4\n\nA{T}\n\nB{=x\n\nEssay{}\n\nC{F}\n\nD{T}\n"
    )

    quiz = Quiz.objects.get()
    assert (quiz.category, quiz.draw_count, quiz.shuffle_questions) == (category, 2, True)
    assert (quiz.time_limit, quiz.layout, quiz.is_published) == (20, "one", False)
    always = {placement.question.stem: placement.is_always for placement in quiz.placed()}
    assert always == {"A": True, "C": True, "D": False}


def test_a_header_cannot_set_other_fields(run):
    run("// id: 1\n// published_at: 9999-01-01\n// created_at: 1970-01-01\n// edition_number: 7\n\nA{T}\n")

    quiz = Quiz.objects.get()
    assert (quiz.status, quiz.published_at, quiz.edition_number) == ("draft", None, 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"A{T}\n\xff", "byte 0xff on line 2"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ("Only words.\n", NOTHING),
        ("", NOTHING),
        ("// difficulty: hard\nA{T}\n", "“hard”.*beginner"),
        ("// status: live\nA{T}\n", "“live”.*draft"),
        ("// layout: wide\nA{T}\n", "“wide”.*page, one"),
        ("// draw_count: 0\nA{T}\n", "draw_count.*“0”"),
        ("// draw_count: １２\nA{T}\n", "draw_count.*“１２”"),
        ("// time_limit: 1e999\nA{T}\n", "time_limit.*“1e999”"),
        ("// time_limit: 99999\nA{T}\n", "less than or equal to 600"),
        ("// shuffle_questions: maybe\nA{T}\n", "“maybe”.*true or false"),
        ("A{~%40%a ~b}\n", NOTHING),
        ("A{T}\n\n" * 1 + "".join(f"Q{n}{{T}}\n\n" for n in range(1000)), "1001 questions.*1000"),
        ("// title: " + "x" * 201 + "\nA{T}\n", "at most 200 characters"),
        ("// slug: no slug!\nA{T}\n", "slug"),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_with_a_reason(run, text, words):
    with pytest.raises(CommandError, match=words):
        run(text)

    assert not Quiz.objects.exists()


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_quiz", str(tmp_path / "none.gift"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_quiz", str(tmp_path))


def test_ten_thousand_choices_are_refused_with_their_line(run):
    _, errors = run("A{T}\n\nB{=right\n" + "~wrong\n" * 10_000 + "}\n")

    assert "line 3: " in errors and "10001 choices" in errors
    assert Question.objects.count() == 1


def test_the_demo_quizzes_are_imported_without_a_loss():
    call_command("loaddata", settings.BASE_DIR / "demo" / "publication.yaml", verbosity=0)
    call_command("import_markdown", settings.BASE_DIR / "demo" / "articles", verbosity=0, stdout=StringIO())
    files = sorted((settings.BASE_DIR / "demo" / "quizzes").glob("*.gift"))
    assert files
    for path in files:
        out, errors = StringIO(), StringIO()
        call_command("import_quiz", str(path), stdout=out, stderr=errors)
        assert errors.getvalue() == ""
        assert ", 0 left out." in out.getvalue()
        assert "There is no" not in out.getvalue() and "has no heading" not in out.getvalue()

    assert Quiz.objects.published().filter(category__isnull=False).count() == len(files)
    assert set(Question.objects.values_list("kind", flat=True)) == set(RULES)


def test_changes_of_an_existing_quiz_are_reported(run):
    run(FILE, "--status=published")

    out, _ = run(
        FILE.replace("and more", "and less").replace("published", "archived").replace("// articles: forty-lines\n", ""),
        "--dry-run",
    )

    assert "title" in out and "“Loops and more”" in out and "“Loops and less”" in out
    assert "archived" in out
    assert Quiz.objects.get().is_published
