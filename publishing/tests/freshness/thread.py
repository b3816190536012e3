"""Changes of comments, by their readers and by moderators."""

from datetime import timedelta

from django.utils import timezone

from comments.models import Ban, Batch, Comment, CommentSettings, Status, Thread
from comments.tests.factories import comment_url, make_comment, sent

from .forms import submit
from .hidden import CONFIRMED, stored
from .magazine import THREAD, Changes, admin_url

changes = Changes()
change, saved = changes.change, changes.saved


@change("a comment is approved", "Comment Thread", in_vain=THREAD, short=True)
def _(m):
    m.decide(m.held, "approve")


@change("an editor answers", "Comment", in_vain=THREAD)
def _(m):
    m.decide(m.comment, "answer", body="Thank you.", name="Ines")


@change("a comment is pinned", "Thread", in_vain=THREAD)
def _(m):
    m.decide(m.held, "pin")


@change("a comment is unpinned", "Thread", in_vain=THREAD)
def _(m):
    m.decide(m.held, "unpin")


@change("a comment is reported")
def _(m):
    assert m.reader.post(f"/comments/{m.comment.pk}/report/", {"reason": "spam"}).status_code == 200


@change("a comment is removed", "Comment", in_vain=THREAD, short=True)
def _(m):
    m.decide(m.held, "remove")


@change("the removal is undone", "Comment", in_vain=THREAD)
def _(m):
    entry = m.held.entries.order_by("-pk").first()
    page = admin_url(m.held, "changelist") + "?queue=all"
    token = submitted_token(m, page)
    url = admin_url(entry, "undo", entry.pk)
    assert m.admin.post(url, {"csrfmiddlewaretoken": token}).status_code == 302
    m.held.refresh_from_db()
    assert m.held.status == Status.APPROVED


@change("a comment is spam", "Comment", in_vain=THREAD)
def _(m):
    m.decide(m.held, "spam")


# Pages with the number of comments, which is the same in the end.
COUNTED = rf"{THREAD}|^/$|^/(categories|tags|authors|series|archive)/"


@change("comments are approved, and removed, as a batch that is undone", "Comment", in_vain=COUNTED)
def _(m):
    everything = "?queue=all"
    for action in ("restore", "approve", "remove", "restore", "reject", "restore", "spam", "restore", "approve"):
        m.act(action, m.held, query=everything)
    batch = Batch.objects.order_by("-pk").first()
    token = submitted_token(m, admin_url(m.held, "changelist") + everything)
    assert m.admin.post(admin_url(batch, "undo", batch.pk), {"csrfmiddlewaretoken": token}).status_code == 302
    m.held.refresh_from_db()
    assert m.held.status == Status.PENDING


@change("a reader is trusted, whose next comment appears at once", "Comment CommentSettings Thread", in_vain=THREAD)
def _(m):
    m.save(stored(CommentSettings), trusted_after="1", **CONFIRMED)
    m.save(m.articles[2], **{"thread-0-policy": "trust"})
    for body in ("Waits.", "Appears."):
        assert m.reader.post(comment_url(m.articles[2]), sent(body=body)).status_code == 303
        m.last = Comment.objects.order_by("-pk").first()
        if body == "Waits.":
            m.decide(m.last, "approve")
    assert m.last.status == Status.APPROVED


@change("they are banned, and their comments removed", "Comment Ban", in_vain=THREAD)
def _(m):
    url = admin_url(Ban, "add") + f"?comment={m.last.pk}&kind=reader"
    response = submit(m.admin, url, "_save", reason="Spam", published="on", **CONFIRMED)
    assert response.status_code == 302, response.content.decode()
    m.last.refresh_from_db()
    assert m.last.status == Status.REMOVED
    m.delete(Ban.objects.get(kind="reader"))


@change("a comment is erased by a command", "Comment", in_vain=THREAD)
def _(m):
    m.command("erase_comments", "--comment", m.other.pk, verbosity=0)


@change("a comment is erased by its writer", "Comment", in_vain=THREAD)
def _(m):
    response = m.reader.post(comment_url(m.articles[0]), sent(body="To be erased."))
    receipt = response.headers["Location"].partition("#")[0]
    m.decide(Comment.objects.order_by("-pk").first(), "approve")
    assert m.reader.post(f"{receipt}erase/", {"sure": "on"}).status_code in (200, 302, 303)
    assert Comment.objects.order_by("-pk").first().erased_at


@change("comments on an article are closed", "Thread", in_vain=THREAD)
def _(m):
    m.save(m.articles[0], **{"thread-0-policy": "closed"})


saved("comments close after two weeks", "CommentSettings", lambda m: stored(CommentSettings), close_after_days="14",
      in_vain=r"/a\d/$|comments/\?")  # fmt: skip


@change("comments are imported", "Comment", in_vain=THREAD)
def _(m):
    make_comment(m.articles[1], status=Status.APPROVED, name="Rosa")
    file = m.folder.parent / "comments.yaml"
    fields = "article: a1, name: Rosa, body: Imported., date: 2026-01-02T08:00:00Z, state: approved, id: 1"
    file.write_text(f"- {{{fields}}}\n")
    m.command("import_comments", file, verbosity=0)


@change("stored counts of comments are repaired", "Thread", in_vain=COUNTED)
def _(m):
    Thread.objects.filter(article=m.articles[1]).update(comment_count=9)
    m.command("check_comment_counts", repair=True, verbosity=0)


@change("old spam is purged", in_vain=THREAD)
def _(m):
    m.act("spam", m.held, query="?queue=all")
    Comment.objects.filter(pk=m.held.pk).update(decided_at=timezone.now() - timedelta(days=90))
    m.command("purge_comments", verbosity=0)


def submitted_token(m, url):
    """The token for forms of a page of the admin."""
    return m.admin.get(url).content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
