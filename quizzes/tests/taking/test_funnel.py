import pytest

from quizzes.models import FunnelCount
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
AGENT = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64)"}


@pytest.fixture
def quiz():
    return make_quiz(questions=4)


@pytest.fixture
def tell(post_from_site, quiz):
    def tell(headers=AGENT, **data):
        data = {"edition": quiz.current_edition.pk} | data
        response = post_from_site(f"{quiz.get_absolute_url()}progress/", data, headers=headers)
        assert (response.status_code, response.content, dict(response.cookies)) == (204, b"", {})

    return tell


def counts():
    return {(row.stage, row.answered): row.count for row in FunnelCount.objects.all()}


def test_browsers_that_saw_started_and_answered_are_counted(tell):
    for _ in range(3):
        tell(stage="seen")
    tell(stage="started")
    tell(stage="answered", answered=2)
    tell(stage="answered", answered=4, before=2)
    tell(stage="answered", answered=1)

    assert counts() == {
        ("seen", 0): 3, ("started", 0): 1,
        ("answered", 1): 2, ("answered", 2): 1, ("answered", 3): 1, ("answered", 4): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        {}, {"stage": "finished"}, {"stage": "answered"}, {"stage": "answered", "answered": "5"},
        {"stage": "answered", "answered": "0"}, {"stage": "answered", "answered": "2", "before": "2"},
        {"stage": "answered", "answered": "1e9"}, {"stage": "seen", "edition": "0"}, {"stage": "seen", "edition": "x"},
        {"stage": "seen", "edition": str(2**70)}, {"stage": "seen\x00"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_answered_and_not_counted(tell, data):
    tell(**data)

    assert counts() == {}


@pytest.mark.parametrize(
    "headers", [{"user-agent": "Googlebot/2.1"}, AGENT | {"sec-fetch-site": "cross-site"}, {"user-agent": ""}]
)
def test_programs_and_other_sites_are_not_counted(tell, headers):
    tell(headers=headers, stage="seen")

    assert counts() == {}


def test_a_quiz_that_is_not_published_counts_nobody(post_from_site):
    quiz = make_quiz()
    quiz.archive(by=None)

    assert post_from_site(f"{quiz.get_absolute_url()}progress/", {"stage": "seen"}).status_code == 410
