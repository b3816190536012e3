"""check_comment_counts: stored = counted = rendered, found when it is not so, and repaired."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from comments.models import Comment, Thread
from comments.moderation import count_check, decisions, flags
from comments.privacy import erasure
from comments.tests.factories import make_comment
from publishing.maintenance import announcements
from publishing.maintenance.models import State
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def check(**options):
    """Exit status and output."""
    out = StringIO()
    try:
        call_command("check_comment_counts", stdout=out, **options)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


@pytest.fixture
def article():
    """A thread of several pages, with folded conversations, every state, an erased and a pinned comment."""
    article, moderator = make_article(slug="one"), make_user("moderator")
    roots = [make_comment(article, status="approved") for _ in range(45)]
    above = roots[3]
    for _ in range(4):
        above = make_comment(article, status="approved", parent=above)
    for _ in range(30):
        make_comment(article, status="approved", parent=roots[30])
    for status in ("pending", "rejected", "spam", "removed"):
        make_comment(article, status=status, parent=roots[5])
        make_comment(article, status=status)
    covered = make_comment(article, status="approved", parent=roots[7])
    decisions.remove(covered.parent, moderator)
    erasure.erase([roots[8]])
    decisions.pin(Comment.objects.get(pk=roots[40].pk))
    flags.report(roots[1], "a" * 32, "spam")
    return article


def test_a_true_thread_is_proven(article):
    assert check() == (0, "1 threads are as they should be.\n")
    assert sorted(count_check.shown_on_pages(article)) == sorted(
        Comment.objects.in_thread(article).values_list("pk", flat=True)
    )
    assert Thread.objects.get().comment_count == 45 + 4 + 30 - 1


def test_a_site_without_comments_is_proven():
    make_article()

    assert check() == (0, "0 threads are as they should be.\n")


def test_a_wrong_number_is_found_told_and_repaired(article):
    Thread.objects.update(comment_count=99)

    status, told = check()
    assert status == 1
    assert "one: 99 stored, 78 counted" in told and "1 of 1 threads" in told
    assert Thread.objects.get().comment_count == 99
    status, told = check(repair=True)
    assert status == 0 and "one: repaired" in told
    assert check()[0] == 0


def test_a_comment_that_shows_or_hides_wrongly_is_found_and_repaired(article):
    hidden = Comment.objects.filter(status="approved", is_visible=True, depth=2).first()
    shown = Comment.objects.get(status="approved", is_visible=False)
    Comment.objects.filter(pk=hidden.pk).update(is_visible=False)
    Comment.objects.filter(pk=shown.pk).update(is_visible=True)

    status, told = check(no_render=True)
    assert status == 1
    assert f"78 should be visible: comments {hidden.pk}, {shown.pk}" in told
    assert check(repair=True)[0] == 0
    hidden.refresh_from_db(), shown.refresh_from_db()
    assert (hidden.is_visible, shown.is_visible) == (True, False)


def test_reports_that_were_counted_wrong_are_found_and_repaired(article):
    reported = Comment.objects.get(open_reports=1)
    other = Comment.objects.filter(open_reports=0).first()
    Comment.objects.filter(pk=reported.pk).update(open_reports=0)
    Comment.objects.filter(pk=other.pk).update(open_reports=7)

    assert f"open reports are counted wrong: comments {min(reported.pk, other.pk)}" in check(no_render=True)[1]
    assert check(no_render=True, repair=True)[0] == 0
    assert list(Comment.objects.filter(open_reports__gt=0).values_list("pk", "open_reports")) == [(reported.pk, 1)]


def test_a_comment_that_no_page_shows_is_found(article, settings, tmp_path):
    (tmp_path / "comments").mkdir()
    broken = tmp_path / "comments" / "_comment.html"
    broken.write_text(
        "{% if comment.depth < 4 %}<article class='comment' id='{{ comment.anchor }}'></article>{% endif %}"
    )
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    status, told = check()

    assert status == 1
    assert "76 rendered, 78 counted" in told


def test_a_thread_that_lost_its_row_gets_one_again(article):
    Thread.objects.all().delete()

    assert "0 stored, 78 counted" in check(no_render=True)[1]
    assert check(repair=True)[0] == 0
    assert Thread.objects.get().comment_count == 78


def test_only_one_article_can_be_checked(article):
    other = make_article(slug="two")
    make_comment(other, status="approved")
    Thread.objects.filter(article=other).update(comment_count=5)

    assert check(article="one")[0] == 0
    assert check(article="two")[0] == 1
    assert check(article="three") == (1, "There is no article “three”.")


def test_an_article_that_is_not_published_is_counted_but_not_rendered():
    article = make_article(status="draft")
    make_comment(article, status="approved")

    assert check()[0] == 0


def test_pages_that_cannot_be_had_are_told(article):
    announcements.announce(State.CLOSED, ends_at=timezone.now() + timedelta(hours=1))

    status, told = check()

    assert status == 1
    assert "/articles/one/ answers 503" in told
    assert check(no_render=True)[0] == 0
