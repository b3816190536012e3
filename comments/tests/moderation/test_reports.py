"""Readers report a comment: once each, exactly counted, and decided by a person."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, CommentSettings, Report
from comments.moderation import decisions, reports
from comments.privacy import erasure
from comments.tests.factories import make_comment
from publishing.bases.addressed import Gone
from publishing.maintenance import announcements
from publishing.maintenance.models import State
from publishing.tests.factories import make_article, make_user
from publishing.web import limits

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


def report_url(comment):
    return reverse("comments:report", args=[comment.pk])


def open_reports(comment):
    """The stored number, which has to be the number of reports that nobody answered."""
    stored = Comment.objects.get(pk=comment.pk).open_reports
    assert stored == Report.objects.filter(comment=comment, answered_at=None).count()
    return stored


def test_the_page_shows_the_comment_and_the_reasons_to_everyone_alike(client, count_queries):
    comment = make_comment(status="approved", body="It is <b>wrong</b>.")
    client.get(report_url(comment))

    with count_queries() as queries:
        response = client.get(report_url(comment))

    html = response.content.decode()
    assert "It is &lt;b&gt;wrong&lt;/b&gt;." in html
    assert html.count('type="radio"') == 5
    assert '<meta name="robots" content="noindex">' in html
    assert response.headers["Cache-Tag"] == f"link:{comment.article_id},maintenance,thread:{comment.article_id}"
    assert "public" in response.headers["Cache-Control"] and not response.cookies
    assert len(queries) == 1


@pytest.mark.parametrize("status", ["pending", "rejected", "spam", "removed"])
def test_what_readers_do_not_see_cannot_be_reported(client, status):
    comment = make_comment(status=status)

    assert client.get(report_url(comment)).status_code == 404
    assert client.post(report_url(comment), {"reason": "spam"}, headers=OURS).status_code == 404
    assert not Report.objects.exists()


def test_an_answer_to_a_hidden_comment_and_an_erased_one_cannot_be_reported(client):
    parent = make_comment(status="approved")
    reply = make_comment(parent.article, parent=parent, status="approved")
    erased = make_comment(status="approved")
    erasure.erase([erased])
    decisions.remove(parent, make_user("moderator"))

    assert client.get(report_url(reply)).status_code == 410
    assert client.get(report_url(erased)).status_code == 410


def test_a_report_counts_once_for_each_reader_and_gets_the_same_thanks(post_from_site):
    comment = make_comment(status="approved")

    answers = [post_from_site(report_url(comment), {"reason": reason}) for reason in ("spam", "unkind")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert "Thank you" in answers[0].content.decode()
    assert "reader" in answers[0].cookies
    assert Report.objects.get().reason == "spam"
    assert open_reports(comment) == 1


def test_three_readers_bring_it_to_the_queue_and_it_stays_on_the_page(client):
    comment = make_comment(status="approved")
    threshold = CommentSettings.current().report_threshold
    for number in range(3):
        assert not Comment.objects.reported(threshold).exists()
        address = f"192.0.2.{number}"
        answer = Client().post(report_url(comment), {"reason": "wrong"}, headers=OURS, REMOTE_ADDR=address)
        assert answer.status_code == 200, number

    assert Comment.objects.reported(threshold).get() == comment
    assert comment.body in client.get(comment.article.get_absolute_url()).content.decode()


def test_one_network_without_cookies_counts_once_even_when_its_hash_has_changed(clock):
    clock.move_to(datetime(2026, 3, 10, 23, 58, tzinfo=UTC))
    comment, other = (
        make_comment(status="approved"),
        make_comment(status="approved"),
    )

    def send(address, comment=comment):
        return Client().post(report_url(comment), {"reason": "spam"}, headers=OURS, REMOTE_ADDR=address)

    answers = [send("192.0.2.1") for _ in range(3)]
    clock.shift(timedelta(minutes=4))
    answers.append(send("192.0.2.1"))

    assert len({answer.content for answer in answers}) == 1 and answers[0].status_code == 200
    assert open_reports(comment) == 1
    assert [send("192.0.2.1", other).status_code, open_reports(other)] == [200, 1]
    assert [send("192.0.2.2").status_code, open_reports(comment)] == [200, 2]
    assert [send("2001:db8::1").status_code, send("2001:db8::2").status_code, open_reports(comment)] == [200, 200, 3]
    assert "192.0.2" not in str(list(Report.objects.values()))


def test_where_the_server_is_told_no_address_each_reader_counts():
    comment = make_comment(status="approved")

    for _ in range(3):
        Client().post(report_url(comment), {"reason": "spam"}, headers=OURS, REMOTE_ADDR="")

    assert open_reports(comment) == 3


def test_what_a_report_costs(count_queries):
    comment = make_comment(status="approved")
    reports.report(comment, "a" * 32, "spam", "192.0.2.1")

    with count_queries() as queries:
        assert reports.report(comment, "b" * 32, "spam", "192.0.2.2")
    assert len(queries) <= 6


def test_how_many_it_takes_is_a_setting():
    comment = make_comment(status="approved")
    CommentSettings(report_threshold=1).save()

    reports.report(comment, "a" * 32, "other")

    assert Comment.objects.reported(CommentSettings.current().report_threshold).get() == comment


def test_a_comment_that_a_moderator_keeps_is_out_of_the_queue_until_others_report_it():
    comment, moderator = make_comment(status="approved"), make_user("moderator")
    readers = [letter * 32 for letter in "abc"]
    for reader in readers:
        assert reports.report(comment, reader, "wrong")

    assert decisions.approve(comment, moderator)

    assert open_reports(comment) == 0
    assert not Comment.objects.reported(1).exists()
    assert [reports.report(comment, reader, "wrong") for reader in readers] == [False] * 3
    assert open_reports(comment) == 0
    assert reports.report(comment, "d" * 32, "wrong")
    assert open_reports(comment) == 1


def test_undoing_a_decision_opens_the_reports_again():
    comment, moderator = make_comment(status="approved"), make_user("moderator")
    reports.report(comment, "a" * 32, "wrong")
    decisions.remove(comment, moderator)
    assert open_reports(comment) == 0

    decisions.undo(comment.entries.order_by("pk").last(), moderator)

    assert open_reports(comment) == 1


def test_a_report_of_what_was_just_taken_off_the_page_is_not_stored():
    comment = make_comment(status="approved")
    decisions.remove(Comment.objects.get(pk=comment.pk), make_user("moderator"))

    with pytest.raises(Gone):
        reports.report(comment, "a" * 32, "wrong")
    assert not Report.objects.exists()


@pytest.mark.parametrize("data", [{}, {"reason": ""}, {"reason": "nonsense"}, {"reason": "spam\0"}, {"other": "x"}])
def test_a_report_without_one_of_the_reasons_is_refused_in_words(post_from_site, data):
    comment = make_comment(status="approved")

    response = post_from_site(report_url(comment), data)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"
    assert not Report.objects.exists() and not response.cookies


def assert_choice_kept(response, status):
    assert response.status_code == status
    html = response.content.decode()
    assert "checked" in re.search(r'<input[^>]*value="private"[^>]*>', html)[0]
    assert 'role="alert"' in html


def test_a_report_from_another_site_stores_nothing_and_keeps_the_choice(client):
    comment = make_comment(status="approved")

    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        assert_choice_kept(client.post(report_url(comment), {"reason": "private"}, headers=headers), 403)
    assert not Report.objects.exists()


def test_during_read_only_maintenance_the_choice_comes_back(post_from_site):
    comment = make_comment(status="approved")
    announcements.announce(State.READ_ONLY, ends_at=timezone.now() + timedelta(hours=1))

    response = post_from_site(report_url(comment), {"reason": "private"})

    assert_choice_kept(response, 503)
    assert int(response.headers["Retry-After"]) > 0
    assert not Report.objects.exists()


def test_one_network_reports_ten_times_and_is_then_told_how_long_to_wait(client):
    comments = [make_comment(status="approved") for _ in range(11)]

    answers = [client.post(report_url(comment), {"reason": "private"}, headers=OURS) for comment in comments]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert_choice_kept(answers[-1], 429)
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 600
    assert "Try again in" in answers[-1].content.decode()
    limits.reset()
    assert client.post(report_url(comments[-1]), {"reason": "private"}, headers=OURS).status_code == 200


def test_more_than_can_be_read_is_refused(client):
    comment = make_comment(status="approved")
    body = "reason=" + "x" * 10_000_000

    response = client.post(report_url(comment), body, "application/x-www-form-urlencoded", headers=OURS)

    assert response.status_code == 413


@pytest.mark.parametrize("number", ["99999999999999999999", "0", "-1", "1%20OR%201"])
def test_a_number_of_no_comment_is_not_found(client, number):
    assert client.get(f"/comments/{number}/report/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_parallel_reports_are_all_counted():
    comment = make_comment(make_article(), status="approved")

    def send(number):
        try:
            return reports.report(comment, f"{number % 12:032x}", "spam")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(send, range(24)))

    assert sum(results) == open_reports(comment) == 12
