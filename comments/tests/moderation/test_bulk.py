"""Bulk decisions from the lists of the queues."""

import time
from datetime import timedelta
from itertools import groupby
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from comments.models import Batch, BatchItem, Comment, CommentSettings, ModerationEntry, Thread
from comments.moderation import bulk, decisions
from comments.tests.factories import make_comment
from comments.tests.queue_pages import ALL, QUEUE, act, fields_of, messages_of
from comments.tests.writing.test_parallel_comments import at_once
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("action", "status", "old"),
    [
        ("approve", "approved", "pending"), ("reject", "rejected", "pending"), ("spam", "spam", "approved"),
        ("remove", "removed", "approved"), ("restore", "pending", "rejected"),
    ],
)  # fmt: skip
def test_an_action_decides_about_many_and_says_how_many(client, moderator, action, status, old):
    article = make_article()
    comments = [make_comment(article, status=old) for _ in range(3)]
    untouched = make_comment(article, status=old)

    response = act(client, action, comments)

    assert {Comment.objects.get(pk=comment.pk).status for comment in comments} == {status}
    assert Comment.objects.get(pk=untouched.pk).status == old
    assert all(comment.entries.last().moderator == moderator for comment in comments)
    assert Thread.objects.get(article=article).comment_count == Comment.objects.in_thread(article).count()
    assert messages_of(response)[0].startswith("3 ")


@pytest.mark.usefixtures("moderator")
def test_many_are_rejected_for_the_reason_chosen_beside_the_action(client):
    comments = [make_comment(), make_comment()]

    act(client, "reject", comments, reason="advertising")

    assert {comment.reason for comment in Comment.objects.all()} == {"advertising"}


@pytest.mark.usefixtures("moderator")
def test_an_action_says_why_comments_were_left_alone(client):
    waiting, decided, changed, faster, held = (
        make_comment(),
        make_comment(status="approved"),
        *map(make_comment, [None] * 3),
    )
    data = fields_of(client.get(ALL))
    Comment.objects.filter(pk=changed.pk).update(body="Something else")
    decisions.reject(faster, make_user("moderator"))
    decisions.claim(held, make_user("moderator"))
    chosen = [waiting, decided, changed, faster, held]
    data |= {"action": "approve", "_selected_action": [*(comment.pk for comment in chosen), 999_999_999]}

    said = messages_of(client.post(ALL, data, follow=True))

    outcomes = dict.fromkeys(("done", "already", "changed", "decided", "claimed", "gone"), 1)
    assert bulk.progress(Batch.objects.get()).outcomes == outcomes
    assert len(said) == len(outcomes) + 1, "and the link to all of it"
    states = {comment.pk: comment.status for comment in Comment.objects.all()}
    assert [states[comment.pk] for comment in chosen] == ["approved", "approved", "pending", "rejected", "pending"]
    assert decided.entries.count() == 1


@pytest.mark.usefixtures("moderator")
def test_what_a_colleague_decided_meanwhile_stands(client):
    comment = make_comment(status="approved")

    response = client.post(QUEUE, {"action": "spam", "_selected_action": [comment.pk]}, follow=True)

    assert bulk.progress(Batch.objects.get()).outcomes == {"decided": 1}
    assert str(comment) in messages_of(response)[0]
    assert Comment.objects.get().status == "approved"


@pytest.mark.usefixtures("moderator")
def test_one_of_very_many_that_vanished_keeps_none_of_the_others(client):
    """Two thousand in two threads. Each is a decision of its own, so ten thousand would take half a minute and
    show nothing else."""
    number, half = 2000, 1000
    articles = [make_article(), make_article()]
    first = make_comment(articles[0]).pk + 1
    numbers = range(first, first + number)
    Thread.objects.get_or_create(article=articles[1])
    Comment.objects.bulk_create(
        Comment(pk=pk, article=articles[pk % 2], path=f"{pk:012d}", name="Ann", body=f"Remark {pk}", html="<p>x</p>")
        for pk in numbers
    )
    items = [BatchItem(article_number=articles[pk % 2].pk, comment_number=pk, was="pending") for pk in numbers]
    Comment.objects.filter(pk=numbers[half]).delete()

    batch = bulk.start("approve", items, make_user("moderator"))
    assert bulk.carry_on(batch, seconds=600)

    progress = bulk.progress(batch)
    assert (progress.outcomes, progress.left) == ({"done": number - 1, "gone": 1}, 0)
    assert ModerationEntry.objects.filter(new_status="approved").count() == number - 1
    left = [half - 1, half] if numbers[half] % 2 == 0 else [half, half - 1]
    for article, approved in zip(articles, left, strict=True):
        counted = Comment.objects.in_thread(article).count()
        assert Thread.objects.get(article=article).comment_count == counted == approved


@pytest.mark.usefixtures("moderator")
def test_a_whole_queue_is_decided_about_with_few_messages(client, monkeypatch):
    monkeypatch.setattr(bulk, "SECONDS", 60)
    article = make_article()
    for _ in range(70):
        make_comment(article, status="approved")
    many = list(Comment.objects.all())
    page = client.get(QUEUE + "?queue=approved")
    assert "Select all 70" in page.content.decode()
    for comment in many[:30]:
        decisions.claim(comment, make_user("moderator") if comment == many[0] else many[0].claimed_by)
    Comment.objects.filter(pk__in=[comment.pk for comment in many[:30]]).update(
        claimed_by=make_user("moderator"), claimed_until=timezone.now() + timedelta(minutes=5)
    )
    data = fields_of(page) | {"action": "spam", "_selected_action": [many[0].pk], "select_across": "1"}

    said = messages_of(client.post(QUEUE + "?queue=approved", data, follow=True))

    assert said[0] == "40 marked as spam."
    assert len(said) == 3 and "27 more" in said[1]


def a_batch(comments, action="approve", by=None):
    items = (
        BatchItem(article_number=one.article_id, comment_number=one.pk, was=one.status, seen=one.digest)
        for one in comments
    )
    return bulk.start(action, items, by or make_user("moderator"))


@pytest.mark.usefixtures("moderator")
def test_what_one_request_does_not_reach_is_continued_to_its_end(client, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 2)
    monkeypatch.setattr(bulk, "SECONDS", -1)
    article = make_article()
    comments = [make_comment(article) for _ in range(5)]

    page = act(client, "approve", comments)

    assert Comment.objects.filter(status="approved").count() == 2
    assert "2 of 5" in page.content.decode() and "Continue" in page.content.decode()
    address = page.redirect_chain[-1][0]
    assert "4 of 5" in client.post(address, follow=True).content.decode()
    assert client.post(address, {"quiet": "1"}).json() == {"total": 5, "finished": 5, "is_finished": False}
    assert client.post(address, {"quiet": "1"}).json() == {"total": 5, "finished": 5, "is_finished": True}
    assert "5 approved." in client.get(address).content.decode()
    assert Comment.objects.filter(status="approved").count() == 5
    assert ModerationEntry.objects.filter(batch=Batch.objects.get()).count() == 5


def test_what_changed_before_its_turn_is_left_alone(monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 1)
    article = make_article()
    comments = [make_comment(article) for _ in range(3)]
    batch = a_batch(comments)
    bulk.carry_on(batch, seconds=-1)
    Comment.objects.filter(pk=comments[1].pk).update(body="Something else")
    decisions.reject(comments[2], make_user("moderator"))

    assert bulk.carry_on(batch)

    progress = bulk.progress(batch)
    assert progress.outcomes == {"done": 1, "changed": 1, "decided": 1}
    assert progress.named["changed"] == [comments[1]]
    assert not BatchItem.objects.exclude(seen="").exists()


def test_of_an_interrupted_chunk_nothing_stays(monkeypatch):
    article = make_article()
    batch = a_batch([make_comment(article), make_comment(article)])

    def fails(comment, by, **shown):
        if comment.pk == Comment.objects.order_by("pk").last().pk:
            raise RuntimeError
        return decisions.approve(comment, by, **shown)

    monkeypatch.setitem(bulk.VERBS, "approve", fails)
    with pytest.raises(RuntimeError):
        bulk.carry_on(batch)
    assert not Comment.objects.filter(status="approved").exists() and bulk.progress(batch).left == 2

    monkeypatch.setitem(bulk.VERBS, "approve", decisions.approve)
    assert bulk.carry_on(batch)
    assert bulk.progress(batch).outcomes == {"done": 2}


def test_a_bulk_decision_is_undone_as_one_but_for_what_happened_since(client, moderator):
    article = make_article()
    waiting, reported, removed = make_comment(article), make_comment(article, status="approved"), make_comment(article)
    batch = a_batch([waiting, reported, removed], "spam")
    bulk.carry_on(batch)
    decisions.remove(removed, make_user("moderator"))
    path = reverse("admin:comments_batch_undo", args=[batch.pk])

    page = client.post(path, follow=True)

    statuses = [Comment.objects.get(pk=comment.pk).status for comment in (waiting, reported, removed)]
    assert statuses == ["pending", "approved", "removed"]
    assert page.context["progress"].outcomes == {"done": 2, "decided": 1}
    assert {entry.undoes.batch for entry in ModerationEntry.objects.exclude(undoes=None)} == {batch}
    assert messages_of(client.post(path, follow=True)) and Batch.objects.count() == 2
    assert Thread.objects.get(article=article).comment_count == 1


def test_undoing_a_batch_that_is_not_finished_stops_it(monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 1)
    article, moderator = make_article(), make_user("moderator")
    batch = a_batch([make_comment(article), make_comment(article)])
    bulk.carry_on(batch, seconds=-1)

    assert bulk.carry_on(bulk.undo(batch, moderator))
    assert bulk.carry_on(batch)

    assert set(Comment.objects.values_list("status", flat=True)) == {"pending"}


@pytest.mark.parametrize("role", ["editor", "author", None])
def test_only_who_decides_continues_or_undoes_a_batch(client, role):
    batch = a_batch([make_comment()])
    if role:
        client.force_login(make_user(role))
    for name in ("change", "undo"):
        path = reverse(f"admin:comments_batch_{name}", args=[batch.pk])
        assert client.post(path).status_code == (403 if role else 302)
    assert Comment.objects.get().status == "pending"


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("number", ["0", "999999999", "9" * 30, "abc", "%00", "-1"])
def test_a_batch_that_there_is_not_is_not_found(client, number):
    for path in (f"/admin/comments/batch/{number}/change/", f"/admin/comments/batch/{number}/undo/"):
        assert client.post(path).status_code == 404


@pytest.mark.usefixtures("moderator")
def test_the_list_of_bulk_decisions_says_what_it_is_before_there_is_any(client):
    html = client.get("/admin/comments/batch/").content.decode()

    assert "<h1>Bulk decisions</h1>" in html
    assert 'id="nothing"' in html


@pytest.mark.django_db(transaction=True)
def test_two_who_continue_the_same_batch_at_once_decide_about_each_once():
    article = make_article()
    batch = a_batch([make_comment(article) for _ in range(12)])

    at_once(*[lambda: bulk.carry_on(batch, seconds=600)] * 3)

    assert bulk.progress(batch).outcomes == {"done": 12}
    assert ModerationEntry.objects.filter(batch=batch).count() == 12


def test_no_transaction_decides_about_two_articles_and_none_about_very_many(monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 3)
    articles = [make_article(), make_article()]
    comments = [make_comment(article) for _ in range(5) for article in articles]
    seen = []

    def note(comment, by, **shown):
        seen.append((connection.savepoint_ids[-1], Comment.objects.get(pk=comment.pk)))

    monkeypatch.setitem(bulk.VERBS, "approve", note)
    bulk.carry_on(a_batch(comments), seconds=600)

    together = [[comment for _, comment in rows] for _, rows in groupby(seen, key=lambda pair: pair[0])]
    assert [len(rows) for rows in together] == [3, 2, 3, 2]
    assert all(len({comment.article_id for comment in rows}) == 1 for rows in together)
    ordered = [(comment.article_id, comment.pk) for rows in together for comment in rows]
    assert ordered == sorted((comment.article_id, comment.pk) for comment in comments)


@pytest.mark.django_db(transaction=True)
def test_many_decisions_and_one_that_schedules_a_mail_do_not_wait_for_each_other_for_ever():
    """Both are put back into the queue, which is told to moderators by mail: a lock on the settings."""
    CommentSettings(digest_hours=4).save()
    first, second = sorted((make_comment(status="rejected") for _ in range(2)), key=lambda c: c.article_id)
    many, other = make_user("moderator"), make_user("moderator")
    CommentSettings.objects.update(digest_due_at=None)
    has_thread = Event()

    def one():
        with transaction.atomic():
            decisions.locked(second)
            has_thread.set()
            # Until the others have the first thread and the settings, and wait for this one.
            time.sleep(1)
            return decisions.restore(Comment(pk=second.pk), other)

    def all_of_them():
        has_thread.wait(5)
        batch = a_batch((first, second), "restore", many)
        bulk.carry_on(batch, seconds=600)
        return bulk.progress(batch)

    restored, progress = at_once(one, all_of_them)

    assert restored
    assert progress.outcomes == {"done": 1, "decided": 1}
    assert set(Comment.objects.values_list("status", flat=True)) == {"pending"}
