from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from quizzes.models import Attempt, Edition

from .factories import make_quiz


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_attempt_even_when_both_arrive_at_once():
    edition = make_quiz().current_edition
    question = edition.questions[0]
    answers = {question["id"]: [question["choices"][0]["id"]]}

    def hand_in(_):
        try:
            return Edition.objects.get(pk=edition.pk).hand_in(answers, "0" * 32).token
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(hand_in, range(8)))

    assert len(tokens) == Attempt.objects.count() == 1
