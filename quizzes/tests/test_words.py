"""Quizzes have no word that is not in the catalogue: each is shown with marks around it here."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.tests.admin.test_words import marked, owner, unmarked  # noqa: F401 - fixtures
from publishing.tests.factories import make_article
from quizzes.editing import snapshots
from quizzes.kinds import RULES
from quizzes.models import BankCategory, Correction, FunnelCount
from quizzes.taking.tickets import Ticket
from quizzes.tests.factories import make_question, make_quiz, paper_data

pytestmark = pytest.mark.django_db

# Of formats, and of choices in the bank; and Django's own word for what is not so.
NAMES = {"Aiken", "Moodle XML", "True", "False"}
CHOICES = {
    "single": [("AA", 100), ("BB", 0, "NO")],
    "multiple": [("AA", 50), ("BB", 50), ("CC", 0)],
    "true_false": [("True", 100), ("False", 0)],
    "short_answer": [("AA", 100), ("A", 50)],
    "numeric": [({"text": "3.14", "tolerance": "1"}, 100)],
    "ordering": [("AA", 0), ("BB", 0), ("CC", 0)],
    "matching": [({"text": "AA", "pair": "BB"}, 0), ({"text": "CC", "pair": "DD"}, 0)],
    "cloze": [({"text": "1", "blank": 1, "tolerance": "0"}, 100), ({"text": "B", "blank": 2, "is_offered": True}, 100)]
    + [({"text": "C", "blank": 2, "is_offered": True}, 0)],
    "output": [],
}
FIELDS = {
    "cloze": {"stem": "STEM\n\n[[1]] [[2]]"},
    "output": {"program": "X", "language": "python", "recorded_output": "2\n", "interpreter": "PY"},
}
WRONG = ["BB", ("AA",), None, "A", "9", ("AA", "CC", "BB"), ("BB", "BB"), ("9", "C"), "3"]
ALL_KINDS = dict(zip(RULES, WRONG, strict=True))


def quiz_of_all_kinds(**fields):
    quiz = make_quiz(questions=0, published=False, title="TITLE", summary="SUMMARY", **fields)
    category = BankCategory.objects.create(path="CATEGORY")
    for kind in RULES:
        common = {"stem": "STEM", "explanation": "WHY", "hints": "HINT\n---\nHINT", "category": category}
        make_question(quiz, kind, CHOICES[kind], **common | FIELDS.get(kind, {}))
    quiz.publish(by=None)
    return quiz


def words_of(response) -> set[str]:
    """What is in no mark in the part of a page that is its own."""
    page = response.content.decode()
    start = page.find('<section class="quizcall"')
    start, end = (start, page.index("</section>", start)) if start > 0 else (page.index("<main"), page.index("</main>"))
    found = unmarked(f'<div id="content">{page[start:end]}') - {"Python"}
    return {words for words in found if "http://testserver" not in words}


@pytest.fixture
def german_site(settings, request):
    settings.LANGUAGE_CODE = "de"
    request.getfixturevalue("marked")


@pytest.mark.usefixtures("german_site")
def test_every_page_of_readers_is_of_the_catalogue(client, post_from_site):
    article = make_article(title="ARTICLE", slug="1")
    quiz, timed = (
        quiz_of_all_kinds(articles=[article], slug="2"),
        make_quiz(questions=0, published=False, title="TIMED"),
    )
    timed.time_limit, timed.draw_count, timed.slug = 5, 1, "3"
    make_question(timed, choices=CHOICES["single"], stem="STEM")
    timed.save()
    timed.publish(by=None)
    address, started = quiz.get_absolute_url(), post_from_site("/quizzes/3/start/", {"extension": "50"})
    unanswered = post_from_site(address, paper_data(quiz, *WRONG[:3]))
    data = paper_data(quiz, *WRONG, confirm="yes")
    (typed,) = [name for name, values in data.items() if values == ["9"]]
    sent = post_from_site(address, data)
    result = sent.headers["Location"]
    Correction.objects.create(quiz=quiz, last_edition=1, question=1, action="disregard", note="NOTE")
    pages = {
        "paper": client.get(address),
        "a start": client.get("/quizzes/3/"),
        "a started paper": client.get(started.headers["Location"]),
        "unanswered": unanswered,
        "invalid": post_from_site(address, data | {typed: ["ZZ", "ZZ"]}),
        "no ticket": post_from_site(address, {}),
        "a step": post_from_site(address, data | {"go": "2"}),
        "result": client.get(result),
        "print": client.get(f"{result}print/"),
        "list": client.get("/quizzes/"),
        "article": client.get(article.get_absolute_url()),
    }

    found = {name: words_of(page) for name, page in pages.items()}

    assert {name: words for name, words in found.items() if words} == {}
    assert "⟦" in html.unescape(client.get("/quizzes/feed.xml").content.decode())


@pytest.mark.usefixtures("german_site")
def test_readers_of_a_german_site_type_numbers_as_before_and_read_points_with_a_comma(client, post_from_site):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, "numeric", [({"text": "3.14", "tolerance": "0"}, 100)])
    make_question(quiz, "multiple", [("AA", 50), ("BB", 50), ("CC", 0)])
    quiz.publish(by=None)

    for typed in ("3,14", "3.14", "314e-2"):
        result = post_from_site(quiz.get_absolute_url(), paper_data(quiz, typed, "AA")).headers["Location"]
        page = client.get(result).content.decode()
        assert 'data-score="1,5"' in page


def test_a_quiz_has_the_direction_of_its_own_text(client, post_from_site):
    quiz = make_quiz(questions=0, published=False, title="اختبار")
    make_question(quiz, choices=[("نعم", 100, "صحيح"), ("لا", 0)], stem="هل هذا سؤال؟", explanation="لأن")
    quiz.publish(by=None)

    paper = client.get(quiz.get_absolute_url()).content.decode()
    result = client.get(post_from_site(quiz.get_absolute_url(), paper_data(quiz, "نعم")).headers["Location"])

    assert '<h1 dir="auto">اختبار</h1>' in paper and "<bdi>هل هذا سؤال؟</bdi>" in paper
    assert '<span dir="auto">نعم</span>' in paper
    assert re.search(r'<div class="why" dir="auto">\s*<p>لأن</p>', result.content.decode())
    assert re.search(r'<div class="feedback" dir="auto"><p>صحيح</p>', result.content.decode())


def admin(name: str, *arguments) -> str:
    return reverse(f"admin:quizzes_{name}", args=arguments)


@pytest.mark.usefixtures("marked", "owner")
def test_every_page_of_the_admin_of_quizzes_is_of_the_catalogue(client, post_from_site):
    quiz = quiz_of_all_kinds(slug="2")
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, *WRONG, confirm="yes"))
    FunnelCount.objects.create(edition=quiz.current_edition, stage="seen", count=1)
    first = quiz.questions_in_order()[0]
    make_question(quiz, "multiple", [("AA", 10), ("BB", 0)], stem="STEM", explanation="WHY", category=first.category)
    Correction.objects.create(quiz=quiz, last_edition=1, question=first.pk, action="disregard", note="NOTE")
    pages = [
        *(admin(f"{model}_changelist") for model in ("quiz", "question", "bankcategory", "questiontag")),
        *(admin(f"{model}_changelist") for model in ("edition", "attempt")),
        *(admin(f"{model}_add") for model in ("quiz", "question", "bankcategory", "questiontag")),
        *(admin(f"quiz_{name}", quiz.pk) for name in ("change", "delete", "statistics", "export", "correct")),
        admin("quiz_correct", quiz.pk) + f"?question={quiz.questions_in_order()[1].pk}",
        admin("quiz_import"),
        *(admin("question_change", question.pk) for question in quiz.questions_in_order()),
    ]

    found = {page: unmarked(client.get(page).content.decode()) - NAMES for page in pages}

    assert {page: words for page, words in found.items() if words} == {}


@pytest.mark.usefixtures("german_site", "owner")
def test_what_an_english_desk_makes_for_german_readers_is_in_their_language(client, settings):
    settings.DESK_LANGUAGE = "en"
    quiz = quiz_of_all_kinds(slug="2")

    preview = client.post(admin("quiz_preview", quiz.pk), {"ticket": Ticket(0).sealed()}).content.decode()
    client.post(admin("quiz_changelist"), {"action": "archive", "_selected_action": [quiz.pk]})

    assert "Back to editing" in preview and '<div class="alert" lang="en"' in preview
    assert "⟦You got 0 of 9⟧" in preview and "⟦Not answered: 0 of 1⟧" in preview
    stored = {snapshot.pk: snapshot.difficulty_name for snapshot in snapshots.stored_quizzes()}
    assert stored[quiz.pk] == "⟦Beginner⟧"


FILES = {
    "1.gift": "::A::S {=AA ~%X%}\n\nS {\n\nS {=A -> }\n\nS\n\n::B::S {=AA ~BB}",
    "2.txt": "STEM\nA. AA\n\nANSWER: A\n\nSTEM\nA. AA\nB. BB\nANSWER: Z\n",
    "3.json": '{"format": "publishing-quiz", "version": 1, "questions": [{"kind": "ZZ"}, {"stem": 1}, {"ZZ": 2}]}',
    "4.json": "{}",
    "5.xml": '<quiz><question type="multichoice"/><question type="ZZ"/></quiz>',
    "6.xml": "<quiz>",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("marked", "owner")
def test_what_is_wrong_with_a_file_is_of_the_catalogue(client, name):
    file = SimpleUploadedFile(name, FILES[name].encode())

    page = client.post(admin("quiz_import"), {"file": file, "text": "", "quiz": "", "title": "TITLE"})

    assert unmarked(page.content.decode()) == set()
