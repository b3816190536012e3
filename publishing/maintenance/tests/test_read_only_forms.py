"""While a group is read-only its forms say so before the try, and what is sent all the same comes back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, EmailAddress, Status
from comments.tests.factories import comment_url, make_comment, sent
from publishing.maintenance.announcements import announce
from publishing.maintenance.groups import Group
from publishing.tests.factories import make_article
from quizzes.models import Attempt
from quizzes.tests.factories import make_quiz, paper_data

pytestmark = pytest.mark.django_db

OFF_FIELDS = re.compile(r'<fieldset aria-describedby="read-only" disabled>')
OFF_BUTTON = re.compile(
    r'<button[^>]*type="submit"[^>]*(disabled aria-describedby="[\w-]+"|aria-describedby="[\w-]+" disabled)'
)


def read_only(*groups):
    return announce("read-only", ends_at=timezone.now() + timedelta(minutes=20), groups=list(groups))


def says_why(html):
    """Whether what is off names an element of the page that says why."""
    named = re.findall(r'(?:disabled aria-describedby="([\w-]+)"|aria-describedby="([\w-]+)" disabled)', html)
    ids = {first or second for first, second in named}
    return bool(ids) and all(re.search(rf'<p[^>]* id="{name}">[^<]+</p>', html) for name in ids)


def test_the_heart_button_is_off_and_says_why(client, post_from_site):
    article = make_article()
    read_only()

    html = client.get(article.get_absolute_url()).text

    assert re.search(r'<button type="submit" name="wanted"[^>]*disabled aria-describedby="no-hearts"', html)
    assert says_why(html)
    refused = post_from_site(
        f"{article.get_absolute_url()}heart/", {"wanted": "yes"}, headers={"accept": "application/json"}
    )
    assert refused.status_code == 503 and 1190 < int(refused["Retry-After"]) <= 1200
    assert refused.json()["detail"]
    article.refresh_from_db()
    assert article.counts.hearts == 0


def test_a_reply_is_not_offered_and_its_form_is_off(client):
    article = make_article()
    comment = make_comment(article, status=Status.APPROVED)
    assert "data-reply" in client.get(article.get_absolute_url()).text
    read_only(Group.COMMENTS)

    assert "data-reply" not in client.get(article.get_absolute_url()).text
    html = client.get(f"{comment_url(article)}?reply={comment.pk}").text
    assert OFF_FIELDS.search(html) and says_why(html)


def test_the_form_of_a_report_is_off(client, post_from_site):
    comment = make_comment(make_article(), status=Status.APPROVED)
    read_only(Group.COMMENTS)

    html = client.get(comment.get_report_url()).text

    assert OFF_FIELDS.search(html) and OFF_BUTTON.search(html) and says_why(html)
    refused = post_from_site(comment.get_report_url(), {"reason": "spam"})
    assert refused.status_code == 503 and int(refused["Retry-After"]) > 1190
    assert not OFF_FIELDS.search(refused.text), "what was chosen can be sent again"


def test_the_writers_own_pages_are_off(client, post_from_site):
    article = make_article()
    receipt = post_from_site(comment_url(article), sent())["Location"].split("#")[0]
    read_only(Group.COMMENTS)

    for path in (f"{receipt}edit/", f"{receipt}withdraw/", f"{receipt}erase/", "/comments/mine/"):
        html = client.get(path).text
        assert OFF_FIELDS.search(html) and says_why(html), path
    for path in ("edit/", "withdraw/", "erase/"):
        refused = post_from_site(f"{receipt}{path}", sent(body="Typed again.", sure="on"))
        assert refused.status_code == 503 and int(refused["Retry-After"]) > 1190, path
    assert "Typed again." in post_from_site(f"{receipt}edit/", sent(body="Typed again.")).text
    assert post_from_site("/comments/mine/erase/", {"sure": "on"}).status_code == 503
    assert Comment.objects.get().status == Status.PENDING


def test_confirming_an_address_is_off(client, post_from_site):
    address = EmailAddress.objects.create(reader="0" * 32, email="writer@reader.example")
    read_only(Group.COMMENTS)

    html = client.get(address.get_confirm_url()).text

    assert OFF_BUTTON.search(html) and says_why(html)
    assert post_from_site(address.get_confirm_url()).status_code == 503


def test_a_quiz_is_off_where_the_window_names_quizzes_and_keeps_its_answers(client, post_from_site):
    quiz = make_quiz()
    path = quiz.get_absolute_url()
    read_only()
    assert "disabled" not in client.get(path).text
    assert post_from_site(path, paper_data(quiz, "Right", "Right")).status_code == 303
    Attempt.objects.all().delete()
    read_only(Group.QUIZZES)

    html = client.get(path).text
    assert OFF_BUTTON.search(html) and says_why(html)
    refused = post_from_site(path, paper_data(quiz, "Right", "Right"))
    assert refused.status_code == 503 and int(refused["Retry-After"]) > 1190
    assert refused.text.count(" checked") == 2, "the answers are in their form again"
    assert not OFF_BUTTON.search(refused.text)
    assert post_from_site(f"{path}progress/", {}).status_code == 204


def test_only_the_groups_of_the_window_are_off(client, post_from_site):
    article = make_article()
    read_only(Group.COMMENTS)

    html = client.get(article.get_absolute_url()).text

    assert "no-hearts" not in html and OFF_FIELDS.search(html)
    assert post_from_site(f"{article.get_absolute_url()}heart/", {"wanted": "yes"}).status_code == 200
    assert post_from_site(comment_url(article), sent()).status_code == 503
    read_only(Group.ARTICLES)
    html = client.get(article.get_absolute_url()).text
    assert "no-hearts" in html and not OFF_FIELDS.search(html)
    assert post_from_site(f"{article.get_absolute_url()}heart/", {"wanted": "yes"}).status_code == 503
    assert post_from_site(comment_url(article), sent()).status_code == 303


def test_comments_that_are_closed_while_articles_are_open_say_so_before_the_try(client, post_from_site):
    article = make_article()
    make_comment(article, status=Status.APPROVED)
    announce("closed", ends_at=timezone.now() + timedelta(minutes=20), groups=[Group.COMMENTS])

    html = client.get(article.get_absolute_url()).text

    assert OFF_FIELDS.search(html) and says_why(html)
    assert "data-reply" not in html
    assert post_from_site(comment_url(article), sent()).status_code == 503
