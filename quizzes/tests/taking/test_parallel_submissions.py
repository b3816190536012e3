from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from quizzes.models import Attempt
from quizzes.taking import submitting
from quizzes.tests.factories import make_paper, make_quiz


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_attempt_even_when_both_arrive_at_once():
    paper = make_paper(make_quiz())
    question = paper.questions[0]
    answers = {str(question["id"]): [question["choices"][0]["id"]]}

    def submit(_):
        try:
            return submitting.submit(paper, answers, sender="key:1", reader="0" * 32)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(submit, range(8)))

    assert len(tokens) == Attempt.objects.count() == 1
