"""The cards that other sites show with a link to a quiz or a result."""

import re

import pytest
from django.test import Client

from articles.tests.covers.test_share_cards import TITLE, card_of, has_ink, metas
from quizzes.tests.factories import make_quiz, paper_data

pytestmark = pytest.mark.django_db


def result_of(quiz, *answers):
    return (
        Client()
        .post(quiz.get_absolute_url(), paper_data(quiz, *answers), headers={"sec-fetch-site": "same-origin"})
        .headers["Location"]
    )


def test_a_quiz_has_a_card_with_its_title(client):
    quiz = make_quiz(title="Locks")

    assert has_ink(card_of(client, quiz.get_absolute_url()), TITLE)
    assert "Locks. 2 questions" in metas(client, quiz.get_absolute_url())["og:image:alt"]
    assert "/card-" in metas(client, "/quizzes/")["og:image"]


def test_a_result_has_a_card_with_the_score_and_no_answer(client):
    quiz = make_quiz()
    right, wrong = result_of(quiz, "Right", "Right"), result_of(quiz, "Right", "Wrong")

    assert card_of(client, right).tobytes() != card_of(client, wrong).tobytes()
    head = client.get(wrong).content.decode().split("</head>")[0]
    assert re.search(r'og:image:alt" content="[^"]*1 of 2 points"', head)
    assert "Right" not in head and "Wrong" not in head
