"""check_comment_counts: stored = counted, found when it is not so, and repaired; and the pages show what is counted."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment, Thread
from comments.moderation import decisions, reports
from comments.privacy import erasure
from comments.tests.crawl import shown_on_pages
from comments.tests.factories import make_comment
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
    reports.report(roots[1], "a" * 32, "spam")
    return article


def test_a_true_thread_is_proven(article):
    assert check() == (0, "1 threads are correct.\n")
    assert Thread.objects.get().comment_count == 45 + 4 + 30 - 1


def test_every_visible_comment_is_on_one_page_of_its_thread(article):
    assert sorted(shown_on_pages(article)) == sorted(Comment.objects.in_thread(article).values_list("pk", flat=True))


def test_a_site_without_comments_is_proven():
    make_article()

    assert check() == (0, "0 threads are correct.\n")


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

    status, told = check()
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

    assert f"wrong number of open reports: comments {min(reported.pk, other.pk)}" in check()[1]
    assert check(repair=True)[0] == 0
    assert list(Comment.objects.filter(open_reports__gt=0).values_list("pk", "open_reports")) == [(reported.pk, 1)]


def test_a_thread_that_lost_its_row_gets_one_again(article):
    Thread.objects.all().delete()

    assert "0 stored, 78 counted" in check()[1]
    assert check(repair=True)[0] == 0
    assert Thread.objects.get().comment_count == 78


def test_only_one_article_can_be_checked(article):
    other = make_article(slug="two")
    make_comment(other, status="approved")
    Thread.objects.filter(article=other).update(comment_count=5)

    assert check(article="one")[0] == 0
    assert check(article="two")[0] == 1
    assert check(article="three") == (1, "There is no article “three”.")
