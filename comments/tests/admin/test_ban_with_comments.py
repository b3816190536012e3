"""A ban with a decision about the comments of the banned: one form, one undo, then the next comment."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Ban, Batch, Comment, EmailAddress, ModerationEntry, Thread
from comments.moderation import bulk, decisions
from comments.tests.factories import comment_url, make_comment, sent
from comments.tests.rule_pages import BAN, ban_data, errors_of, hidden, text_of
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

READER, OTHER = "a" * 32, "b" * 32


def write(article, number, status="pending", reader=READER, **fields):
    comments = [make_comment(article, status=status) for _ in range(number)]
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).update(reader=reader, **fields)
    return list(Comment.objects.filter(pk__in=[comment.pk for comment in comments]))


def statuses(comments):
    return [Comment.objects.get(pk=comment.pk).status for comment in comments]


def path_of(comment, kind="reader", more="&queue=pending"):
    return f"{BAN}?comment={comment.pk}&kind={kind}{more}"


@pytest.fixture
def spam():
    """Three that wait and two that are published, of one browser, in two threads; and one that waits of another."""
    first, second = make_article(), make_article()
    return {
        "waiting": write(first, 2) + write(second, 1),
        "published": write(second, 2, "approved"),
        "other": write(first, 1, reader=OTHER),
    }


def test_the_dialogue_says_how_many_and_offers_what_is_sensible(client, moderator, spam):
    page = client.get(path_of(spam["waiting"][0]))

    text, html = text_of(page), page.content.decode()
    assert "Their 3 waiting comments" in text and "Remove their 2 published comments" in text
    assert '<option value="spam" selected>' in html
    assert 'name="published"' in html and "checked" not in html[html.index('name="published"') :][:80]


def test_a_ban_decides_everything_that_was_chosen_and_opens_the_next_comment(client, moderator, spam):
    response = client.post(
        path_of(spam["waiting"][0]), ban_data(waiting="spam", published="on", reason="Spam"), follow=True
    )

    assert Ban.objects.get().value == READER
    assert statuses(spam["waiting"]) == ["spam"] * 3
    assert statuses(spam["published"]) == ["removed"] * 2
    assert statuses(spam["other"]) == ["pending"]
    assert response.context["comment"] == spam["other"][0]
    assert Comment.objects.get(pk=spam["other"][0].pk).claimed_by == moderator
    text = text_of(response)
    assert f"The browser that wrote comment {spam['waiting'][0].pk} is banned." in text
    assert "2 removed, 3 marked as spam." in text
    for article in {comment.article for comment in spam["waiting"]}:
        assert Thread.objects.get(article=article).comment_count == Comment.objects.in_thread(article).count() == 0
    entries = ModerationEntry.objects.filter(batch=Batch.objects.get())
    assert {entry.moderator for entry in entries} == {moderator} and entries.count() == 5


def test_all_of_it_is_undone_as_one(client, moderator, spam):
    page = client.post(path_of(spam["waiting"][0]), ban_data(waiting="reject", published="on"), follow=True)
    assert statuses(spam["waiting"]) == ["rejected"] * 3
    undo = reverse("admin:comments_batch_undo", args=[Batch.objects.get().pk])
    assert undo in page.content.decode()

    page = client.post(undo + "?queue=pending", follow=True)

    assert not Ban.objects.exists()
    assert statuses(spam["waiting"]) == ["pending"] * 3
    assert statuses(spam["published"]) == ["approved"] * 2
    assert Thread.objects.get(article=spam["published"][0].article).comment_count == 2
    assert "5 undone." in text_of(page)


def test_a_ban_can_leave_everything_as_it_is(client, moderator, spam):
    client.post(path_of(spam["waiting"][0]), ban_data(waiting=""))

    assert Ban.objects.exists()
    assert statuses(spam["waiting"] + spam["published"]) == ["pending"] * 3 + ["approved"] * 2


def test_what_a_colleague_has_open_is_decided_too(client, moderator, colleague, spam):
    decisions.claim(spam["waiting"][1], colleague)

    client.post(path_of(spam["waiting"][0]), ban_data(waiting="spam"))

    assert statuses(spam["waiting"]) == ["spam"] * 3


def test_answers_below_what_is_removed_are_hidden_and_come_back(client, moderator):
    article = make_article()
    published = write(article, 1, "approved")[0]
    answer = make_comment(article, status="approved", parent=published)

    client.post(path_of(published, more="&queue=approved"), ban_data(published="on"))
    assert not Comment.objects.get(pk=answer.pk).is_visible
    assert Thread.objects.get(article=article).comment_count == 0

    client.post(reverse("admin:comments_batch_undo", args=[Batch.objects.get().pk]))
    assert Comment.objects.get(pk=answer.pk).is_visible
    assert Thread.objects.get(article=article).comment_count == 2


def test_by_e_mail_address_everything_of_its_browsers_is_meant(client, moderator, spam):
    address = EmailAddress.objects.create(reader=OTHER, email="Ann+x@gmail.com")
    EmailAddress.objects.create(reader="c" * 32, email="a.n.n@gmail.com")
    with_address = write(make_article(), 1, reader=OTHER, notify=address)
    without = write(make_article(), 1, reader="c" * 32)

    page = client.get(path_of(with_address[0], "email"))
    assert "Their 3 waiting comments" in text_of(page)
    client.post(path_of(with_address[0], "email"), ban_data(waiting="spam"))

    assert statuses(with_address + without + spam["other"]) == ["spam"] * 3
    assert statuses(spam["waiting"]) == ["pending"] * 3


@pytest.mark.parametrize(("breadth", "expected"), [("one", ["spam", "pending"]), ("range", ["spam", "spam"])])
def test_by_network_only_what_is_chosen_and_can_be_told(client, post_from_site, breadth, expected):
    article = make_article()
    for number in (7, 9):
        post_from_site(comment_url(article), sent(body=f"Buy {number}"), REMOTE_ADDR=f"203.0.113.{number}")
        client.cookies.clear()
    client.force_login(make_user("moderator"))
    first, second = Comment.objects.order_by("pk")
    page = client.get(path_of(first, "network"))
    assert "1 waiting, 0 published" in text_of(page) and "2 waiting, 0 published" in text_of(page)
    assert '<option value="" selected>' in page.content.decode()

    shown = client.post(path_of(first, "network"), ban_data(breadth=breadth, waiting="spam"))
    assert f"{expected.count('spam')} waiting: mark as spam" in text_of(shown)
    client.post(path_of(first, "network"), hidden(shown) | {"_confirmed": "1"})

    assert statuses([first, second]) == expected


@pytest.mark.usefixtures("moderator")
def test_a_range_that_is_typed_finds_what_came_from_it_on_every_day(client, post_from_site, clock):
    article = make_article()
    for number in (7, 9):
        post_from_site(comment_url(article), sent(body=f"Buy {number}"), REMOTE_ADDR=f"203.0.113.{number}")
        clock.shift(timedelta(days=1))
    client.force_login(make_user("moderator"))

    shown = client.post(BAN, ban_data(whom="203.0.113.0/24", waiting="spam"))
    assert "2 waiting: mark as spam" in text_of(shown)
    client.post(BAN, hidden(shown) | {"_confirmed": "1"})

    assert set(Comment.objects.values_list("status", flat=True)) == {"spam"}


@pytest.mark.usefixtures("moderator")
def test_of_a_range_too_wide_to_tell_nothing_is_decided(client):
    response = client.post(BAN, ban_data(whom="2001:db8::/32", waiting="spam", _confirmed="1"))

    assert "__all__" in errors_of(response) and not Ban.objects.exists()


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("value", ["approve", "x", "\x00"])
def test_no_other_decision_comes_with_a_ban(client, value):
    comment = write(make_article(), 1)[0]

    response = client.post(path_of(comment), ban_data(waiting=value))

    assert response.status_code == 200 and not Ban.objects.exists()
    assert statuses([comment]) == ["pending"]


def test_more_than_one_request_holds_is_continued_on_a_page(client, moderator, spam, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 1)
    monkeypatch.setattr(bulk, "SECONDS", -1)

    page = client.post(path_of(spam["waiting"][0]), ban_data(waiting="spam"), follow=True)

    assert "1 of 3" in page.content.decode() and "Next comment" in page.content.decode()
    for _ in range(3):
        client.post(page.redirect_chain[-1][0])
    assert statuses(spam["waiting"]) == ["spam"] * 3


def test_the_notice_of_a_ban_is_its_moderators_and_passes(client, moderator, spam, clock):
    page = client.post(path_of(spam["waiting"][0]), ban_data(waiting="spam"), follow=True)
    address = page.redirect_chain[-1][0]
    assert "is banned" in text_of(client.get(address))

    clock.shift(timedelta(hours=1, minutes=1))
    assert "is banned" not in text_of(client.get(address))
    assert Ban.objects.filter(created_at__lt=timezone.now()).exists()
    for number in ("abc", "9" * 30):
        assert client.get(address.split("batch=")[0] + f"batch={number}").status_code == 200


def test_the_last_comment_of_a_queue_leads_to_an_empty_queue_with_undo(client, moderator):
    comment = write(make_article(), 1)[0]

    page = client.post(path_of(comment), ban_data(waiting="spam"), follow=True)

    assert "The queue is empty" in text_of(page)
    assert reverse("admin:comments_batch_undo", args=[Batch.objects.get().pk]) in page.content.decode()
