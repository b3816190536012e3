"""An editor's answer that is sent twice."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Thread
from comments.moderation import decisions
from comments.tests.factories import make_comment
from comments.tests.writing.test_parallel_comments import at_once
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db

SAID = {"_answer": "1", "body": "Thank you.", "name": "Ines Okafor"}


@pytest.fixture
def answering(client, moderator):
    """A moderator who may answer in the publication's name too."""
    moderator.user_permissions.add(Permission.objects.get(codename="answer_comment"))
    return moderator


def review(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk]) + "?queue=approved"


@pytest.mark.usefixtures("answering")
def test_an_answer_sent_twice_stands_once_and_the_second_leads_to_the_first(client):
    comment = make_comment(status="approved")
    client.post(review(comment), SAID)

    again = client.post(review(comment), SAID, follow=True)

    answer = Comment.objects.get(parent=comment)
    assert again.context["comment"] == answer and "queue=approved" in again.redirect_chain[-1][0]
    assert [message.level_tag for message in again.context["messages"]] == ["success", "info"]
    assert Thread.objects.get(article=comment.article).comment_count == 2


def test_another_answer_another_account_and_one_that_was_removed_can_be_answered_again(client, answering):
    comment, other = make_comment(status="approved"), make_comment(status="approved")
    for about, fields in ((comment, {}), (comment, {"body": "Thank you!"}), (other, {})):
        client.post(review(about), SAID | fields)
    decisions.remove(Comment.objects.get(parent=other), answering)
    client.post(review(other), SAID)
    client.force_login(make_user("editor"))
    client.post(review(comment), SAID)

    assert Comment.objects.filter(parent=comment).count() == 3
    assert Comment.objects.filter(parent=other).count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_answer_pressed_several_times_at_once_stands_once(client, answering):
    comment = make_comment(status="approved")

    def press():
        one = Client()
        one.force_login(answering)
        return one.post(review(comment), SAID).status_code

    assert at_once(*[press] * 3) == [302] * 3
    assert Comment.objects.filter(parent=comment).count() == 1
