"""Check that the stored counts of a thread match the states of its comments, and correct them."""

from django.db import transaction
from django.db.models import Count, F, Q

from publishing.cache import pages

from ..models import Comment, Thread


def differences(article) -> list[str]:
    """What is wrong with the counts of `article`, as text. Four queries."""
    stored = Thread.objects.filter(article=article).values_list("comment_count", flat=True).first() or 0
    counted = set(Comment.objects.in_thread(article).values_list("pk", flat=True))
    due = set(Comment.objects.filter(article=article).that_should_be_visible().values_list("pk", flat=True))
    found = []
    if stored != len(counted):
        found.append(f"{stored} stored, {len(counted)} counted")
    if counted != due:
        found.append(f"{len(due)} should be visible: {_some(counted ^ due)}")
    if wrong := set(_with_wrong_reports(article).values_list("pk", flat=True)):
        found.append(f"wrong number of open reports: {_some(wrong)}")
    return found


@transaction.atomic
def repair(article) -> None:
    """Correct what is stored, with the thread locked."""
    thread, _ = Thread.objects.select_for_update().get_or_create(article=article)
    comments = Comment.objects.filter(article=article)
    due = comments.that_should_be_visible()
    comments.filter(is_visible=True).exclude(pk__in=due.values("pk")).update(is_visible=False)
    due.filter(is_visible=False).update(is_visible=True)
    for comment in _with_wrong_reports(article):
        Comment.objects.filter(pk=comment.pk).update(open_reports=comment.unanswered)
    thread.comment_count = Comment.objects.in_thread(article).count()
    thread.save(update_fields=["comment_count"])
    # Some of them may not have been meant to be public.
    Thread.withdraw(article.pk)
    pages.invalidate(Thread.count_name(article.pk))


def _with_wrong_reports(article):
    unanswered = Count("reports", filter=Q(reports__answered_at=None))
    return Comment.objects.filter(article=article).annotate(unanswered=unanswered).exclude(open_reports=F("unanswered"))


def _some(numbers):
    numbers = sorted(numbers)
    return "comments " + ", ".join(map(str, numbers[:10])) + (" and more" if len(numbers) > 10 else "")
