"""Comments that the script preloads: what the requests cost, and who has claimed them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, ModerationEntry
from comments.models.draft import Draft
from comments.moderation import decisions
from comments.tests.admin.test_review_page import decide, next_in, review, shown, text_of, undo_url
from comments.tests.factories import make_comment
from comments.writing import submitting
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def preloaded_fields(*comments, queue="created_at"):
    """What the script sends about the comments that its page has."""
    moment = getattr(comments[-1], queue).isoformat() if comments else ""
    return {"ahead": ",".join(str(comment.pk) for comment in comments), "moment": moment}


def waiting(number, **fields):
    article, now = make_article(), timezone.now()
    return [make_comment(article, created_at=now - timedelta(hours=number - n), **fields) for n in range(number)]


def test_a_decision_of_the_script_is_answered_with_one_more_comment(client, moderator):
    first, second, third, fourth = waiting(4)

    response = client.post(review(first), shown(first) | preloaded_fields(second, third) | {"_approve": "1"})

    assert response.status_code == 200
    assert response.context["comment"] == fourth
    assert Comment.objects.get(pk=first.pk).status == "approved"
    assert Comment.objects.get(pk=fourth.pk).claimed_by == moderator
    html = response.content.decode()
    assert "<html" not in html and f'data-comment="{fourth.pk}"' in html
    assert undo_url(first.entries.last()) in html and "Approved: " in html


def test_a_decision_renews_the_claims_of_the_page(client, moderator, clock):
    first, second, third = waiting(3)
    decisions.claim(second, moderator)
    clock.shift(timedelta(minutes=4))

    client.post(review(first), shown(first) | preloaded_fields(second) | {"_approve": "1"})

    assert Comment.objects.get(pk=second.pk).claimed_until > timezone.now() + timedelta(minutes=4)
    assert Comment.objects.get(pk=third.pk).claimed_by == moderator


@pytest.mark.usefixtures("moderator")
def test_after_the_last_comment_there_is_none_while_the_page_has_some(client):
    first, second = waiting(2)

    response = client.post(review(first), shown(first) | preloaded_fields(second) | {"_approve": "1"})
    assert response.status_code == 200 and "data-comment" not in response.content.decode()

    response = client.post(review(second), shown(second) | preloaded_fields() | {"_approve": "1"})
    assert "The queue is empty" in text_of(response) and "<html" not in response.content.decode()


def test_what_was_passed_over_comes_round_when_the_page_has_no_other(client, moderator):
    first, second = waiting(2)

    response = client.post(next_in(), {"after": second.pk} | preloaded_fields())

    assert response.context["comment"] == first


def test_passing_over_lets_a_colleague_have_it_and_going_back_keeps_what_is_shown(client, moderator, colleague):
    first, second, third = waiting(3)
    decisions.claim(first, moderator)

    response = client.post(next_in(), {"after": first.pk} | preloaded_fields(second))
    assert response.context["comment"] == third
    assert Comment.objects.get(pk=first.pk).claimed_by is None

    decisions.claim(second, moderator)
    response = client.post(next_in(), {"before": second.pk} | preloaded_fields(second, third))
    assert response.context["comment"] == first
    assert not decisions.claim(second, colleague)


def test_a_page_that_is_left_gives_up_what_it_fetched(client, moderator, colleague):
    first, second = waiting(2)
    decisions.claim(second, moderator)
    decisions.claim(first, colleague)

    assert client.post(next_in(), preloaded_fields(first, second) | {"release": "1"}).status_code == 204

    assert [comment.claimed_by for comment in Comment.objects.order_by("pk")] == [colleague, None]


@pytest.mark.usefixtures("moderator")
def test_a_preloaded_comment_that_a_colleague_decided_is_refused_and_shown(client, colleague):
    first, second = waiting(2)
    before = shown(first)
    decisions.reject(first, colleague, "off-topic")

    response = client.post(review(first), before | preloaded_fields(second) | {"_approve": "1"})

    assert response.status_code == 409
    assert response.context["refusal"]["what"] == "decided" and "<html" not in response.content.decode()
    assert response.context["comment"] == first
    assert Comment.objects.get(pk=first.pk).status == "rejected"


@pytest.mark.usefixtures("moderator")
def test_a_preloaded_comment_that_its_writer_changed_is_refused_with_the_difference(client):
    first, second = waiting(2)
    before = shown(first)
    submitting.revise(first, Draft(first.name, "Something else"))

    response = client.post(review(first), before | preloaded_fields(second) | {"_approve": "1"})

    assert response.status_code == 409 and "<ins>" in response.content.decode()
    assert Comment.objects.get(pk=first.pk).status == "pending"


@pytest.mark.usefixtures("moderator")
def test_a_preloaded_comment_whose_claim_ended_is_the_colleagues(client, colleague, clock):
    first, second = waiting(2)
    client.post(next_in(), {"after": first.pk} | preloaded_fields(first))
    clock.shift(timedelta(minutes=6))
    assert decisions.claim(second, colleague)

    response = client.post(review(second), shown(second) | preloaded_fields() | {"_approve": "1"})

    assert response.status_code == 409 and response.context["refusal"]["what"] == "claimed"


@pytest.mark.usefixtures("moderator")
def test_undoing_shows_the_comment_again_and_keeps_the_others(client):
    first, second = waiting(2)
    decide(client, first, "reject", "unkind")

    response = client.post(undo_url(first.entries.last()) + "?queue=pending", preloaded_fields(second))

    assert response.context["comment"] == first and "<html" not in response.content.decode()
    assert "Undone." in text_of(response)


@pytest.mark.usefixtures("moderator")
def test_an_empty_queue_leads_to_the_next_one_in_which_something_waits(client):
    comment, suspect = make_comment(), make_comment()
    Comment.objects.filter(pk=suspect.pk).update(is_suspect=True)

    html = decide(client, comment, "approve").content.decode()
    assert 'data-key="n"' in html and "Suspect: 1" in text_of(client.get(next_in(), follow=True))
    assert client.post(next_in("suspect"), follow=True).context["comment"] == suspect

    decisions.approve(suspect, make_user("moderator"))
    assert 'data-key="n"' not in client.get(next_in(), follow=True).content.decode()


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize(
    "sent", [{"ahead": "x"}, {"ahead": "1,"}, {"ahead": "1", "moment": "soon"}, {"ahead": "9" * 30}, {"ahead": "\x00"}]
)
def test_impossible_numbers_are_refused(client, sent):
    comment = make_comment()

    assert client.post(next_in(), sent).status_code == 400
    assert client.post(review(comment), shown(comment) | sent | {"_approve": "1"}).status_code == 400
    assert Comment.objects.get().status == "pending"


def test_only_who_decides_preloads_comments(client):
    waiting(2)
    client.force_login(make_user("editor"))

    assert client.post(next_in(), preloaded_fields()).status_code == 403
    assert client.post(next_in(), preloaded_fields() | {"release": "1"}).status_code == 403


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("verb", ["approve", "reject", "spam"])
def test_a_decision_with_the_next_comment_takes_twenty_queries_at_most(client, count_queries, verb):
    comments, numbers = waiting(20), []
    Comment.objects.update(reader="a" * 32)
    value = "unkind" if verb == "reject" else "1"

    def go(n):
        sent = shown(comments[n]) | preloaded_fields(*comments[n + 1 : n + 3]) | {f"_{verb}": value}
        assert client.post(review(comments[n]), sent).status_code == 200

    for n in range(2):
        go(n)
    for n in (2, 12):
        with count_queries() as queries:
            go(n)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 20
    assert ModerationEntry.objects.exclude(old_status="").count() >= 4
