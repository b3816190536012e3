"""What is not kept: erasure on request, and what nobody needs any more."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from comments.models import (
    Ban,
    Comment,
    CommentSettings,
    EmailAddress,
    ModerationEntry,
    NetworkKey,
    Report,
    Revision,
    Status,
    Thread,
    Word,
)
from comments.models.draft import Draft
from comments.moderation import bulk, decisions
from comments.privacy import erasure
from comments.screening import bans
from comments.tests.factories import comment_url, make_comment, sent
from comments.writing import submitting, trust
from publishing.tests.factories import make_article, make_user
from publishing.web import limits

pytestmark = pytest.mark.django_db
READER, OTHER = "a" * 32, "b" * 32
SECRET = "Zanzibar"


def by(reader, *comments):
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).update(reader=reader)
    ModerationEntry._base_manager.filter(comment__in=comments).update(reader=reader)


def columns_with(*words):
    """Every "table.column: word" of the database where one of the words is stored, in whatever case."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                stored = [(column, str(value).casefold()) for column, value in zip(columns, row, strict=True)]
                found |= {f"{table}.{c}: {word}" for c, value in stored for word in words if word.casefold() in value}
    return found


def assert_nowhere(*words):
    """No table holds any of the words."""
    assert columns_with(*words) == set()


def true_count(article):
    stored = Thread.objects.get(article=article).comment_count
    assert stored == Comment.objects.in_thread(article).count()
    return stored


def test_name_and_text_go_and_the_thread_keeps_its_shape(client):
    article = make_article()
    comment = make_comment(article, status="approved", name=SECRET, body=f"I am {SECRET}.", kind="question")
    reply = make_comment(article, status="approved", parent=comment)
    decisions.pin(comment)

    assert erasure.erase([comment]) == 1

    comment.refresh_from_db()
    assert (comment.name, comment.body, comment.html, comment.text_key) == ("", "", "", "")
    assert (comment.status, comment.is_visible, comment.kind) == ("approved", True, "question")
    assert comment.erased_at is not None
    assert true_count(article) == 2
    assert Thread.objects.get(article=article).pinned is None
    html = client.get(article.get_absolute_url()).content.decode()
    assert reply.body in html and f'id="{comment.anchor}"' in html and SECRET not in html


def test_everything_a_reader_wrote_goes_whatever_became_of_it(post_from_site):
    article, moderator = make_article(), make_user("moderator")
    texts = {}
    for status in ("pending", "approved", "rejected", "spam", "removed"):
        texts[status] = make_comment(article, status=status, name=SECRET, body=f"{SECRET} {status}")
    other = make_comment(article, status="approved")
    by(READER, *texts.values())
    by(OTHER, other)
    submitting.revise(texts["pending"], Draft(SECRET, f"{SECRET} again"))
    decisions.reject(texts["approved"], moderator, "other", f"Not by {SECRET}.")
    address = EmailAddress.objects.create(reader=READER, email=f"{SECRET}@example.org", confirmed_at=timezone.now())
    Comment.objects.filter(pk=texts["spam"].pk).update(notify=address, network="4/32:x", network_range="4/24:y")
    assert Revision.objects.exists()

    assert erasure.erase_reader(READER) == 5

    assert_nowhere(SECRET, "4/32:x", "4/24:y")
    assert not EmailAddress.objects.exists() and not Revision.objects.exists()
    states = {name: Comment.objects.get(pk=comment.pk).status for name, comment in texts.items()}
    assert states == {
        "pending": "removed", "approved": "rejected", "rejected": "rejected", "spam": "spam", "removed": "removed",
    }  # fmt: skip
    other.refresh_from_db()
    assert other.body and other.erased_at is None
    assert true_count(article) == 1
    assert erasure.erase_reader(READER) == 0


def test_a_real_comment_leaves_nothing_but_its_place(post_from_site):
    article = make_article()
    post_from_site(comment_url(article), sent(name=SECRET, body=f"{SECRET} here"), REMOTE_ADDR="192.0.2.77")
    comment = Comment.objects.get()
    kept = comment.network, comment.network_range, comment.text_key, comment.digest

    erasure.erase([comment])

    assert_nowhere(SECRET, *kept)
    assert Comment.objects.get().status == Status.REMOVED


# Nobody else in the database says any of this.
EARLIER = {
    "name": "Zanzibar lamutown.example",
    "body": "Okapis http://mombasa.example/quagga http://dodobird.example kudubull",
}
LATER = {
    "name": "Zanzibar lamutown.example",
    "body": "Wildebeest http://kilwa.example/eland http://dodobird.example bongo",
}
WORDS = [
    "zanzibar", "lamutown", "okapis", "mombasa", "quagga", "dodobird", "kudubull", "wildebeest", "kilwa", "eland",
    "bongo", "somali", "pemba", "nyala",
]  # fmt: skip


@pytest.mark.parametrize("last", [None, "approve", "reject", "mark_spam", "remove", "restore"])
@pytest.mark.parametrize("by_number", [True, False])
def test_no_column_of_any_table_holds_a_word_of_what_was_erased(post_from_site, client, moderator, last, by_number):
    """Found by screening, changed, reported, decided about with a note, and with a mail that waits."""
    Word.objects.create(text="kudubull")
    Word.objects.create(text="bongo")
    article = make_article()
    post_from_site(comment_url(article), sent(**EARLIER, email="somali@pemba.example"), REMOTE_ADDR="192.0.2.77")
    comment = Comment.objects.get()
    reader = comment.reader
    submitting.revise(comment, Draft(**LATER))
    card = f"/admin/comments/comment/{comment.pk}/change/"
    comment.refresh_from_db()
    shown = {"seen": comment.digest, "was": comment.status, "note": "Not about the nyala."}
    assert client.post(card, shown | {"_reject": "off-topic"}).status_code == 302
    comment.refresh_from_db()
    decisions.approve(comment, moderator)
    Report.objects.create(comment=comment, reader=OTHER, reason="private")
    Comment.objects.filter(pk=comment.pk).update(open_reports=1)
    comment.refresh_from_db()
    if last:
        details = {"note": "Still not about the nyala."} if last == "reject" else {}
        getattr(decisions, last)(comment, moderator, **details)
    found = {place.split(": ")[0] for place in columns_with(*WORDS)}
    assert {f"comments_comment.{name}" for name in ("name", "body", "html", "holds")} <= found
    assert {"comments_revision.body", "comments_emailaddress.email", "comments_moderationentry.note"} <= found
    kept = [value for value in (comment.network, comment.network_range, comment.text_key, comment.digest) if value]

    if by_number:
        call_command("erase_comments", comment=[comment.pk], verbosity=0)
        # Whoever asks for one comment to go keeps the address that the others are followed by.
        EmailAddress.objects.get().delete()
    else:
        call_command("erase_comments", reader=reader, verbosity=0)

    Word.objects.all().delete()
    assert_nowhere(*WORDS, *kept, "192.0.2.77")


def test_the_record_keeps_the_decisions_without_words_and_trust_stays_lost():
    article, moderator = make_article(), make_user("moderator")
    CommentSettings(trusted_after=1).save()
    good, bad = make_comment(article, status="approved"), make_comment(article)
    by(READER, good, bad)
    bad.refresh_from_db()
    assert trust.is_known(READER)
    decisions.reject(bad, moderator, "unkind", "Because of this.")
    entries = ModerationEntry.objects.filter(comment=bad).values_list("old_status", "new_status", "reason", "moderator")
    before = list(entries)

    erasure.erase_reader(READER)

    assert list(entries) == before
    assert {entry.note + entry.digest for entry in ModerationEntry.objects.all()} == {""}
    assert not trust.is_known(READER)


def test_what_was_erased_can_only_be_removed():
    moderator = make_user("moderator")
    comment = make_comment(status="pending")
    decisions.approve(comment, moderator)
    entry = comment.entries.last()
    erasure.erase([comment])

    for verb in (decisions.restore, decisions.reject, decisions.mark_spam):
        with pytest.raises(decisions.AlreadyDecided):
            verb(Comment.objects.get(pk=comment.pk), moderator)
    with pytest.raises(decisions.CannotUndo):
        decisions.undo(entry, moderator)
    assert decisions.remove(Comment.objects.get(pk=comment.pk), moderator)
    with pytest.raises(decisions.AlreadyDecided):
        decisions.approve(Comment.objects.get(pk=comment.pk), moderator)


def test_what_was_erased_is_not_pinned(client, moderator):
    """It would stand above all others and say nothing."""
    comment = make_comment(status="approved")
    erasure.erase([comment])
    comment.refresh_from_db()

    with pytest.raises(ValueError, match="pinned"):
        decisions.pin(comment)
    card = f"/admin/comments/comment/{comment.pk}/change/?queue=approved"
    assert 'name="_pin"' not in client.get(card).content.decode()


def test_reports_about_an_erased_comment_are_answered():
    comment = make_comment(status="approved")
    Report.objects.create(comment=comment, reader=OTHER, reason="private")
    Comment.objects.filter(pk=comment.pk).update(open_reports=1)

    erasure.erase([comment])

    comment.refresh_from_db()
    assert comment.open_reports == Report.objects.filter(answered_at=None).count() == 0


def test_erasing_many_costs_the_same_for_each_article(count_queries):
    article = make_article()
    few = [make_comment(article, status="approved") for _ in range(2)]
    many = [make_comment(article, status="approved") for _ in range(12)]

    with count_queries() as queries_for_two:
        erasure.erase(few)
    with count_queries() as queries_for_twelve:
        erasure.erase(many)

    assert len(queries_for_twelve) == len(queries_for_two)


def run(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue().strip()


def test_the_command_erases_by_number_or_by_reader():
    first, second, third = make_comment(), make_comment(), make_comment()
    by(READER, second, third)

    assert run("erase_comments", comment=[first.pk]) == "1 erased"
    assert run("erase_comments", comment=[first.pk]) == "0 erased"
    assert run("erase_comments", reader=READER) == "2 erased"


@pytest.mark.parametrize(
    "options", [{"comment": [0]}, {"comment": [-1]}, {"comment": [10**30]}, {"reader": ""}, {"reader": "x' OR 1"}]
)
def test_the_command_refuses_what_is_not_there_and_erases_nothing(options):
    comment = make_comment()
    options = {"comment": [comment.pk, *options["comment"]]} if "comment" in options else options

    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_comments", **options)
    comment.refresh_from_db()
    assert comment.erased_at is None


def test_nobody_is_not_a_reader():
    make_comment()

    with pytest.raises(ValueError, match="key"):
        erasure.erase_reader("")


# --- retention ---


def decided(days, **fields):
    """A comment decided so many days ago."""
    comment = make_comment(**fields)
    moment = timezone.now() - timedelta(days=days)
    Comment.objects.filter(pk=comment.pk).update(decided_at=moment)
    return comment


def test_spam_and_rejected_comments_go_after_thirty_days_and_nothing_else_does():
    article = make_article()
    gone = [decided(31, article=article, status=status, body=SECRET) for status in ("spam", "rejected")]
    kept = [decided(29, article=article, status=status) for status in ("spam", "rejected")]
    kept += [decided(400, article=article, status=status) for status in ("approved", "removed")]
    kept.append(make_comment(article, created_at=timezone.now() - timedelta(days=400)))
    entries = ModerationEntry.objects.count()

    assert run("purge_comments", dry_run=True).startswith("Would be deleted: 2 comments deleted, 0 comments erased")
    assert Comment.objects.count() == 7
    assert run("purge_comments").startswith("2 comments deleted, 0 comments erased")

    assert set(Comment.objects.values_list("pk", flat=True)) == {comment.pk for comment in kept}
    assert ModerationEntry.objects.count() == entries
    left = ModerationEntry.objects.filter(comment_number__in=[comment.pk for comment in gone])
    assert {(entry.comment, entry.note, entry.digest) for entry in left} == {(None, "", "")}
    assert_nowhere(SECRET)
    assert run("purge_comments").startswith("0 comments deleted, 0 comments erased")


def test_one_with_an_answer_that_stays_is_erased_and_one_with_only_unwanted_answers_goes():
    article = make_article()
    answered = decided(31, article=article, status="rejected", body=SECRET)
    reply = make_comment(article, parent=answered, status="approved")
    above = decided(31, article=article, status="spam")
    below = decided(31, article=article, status="spam", parent=above)
    decided(31, article=article, status="spam", parent=below)

    told = "3 comments deleted, 1 comments erased"
    assert told in run("purge_comments", dry_run=True)
    assert told in run("purge_comments")

    assert set(Comment.objects.all()) == {answered, reply}
    answered.refresh_from_db()
    assert (answered.status, answered.body) == ("rejected", "") and answered.erased_at
    assert "0 comments deleted, 0 comments erased" in run("purge_comments", dry_run=True)
    assert "0 comments deleted, 0 comments erased" in run("purge_comments")


def test_trust_that_was_lost_stays_lost_after_the_purge():
    CommentSettings(trusted_after=1).save()
    article = make_article()
    good, bad = make_comment(article, status="approved"), make_comment(article)
    by(READER, good, bad)
    bad.refresh_from_db()
    decisions.reject(bad, make_user("moderator"))
    Comment.objects.filter(pk=bad.pk).update(decided_at=timezone.now() - timedelta(days=31))

    run("purge_comments")

    assert not Comment.objects.filter(pk=bad.pk).exists()
    assert not trust.is_known(READER)


def test_whatever_else_nobody_needs_goes_with_them(clock):
    now = timezone.now()
    bans.networks_of("192.0.2.1")
    NetworkKey.objects.create(day=now.date() - timedelta(days=30), key=b"x" * 32)
    NetworkKey.objects.create(day=now.date() - timedelta(days=29), key=b"x" * 32)
    for days, confirmed in ((8, None), (6, None), (8, now)):
        moment = now - timedelta(days=days)
        EmailAddress.objects.create(
            reader=READER, email=f"{days}{bool(confirmed)}@example.org", created_at=moment, confirmed_at=confirmed
        )
    for number, end in enumerate((now - timedelta(seconds=1), now + timedelta(hours=1), None)):
        Ban.objects.create(kind="reader", value=f"{number}" * 32, reason="x", expires_at=end)
    waiting, settled = make_comment(), make_comment()
    for comment in (waiting, settled):
        submitting.revise(comment, Draft("Ann", "Another text."))
        limits.reset()
    decisions.approve(settled, make_user("moderator"))
    for days in (31, 29):
        bulk.start("spam", [], by=None, created_at=now - timedelta(days=days))
    told = "1 unconfirmed e-mail addresses, 1 bans that are over, 1 texts before a change, 1 bulk decisions, "
    told += "1 network keys"

    assert told in run("purge_comments", dry_run=True)
    assert told in run("purge_comments")

    assert (EmailAddress.objects.count(), Ban.objects.count(), NetworkKey.objects.count()) == (2, 2, 2)
    assert Revision.objects.get().comment == waiting
    assert told.replace("1", "0") in run("purge_comments")


def test_a_purge_in_chunks_takes_all(monkeypatch):
    monkeypatch.setattr(erasure, "CHUNK", 2)
    article = make_article()
    for _ in range(5):
        decided(31, article=article, status="spam")

    assert "5 comments deleted" in run("purge_comments")


@pytest.mark.parametrize("days", ["-1", "x", "1.5", "99999999", "٣"])
def test_days_that_are_no_number_are_refused(days):
    with pytest.raises(CommandError, match="not a number of days"):
        call_command("purge_comments", f"--days={days}")
