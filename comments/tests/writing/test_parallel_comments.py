"""Several people, or one impatient one, at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from comments.models import Comment, Report, Thread
from comments.moderation import decisions, reports
from comments.tests.factories import comment_url, make_comment, sent
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*tasks):
    """Run the tasks in threads that start together; returns their results in order."""
    gate = Barrier(len(tasks))

    def run(task):
        gate.wait()
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def post(article, **fields):
    return Client().post(comment_url(article), sent(**fields), headers={"sec-fetch-site": "same-origin"})


def test_a_button_pressed_twice_stores_one_comment_and_shows_one_receipt():
    article = make_article()

    answers = at_once(*[lambda: post(article)] * 4)

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.url for answer in answers}) == 1
    assert Comment.objects.count() == 1


def test_a_second_press_five_milliseconds_later_changes_nothing():
    article, reader = make_article(), Client()

    def press(delay):
        time.sleep(delay)
        return reader.post(comment_url(article), sent(), headers={"sec-fetch-site": "same-origin"})

    for _ in range(5):
        Comment.objects.all().delete()
        first, second = at_once(lambda: press(0), lambda: press(0.005))
        assert (first.status_code, second.status_code) == (303, 303)
        assert first.url == second.url
        assert Comment.objects.count() == 1


def test_of_many_texts_at_once_from_one_network_the_limit_lets_one_through():
    article = make_article()

    answers = at_once(*[lambda number=number: post(article, body=f"Text {number}") for number in range(6)])

    assert sorted(answer.status_code for answer in answers) == [303] + [429] * 5
    assert Comment.objects.count() == 1


def test_opposite_decisions_at_once_leave_a_true_count_and_a_complete_record():
    article, moderator = make_article(), make_user("moderator")
    comments = [make_comment(article) for _ in range(3)]
    verbs = [decisions.approve, decisions.mark_spam, decisions.approve, decisions.remove]

    for comment in comments:
        at_once(*[lambda verb=verb, pk=comment.pk: verb(Comment(pk=pk), moderator) for verb in verbs])

    assert Thread.objects.get(article=article).comment_count == Comment.objects.in_thread(article).count()
    for comment in comments:
        states = [(entry.old_status, entry.new_status) for entry in comment.entries.order_by("pk")]
        assert [old for old, _ in states[1:]] == [new for _, new in states[:-1]]
        assert states[-1][1] == Comment.objects.get(pk=comment.pk).status


def test_reports_and_decisions_at_once_leave_a_true_number_of_open_reports():
    comment, moderator = make_comment(status="approved"), make_user("moderator")
    tasks = [
        lambda number=number: reports.report(Comment(pk=comment.pk), f"{number:032x}", "spam") for number in range(9)
    ]
    tasks[3] = tasks[6] = lambda: decisions.approve(Comment(pk=comment.pk), moderator)

    at_once(*tasks)

    unanswered = Report.objects.filter(answered_at=None).count()
    assert Comment.objects.get().open_reports == unanswered
    assert Report.objects.count() == 7
