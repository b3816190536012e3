"""The bank of questions and the form of one."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse

from publishing.tests.factories import make_article, make_user
from quizzes.admin.question.admin import NOT_PUBLISHABLE, STALE_OUTPUT
from quizzes.kinds import RULES
from quizzes.models import BankCategory, Question, QuestionTag
from quizzes.tests.factories import EXAMPLES, make_question, make_quiz

pytestmark = pytest.mark.django_db

BANK = "/admin/quizzes/question/"
ADD = f"{BANK}add/"


@pytest.fixture
def editor(client):
    editor = make_user("editor")
    client.force_login(editor)
    return editor


@pytest.fixture
def category():
    return BankCategory.objects.create(path="Python/Iteration")


def change_of(question):
    return reverse("admin:quizzes_question_change", args=[question.pk])


CHOICE = {"position": "", "text": "", "pair": "", "blank": "", "weight": "", "tolerance": "", "feedback": ""}


def form_of(category, *choices, **fields):
    """What the form of a new question sends; `choices` are fields of its rows."""
    data = {
        "kind": "single", "stem": "Which?", "name": "", "explanation": "", "hints": "", "matching": "plain", "rule": "",
        "program": "", "language": "", "recorded_output": "", "interpreter": "", "anchor": "", "external_id": "",
        "category": category.pk, "shuffle": "on",
        "choices-TOTAL_FORMS": len(choices), "choices-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, choice in enumerate(choices):
        row = CHOICE | {"tolerance_kind": "nominal"} | choice
        data |= {f"choices-{number}-{name}": value for name, value in row.items()}
    return data | fields


def changed(question, **fields):
    """What the form of an existing question sends."""
    choices = list(question.choices.all())
    names = ("kind", "stem", "program", "language", "recorded_output", "interpreter", "article", "anchor")
    stored = {name: getattr(question, name) or "" for name in names}
    rows = [
        {"id": choice.pk, "question": question.pk, "position": choice.position, "text": choice.text}
        for choice in choices
    ]
    for row, choice in zip(rows, choices, strict=True):
        row["weight"] = choice.weight
    return form_of(question.category, *rows) | stored | {"choices-INITIAL_FORMS": len(rows)} | fields


# --- writing ---


def test_a_question_is_written_with_its_choices(client, editor, category):
    data = form_of(category, {"text": "a", "feedback": "No."}, {"text": "b"}, {}, stem="One\r\nTwo")

    page = client.post(ADD, data, follow=True).content.decode()

    question = Question.objects.get()
    assert question.stem == "One\nTwo"
    assert [(choice.text, choice.position, choice.weight) for choice in question.choices.all()] == [
        ("a", 1, 0),
        ("b", 2, 0),
    ]
    assert str(NOT_PUBLISHABLE) in page


@pytest.mark.parametrize("kind", list(RULES))
def test_each_kind_can_be_written(client, editor, category, kind):
    choices, fields = EXAMPLES[kind]
    rows = [
        (text if isinstance(text, dict) else {"text": text}) | {"weight": weight, "feedback": "".join(feedback)}
        for text, weight, *feedback in choices
    ]

    page = client.post(ADD, form_of(category, *rows, kind=kind, **fields), follow=True).content.decode()

    question = Question.objects.get()
    assert question.choices.count() == len(rows)
    assert str(NOT_PUBLISHABLE) not in page


@pytest.mark.parametrize(("kind", "weight"), [("short_answer", 100), ("numeric", 100), ("single", 0), ("matching", 0)])
def test_a_row_without_a_weight_means_what_its_kind_means_by_it(client, editor, category, kind, weight):
    client.post(ADD, form_of(category, {"text": "3", "pair": "x"}, kind=kind))

    assert Question.objects.get().choices.get().weight == weight


def test_a_text_of_a_list_without_a_weight_is_wrong(client, editor, category):
    texts = [{"text": "<=", "weight": "100"}, {"text": "<"}, {"text": ">"}]
    listed = [text | {"blank": "1", "is_offered": "on"} for text in texts]
    data = form_of(category, *listed, {"text": "x", "blank": "2"}, kind="cloze", stem="a [[1]] [[2]]")

    page = client.post(ADD, data, follow=True).content.decode()

    choices = Question.objects.get().choices.all()
    assert [(choice.text, choice.is_offered, choice.weight) for choice in choices] == [
        ("<=", True, 100), ("<", True, 0), (">", True, 0), ("x", False, 100),
    ]  # fmt: skip
    assert str(NOT_PUBLISHABLE) not in page


def test_rows_go_where_their_numbers_say_and_new_ones_to_the_end(client, editor):
    question = make_question(choices=[("one", 0), ("two", 100)])
    data = changed(question) | {"choices-TOTAL_FORMS": 4}
    for number, row in ((2, {"text": "three"}), (3, {"position": "7"})):
        data |= {
            f"choices-{number}-{name}": value for name, value in (CHOICE | {"tolerance_kind": "nominal"} | row).items()
        }

    client.post(change_of(question), data | {"choices-0-position": "5"})

    assert [choice.text for choice in question.choices.all()] == ["two", "one", "three"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"choices-0-weight": "101"}, "less than or equal to 100"),
        ({"choices-0-weight": "NaN"}, "Enter a number"),
        ({"choices-0-weight": "1e999"}, "Ensure that there are no more than"),
        ({"choices-0-blank": "100"}, "less than or equal to 99"),
        ({"choices-0-text": "", "choices-0-weight": "50"}, "Enter a text"),
        ({"choices-0-text": "a\x00b"}, "Null characters are not allowed"),
        ({"choices-0-tolerance_kind": "huge"}, "Select a valid choice"),
        ({"stem": ""}, "This field is required"),
        ({"kind": "essay"}, "Select a valid choice"),
        ({"category": "0"}, "Select a valid choice"),
        ({"article": "0"}, "errorlist"),
        ({"quiz": "0"}, "Select a valid choice"),
        ({"tags": ["0"]}, "errorlist"),
        ({"choices-TOTAL_FORMS": "9999"}, "at most"),
    ],
)
def test_an_invalid_field_shows_its_error_and_the_typed_text_stays(client, editor, category, fields, problem):
    data = form_of(category, {"text": "a"}, {"text": "b"}, explanation="Half written <b>") | fields

    response = client.post(ADD, data)

    page = response.content.decode()
    assert response.status_code == 200 and problem in page
    assert "Half written &lt;b&gt;" in page
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"category": "abc"}, {"category": "9" * 30}, {"article": "\x00"}, {"quiz": "9" * 30}, {"tags": ["abc"]}],
)
def test_a_key_that_no_row_can_have_is_refused(client, editor, category, fields):
    response = client.post(ADD, form_of(category, {"text": "a"}) | fields)

    # PostgreSQL compares with a number of any length and finds no row: an error beside the field.
    is_compared = connection.vendor == "postgresql" and "9" * 30 in fields.values()
    assert response.status_code == (200 if is_compared else 400)
    assert ("Select a valid choice" in response.content.decode()) == is_compared
    assert not Question.objects.exists()


def test_the_form_knows_which_fields_a_kind_needs_and_has_all_of_them(client, editor):
    page = client.get(ADD).content.decode()

    assert "&quot;numeric&quot;: {&quot;fields&quot;: []" in page
    for name in ("program", "matching", "rule", "choices-0-tolerance", "choices-0-blank", "choices-0-pair"):
        assert f'name="{name}"' in page


# --- the output of a program ---


def test_an_output_counts_as_recorded_when_it_was_run_or_is_another(client, editor):
    question = make_question(kind="output", program="print(1)\nprint(2)", recorded_output="1\n2\n")
    crlf = {"program": "print(1)\r\nprint(3)", "recorded_output": "1\r\n2\r\n"}

    client.post(change_of(question), changed(question, **crlf))
    question.refresh_from_db()
    assert question.is_recording_stale
    assert str(STALE_OUTPUT) in client.get(change_of(question)).content.decode()

    client.post(change_of(question), changed(question, **crlf, has_run="on"))
    question.refresh_from_db()
    assert not question.is_recording_stale

    client.post(change_of(question), changed(question, program="    print(4)", recorded_output="  4\n\n"))
    question.refresh_from_db()
    assert not question.is_recording_stale
    assert (question.program, question.recorded_output) == ("    print(4)", "  4\n\n")


def test_a_program_that_was_run_needs_its_output_and_interpreter(client, editor, category):
    data = form_of(category, kind="output", program="print(1)", has_run="on")

    page = client.post(ADD, data).content.decode()

    assert "errors field-recorded_output" in page and "errors field-interpreter" in page


# --- where to read again ---


def test_the_headings_of_the_article_are_suggested(client, editor):
    article = make_article(body="## Iterators\n\nText.\n\n## Generators\n\nText.")
    question = make_question(article=article)

    page = client.get(change_of(question)).content.decode()
    response = client.get(reverse("admin:quizzes_question_headings", args=[article.pk]))

    assert '<option value="generators">Generators</option>' in page
    assert response.json()["headings"][0] == {"id": "iterators", "text": "Iterators"}
    assert client.get(reverse("admin:quizzes_question_headings", args=[0])).status_code == 404


def test_the_headings_of_a_draft_are_for_those_who_may_see_it(client):
    user = make_user("moderator")
    client.force_login(user)
    address = reverse("admin:quizzes_question_headings", args=[make_article(status="draft").pk])
    assert client.get(address).status_code == 403

    user.user_permissions.add(Permission.objects.get(codename="add_question"))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("anchor", "is_known"), [("a-heading", True), ("gone", False)])
def test_an_unknown_heading_is_a_warning(client, editor, anchor, is_known):
    question = make_question(article=make_article())

    page = client.post(change_of(question), changed(question, article=question.article_id, anchor=anchor), follow=True)

    question.refresh_from_db()
    assert question.anchor == anchor
    assert ("has no heading “gone”" in page.content.decode()) is not is_known


# --- in quizzes ---


def test_a_new_question_is_added_at_the_end_of_its_quiz(client, editor, category):
    quiz = make_quiz(questions=2)

    response = client.post(f"{ADD}?quiz={quiz.pk}", form_of(category, {"text": "a"}, quiz=quiz.pk))

    assert response.headers["Location"] == reverse("admin:quizzes_quiz_change", args=[quiz.pk])
    assert quiz.questions_in_order()[-1].stem == "Which?"
    again = client.post(ADD, form_of(category, {"text": "b"}, quiz=quiz.pk, _addanother="1"))
    assert again.headers["Location"] == f"{ADD}?quiz={quiz.pk}"


def test_the_next_question_is_filed_as_the_last_one(client, editor, category):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, category=category)

    page = client.get(f"{ADD}?quiz={quiz.pk}").content.decode()

    assert f'<option value="{category.pk}" selected>Python/Iteration</option>' in page


def test_the_first_question_of_a_quiz_is_filed_under_its_title(client, editor, category):
    quiz = make_quiz(questions=0, published=False, title="Loops / more")
    data = form_of(category, {"text": "a"}, quiz=quiz.pk) | {"category": ""}

    client.post(ADD, data | {"stem": ""})
    assert list(BankCategory.objects.all()) == [category]
    client.post(ADD, data)
    client.post(ADD, data | {"stem": "Another?"})

    assert {question.category.path for question in quiz.questions.all()} == {"Loops - more"}
    assert quiz.questions.count() == 2
    page = client.post(ADD, data | {"quiz": ""}).content.decode()
    assert "errors field-category" in page


def test_saving_links_the_quizzes_to_publish_again(client, editor):
    quiz, other = make_quiz(title="First"), make_quiz(title="Second")
    question = quiz.questions_in_order()[0]
    other.place(question)

    page = client.post(change_of(question), changed(question, stem="Changed"), follow=True).content.decode()

    assert ">First</a>, <a" in page and ">Second</a>" in page


def test_the_form_shows_suggestions(client, editor):
    question = make_question(explanation="")

    assert 'data-rule="missing-explanation"' in client.get(change_of(question)).content.decode()


# --- the bank ---


def test_the_bank_is_filtered_and_searched(client, editor, category):
    tag = QuestionTag.objects.create(name="loops")
    placed = make_question(make_quiz(), name="Placed one", kind="multiple")
    free = make_question(name="Free one", category=category, external_id="free-1")
    free.tags.add(tag)

    def found(query):
        page = client.get(f"{BANK}{query}").content.decode()
        return {question for question in (placed, free) if str(question) in page}

    assert found("?use=none") == found(f"?category__id__exact={category.pk}") == {free}
    assert found(f"?tags__id__exact={tag.pk}") == found("?q=free-1") == {free}
    assert found("?use=some") == found("?kind__exact=multiple") == {placed}
    assert found(f"?q={placed.stem.replace(' ', '+')}") >= {placed}
    assert client.get(f"{BANK}?category__path__startswith=P").status_code == 400


def test_questions_are_added_to_a_quiz_from_the_bank(client, editor):
    quiz = make_quiz(questions=1, title="Loops")
    new, present = make_question(), quiz.questions_in_order()[0]
    chosen = {"action": "add_to_quiz", "_selected_action": [new.pk, present.pk]}

    page = client.post(BANK, chosen).content.decode()
    assert page.count('name="_selected_action"') == 2 and str(new) in page
    assert "This field is required" in client.post(BANK, chosen | {"confirm": "1"}).content.decode()
    assert "Select a valid choice" in client.post(BANK, chosen | {"confirm": "1", "quiz": "0"}).content.decode()

    page = client.post(BANK, chosen | {"confirm": "1", "quiz": quiz.pk}, follow=True).content.decode()
    assert "Added to" in page
    assert quiz.questions_in_order() == [present, new]
    assert LogEntry.objects.filter(change_message__startswith="Added from the bank").count() == 1


def test_adding_to_a_quiz_needs_the_permission_to_change_quizzes(client, editor, category):
    quiz, question = make_quiz(), make_question()
    group = editor.groups.get()
    group.permissions.remove(group.permissions.get(codename="change_quiz"))

    client.post(BANK, {"action": "add_to_quiz", "_selected_action": [question.pk], "confirm": "1", "quiz": quiz.pk})
    client.post(ADD, form_of(category, {"text": "a"}, quiz=quiz.pk))

    assert quiz.placements.count() == 2


def test_two_choices_and_quizzes_cost_the_form_as_many_queries_as_twelve(client, editor, count_queries):
    counts = []
    for number in (2, 12):
        question = make_question(choices=[(f"Choice {place}", 0) for place in range(number)], article=make_article())
        for _ in range(number):
            make_quiz(questions=0, published=False).place(question)
        client.get(change_of(question))
        with count_queries() as queries:
            client.get(change_of(question))
        counts.append(len(queries))

    assert counts[0] == counts[1]
