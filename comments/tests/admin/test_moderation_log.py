"""The log of decisions: who decided what, when and why; and undo."""

import re

import pytest
from django.urls import reverse

from comments.models import Comment, ModerationEntry
from comments.moderation import decisions
from comments.tests.factories import make_comment
from comments.writing import submitting
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db

LOG = reverse("admin:comments_moderationentry_changelist")


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def entries_of(response):
    return list(response.context["cl"].result_list)


def test_the_record_says_who_decided_what_and_why_latest_first(client, moderator, colleague):
    comment = make_comment(name="Ada", body="The text itself")
    decisions.reject(comment, colleague, "unkind", "Too sharp.")
    decisions.approve(comment, moderator)

    response = client.get(LOG)

    text = text_of(response)
    assert "Noor Haddad Waiting → Rejected Ada: The text itself" in text
    assert "It attacks a person instead of an opinion. Too sharp." in text
    assert [entry.new_status for entry in entries_of(response)] == ["approved", "rejected", "pending"]


def test_my_decisions_are_mine_alone(client, moderator, colleague):
    mine, others = make_comment(), make_comment()
    decisions.approve(mine, moderator)
    decisions.approve(others, colleague)
    withdrawn = make_comment()
    submitting.withdraw(withdrawn)

    assert [entry.comment for entry in entries_of(client.get(LOG, {"who": "me"}))] == [mine]
    assert [entry.comment for entry in entries_of(client.get(LOG, {"who": colleague.pk}))] == [others]
    assert withdrawn in [entry.comment for entry in entries_of(client.get(LOG, {"who": "nobody"}))]
    assert "its writer" in text_of(client.get(LOG, {"who": "nobody"}))


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("who", ["0", "99999999", "9" * 30, "abc", "%00", ""])
def test_a_moderator_that_there_is_not_is_refused(client, who):
    assert client.get(f"{LOG}?who={who}").status_code == 400


def test_only_the_last_decision_about_a_comment_can_be_undone_from_the_log(client, moderator):
    comment = make_comment()
    decisions.approve(comment, moderator)
    decisions.remove(comment, moderator)
    first, last = ModerationEntry.objects.exclude(old_status="").order_by("pk")

    response = client.get(LOG)
    assert f"{last.pk}/undo/" in response.content.decode()
    assert f"{first.pk}/undo/" not in response.content.decode()

    done = client.post(reverse("admin:comments_moderationentry_undo", args=[last.pk]), {"back": "log"}, follow=True)
    assert done.redirect_chain[-1][0] == f"{LOG}?who=me"
    assert Comment.objects.get().status == "approved"
    assert "Undone." in text_of(done)


@pytest.mark.usefixtures("moderator")
def test_the_record_outlives_the_comment(client):
    comment = make_comment()
    decisions.mark_spam(comment, make_user("moderator"))
    Comment.objects.all().delete()

    assert f"comment {comment.pk} on" in text_of(client.get(LOG))
    assert client.get(f"{LOG}{ModerationEntry.objects.last().pk}/change/").status_code == 404


@pytest.mark.usefixtures("moderator")
def test_the_record_costs_the_same_with_twelve_entries_as_with_two(client, count_queries):
    make_comment()
    client.get(LOG)
    numbers = []
    for size in (2, 12):
        while ModerationEntry.objects.count() < size:
            decisions.approve(make_comment(), make_user("moderator"))
        make_user("moderator")
        with count_queries() as queries:
            client.get(LOG)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 10


def test_editors_read_the_record_and_take_nothing_back(client):
    comment = make_comment()
    decisions.approve(comment, make_user("moderator"))
    client.force_login(make_user("editor"))

    html = client.get(LOG).content.decode()

    assert "Waiting → Approved" in html and "/undo/" not in html


@pytest.mark.parametrize("role", ["moderator", "owner"])
def test_the_log_is_read_only(client, role):
    make_comment()
    entry = ModerationEntry.objects.get()
    client.force_login(make_user(role))

    assert client.get(f"{LOG}add/").status_code == 403
    assert client.post(f"{LOG}{entry.pk}/change/", {"note": "forged"}).status_code in (302, 403)
    assert client.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LOG, {"action": "delete_selected", "_selected_action": [entry.pk]})
    assert ModerationEntry.objects.get().note == ""
