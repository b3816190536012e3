"""What posting one comment asks of the database, and that it asks no more of a long thread."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, CommentSettings, EmailAddress, Word
from comments.models.draft import Draft, Sender
from comments.moderation import decisions
from comments.screening import bans
from comments.tests.factories import comment_url, make_comment, sent
from comments.writing import submitting
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    article = make_article()
    Word.objects.create(text="casino")
    Word.objects.create(text="viagra", severity="banned")
    make_comment(article, status="approved")
    return article


@pytest.fixture
def cost(client, post_from_site, count_queries, article):
    """Post a comment to a process that has taken some before; returns how many statements that was."""

    def post(**fields):
        for number in range(2):
            # Held whoever writes it: what appears at once is announced, and then every process reads the rules anew.
            body = f"A casino to warm up {Comment.objects.count()}"
            post_from_site(comment_url(article), sent(body=body), REMOTE_ADDR=f"198.51.100.{number}")
        Comment.objects.update(network="")
        data = sent(**{"body": f"Remark {Comment.objects.count()}"} | fields)
        with count_queries() as queries:
            response = post_from_site(comment_url(article), data, REMOTE_ADDR="192.0.2.1")
        assert response.status_code == 303
        return len(queries)

    return post


@pytest.fixture
def known(cost, article):
    """The browser has two approved comments under a policy that trusts, and as many that wait."""
    cost()
    CommentSettings(policy="trust").save()
    moderator = make_user("moderator")
    sender = Sender(Comment.objects.exclude(reader="").first().reader)
    for number in range(2):
        Comment.objects.update(network="")
        decisions.approve(submitting.submit(article, Draft("Ann", f"Before {number}"), sender), moderator)


def a_visible_comment():
    return Comment.objects.visible().first().pk


def test_a_comment(cost):
    assert cost() <= 5


def test_an_answer(cost):
    assert cost(parent=a_visible_comment()) <= 6


def test_one_that_screening_holds(cost):
    assert cost(body="casino https://a.example https://b.example", name="Editor") <= 5


def test_one_that_screening_rejects(cost):
    assert cost(body="viagra") <= 6


def test_one_whose_writer_is_looked_up_and_not_known(cost):
    CommentSettings(policy="trust").save()

    assert cost() <= 7


@pytest.mark.usefixtures("known")
def test_one_of_a_known_writer_that_appears_at_once(cost):
    assert cost() <= 8
    assert Comment.objects.latest("pk").is_visible


@pytest.mark.usefixtures("known")
def test_an_answer_of_a_known_writer_that_appears_at_once(cost):
    """It is sent and approved in one: the answered comment is read again once its thread is locked."""
    assert cost(parent=a_visible_comment()) <= 10
    assert Comment.objects.latest("pk").is_visible


def test_one_with_a_new_e_mail_address(cost):
    assert cost(email="ann@mail.example") <= 8


def test_while_an_e_mail_address_is_banned(cost):
    """What the browser gave before is looked up, too."""
    bans.impose(bans.of_email("eve@mail.example"), by=None)

    assert cost() <= 6
    assert cost(email="ann@mail.example") <= 9


def test_the_cost_does_not_grow(cost, article):
    few = cost()
    parent = Comment.objects.get(pk=a_visible_comment())
    for number in range(30):
        make_comment(article, parent=parent, status="approved")
        make_comment(article, created_at=timezone.now() - timedelta(minutes=number))
    EmailAddress.objects.bulk_create(EmailAddress(reader=f"{n:032x}", email="a@b.example") for n in range(30))

    assert cost() == few
