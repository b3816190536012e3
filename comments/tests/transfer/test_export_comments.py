"""The site's own format: exported, and imported as the same thread."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article
from comments.models import Comment, EmailAddress, ModerationEntry, Thread
from comments.models.draft import Draft
from comments.moderation import decisions
from comments.privacy import erasure
from comments.tests.factories import comment_url, make_comment, sent
from comments.tests.foreign import disqus_post, run_import, wp_comment, wp_item, write_disqus, write_wxr
from comments.transfer import jsonl
from comments.writing import submitting
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def exported(**options):
    """What the command writes: the first line, and the comments."""
    out = StringIO()
    call_command("export_comments", stdout=out, **options)
    head, *comments = [json.loads(line) for line in out.getvalue().splitlines()]
    return head, comments


def without_numbers(comments):
    """The comments with the place in the file instead of their numbers, here and at the site they come from."""
    place = {comment["id"]: number for number, comment in enumerate(comments)}
    places = [{"id": place[comment["id"]], "parent": place.get(comment.get("parent"))} for comment in comments]
    return [comment | own | {"external": ""} for comment, own in zip(comments, places, strict=True)]


@pytest.fixture
def threads():
    """Two articles with every state, kind and depth, an erased comment, an edited, an editorial and a pinned one."""
    article, other, moderator = make_article(slug="one"), make_article(slug="two"), make_user("moderator")
    past = timezone.now() - timedelta(days=3)
    above, chain = None, []
    for depth in range(5):
        kind = ("question", "correction", "tip", "comment", "comment")[depth]
        above = make_comment(
            article, status="approved", parent=above, kind=kind, is_editorial=depth == 1, created_at=past
        )
        chain.append(above)
    for status in ("pending", "rejected", "spam", "removed"):
        make_comment(article, status=status, parent=chain[0], created_at=past)
        make_comment(other, status=status, name="„Ann“ \\ <b>", body='Zwei\nZeilen, "quoted" & \u2028 <b>.')
    make_comment(article, status="rejected", reason="off-topic", note="Say it elsewhere.")
    covered = make_comment(article, status="approved", parent=make_comment(article, status="approved"))
    decisions.remove(covered.parent, moderator)
    erasure.erase([chain[2]])
    pinned = make_comment(article, status="approved")
    decisions.pin(pinned)
    Comment.objects.filter(pk=pinned.pk).update(edited_at=timezone.now())
    return article, other


def forget_everything():
    Thread.objects.update(pinned=None)
    for depth in range(5, 0, -1):
        Comment.objects.filter(depth=depth).delete()
    Thread.objects.all().delete()


def test_an_export_imported_into_an_empty_site_is_the_same_thread(client, threads, tmp_path):
    article = threads[0]
    path = tmp_path / "comments.jsonl"
    head, before = exported()
    numbers = {a.slug: Comment.objects.in_thread(a).count() for a in threads}
    page = [c.body for c in Comment.objects.in_thread(article)]
    call_command("export_comments", output=path, verbosity=0)
    forget_everything()

    assert f"{len(before)} created, 0 unchanged, 0 skipped" in run_import(path)

    after = exported()[1]
    assert without_numbers(after) == without_numbers(before)
    assert (head["format"], head["version"]) == ("comments", 1)
    for a in threads:
        assert Thread.objects.get(article=a).comment_count == Comment.objects.in_thread(a).count() == numbers[a.slug]
    assert [c.body for c in Comment.objects.in_thread(article)] == page
    assert {c.depth for c in Comment.objects.in_thread(article)} == {1, 2, 3, 4, 5}


def test_an_export_imported_into_its_own_site_changes_nothing(threads, tmp_path):
    path = tmp_path / "comments.jsonl"
    call_command("export_comments", output=path, verbosity=0)
    before = list(Comment.objects.order_by("pk").values())

    assert f"0 created, {len(before)} unchanged, 0 skipped" in run_import(path)
    assert list(Comment.objects.order_by("pk").values()) == before


# --- comments that came from elsewhere themselves ---


@pytest.fixture
def origins(tmp_path):
    """A thread with comments from WordPress, Disqus, a list, another site's export, and some written here; returns the
    path of its own export."""
    article = make_article(slug="one")
    write_wxr(
        tmp_path / "wp.xml",
        wp_item(wp_comment(1), wp_comment(2, parent=1), wp_comment(3, comment_approved=0, comment_author="Bo")),
    )
    write_disqus(tmp_path / "disqus.xml", disqus_post(1), disqus_post(2, parent=1), disqus_post(3, more=WAITS))
    (tmp_path / "list.yaml").write_text(
        "- {article: one, name: Ann, body: By hand., date: 2026-06-09T08:00:00Z, state: approved, id: a}\n"
        "- {article: one, name: Bo, body: An answer., date: 2026-06-09T09:00:00Z, state: approved, reply_to: a}\n"
    )
    (tmp_path / "other.jsonl").write_text(
        "\n".join(['{"format":"comments","version":1}', GOOD, GOOD.replace('"id":1', '"id":2,"parent":1'), ""])
    )
    for name in ("wp.xml", "disqus.xml", "list.yaml", "other.jsonl"):
        assert " 0 unchanged, 0 skipped" in run_import(tmp_path / name)
    own = make_comment(article, status="approved", parent=Comment.objects.get(external_id__startswith="wordpress:1:"))
    make_comment(article, status="approved", parent=own)
    waiting = make_comment(article)
    erasure.erase([make_comment(article, status="approved"), Comment.objects.get(external_id__startswith="disqus:2:")])
    path = tmp_path / "comments.jsonl"
    call_command("export_comments", output=path, verbosity=0)
    # Nobody is recognised by a name that its writer can change.
    submitting.revise(waiting, Draft("Another name", "Another text."))
    assert {c.external_id.split(":")[0] for c in Comment.objects.all()} == {"", "wordpress", "disqus", "export"}
    return path


def as_stored():
    return list(Comment.objects.order_by("pk").values()), ModerationEntry.objects.count()


def test_whatever_their_origin_an_export_changes_nothing_in_the_site_it_comes_from(origins):
    before = as_stored()

    assert f"0 created, {len(before[0])} unchanged, 0 skipped" in run_import(origins)
    assert as_stored() == before


def test_comments_of_every_origin_are_imported_into_another_site_once(origins, tmp_path):
    number = Comment.objects.count()
    origins_at_home = {comment["external"] for comment in exported()[1] if "external" in comment}
    forget_everything()
    # The other site has comments, and numbers, of its own.
    make_comment(Article.objects.get(slug="one"))

    assert f"{number} created, 0 unchanged, 0 skipped" in run_import(origins)
    before = as_stored()
    assert f"0 created, {number} unchanged, 0 skipped" in run_import(origins)
    for name in ("wp.xml", "disqus.xml"):
        assert "0 created, 3 unchanged, 0 skipped" in run_import(tmp_path / name)
    assert as_stored() == before
    assert origins_at_home < {comment.external_id for comment in Comment.objects.all()}


def test_an_export_of_a_site_that_had_them_from_here_changes_nothing_here(origins, tmp_path):
    here = list(Comment.objects.order_by("depth")), list(Thread.objects.all())
    forget_everything()
    run_import(origins)
    call_command("export_comments", output=tmp_path / "theirs.jsonl", verbosity=0)
    forget_everything()
    for rows in here:
        type(rows[0]).objects.bulk_create(rows)
    before = as_stored()

    assert f"0 created, {len(here[0])} unchanged, 0 skipped" in run_import(tmp_path / "theirs.jsonl")
    assert as_stored() == before


def test_the_same_id_at_another_site_is_another_comment(tmp_path):
    """Only number, moment and article together do."""
    own = make_comment(make_article(slug="one"))
    path = tmp_path / "comments.jsonl"
    numbers = [str(own.pk), "9" * 18, "9" * 40, "-1"]
    lines = [GOOD.replace('"id":1', f'"id":{number}').replace("A thought", number) for number in numbers]
    path.write_text("\n".join(['{"format":"comments","version":1}', *lines]))

    assert "4 created, 0 unchanged, 0 skipped" in run_import(path)
    assert "0 created, 4 unchanged, 0 skipped" in run_import(path)


def test_what_was_erased_after_an_export_does_not_come_back_with_it(tmp_path):
    comment = make_comment(status="approved")
    path = tmp_path / "comments.jsonl"
    call_command("export_comments", output=path, verbosity=0)
    erasure.erase([comment])

    assert "0 created, 1 unchanged" in run_import(path)
    assert Comment.objects.get().body == ""


def test_a_second_import_changes_nothing_either(threads, tmp_path):
    path = tmp_path / "comments.jsonl"
    call_command("export_comments", output=path, verbosity=0)
    forget_everything()
    run_import(path)
    before = Comment.objects.count(), ModerationEntry.objects.count()

    assert f"0 created, {before[0]} unchanged, 0 skipped" in run_import(path)
    assert (Comment.objects.count(), ModerationEntry.objects.count()) == before


def test_nothing_in_an_export_leads_to_a_writer(post_from_site):
    post_from_site(comment_url(make_article()), sent(), REMOTE_ADDR="192.0.2.77")
    comment = Comment.objects.get()
    comment.notify = EmailAddress.objects.create(reader=comment.reader, email="ann@example.org")
    comment.save()

    head, (found,) = exported()

    assert found.keys() == {"id", "article", "kind", "name", "body", "state", "date"}
    text = json.dumps([head, found])
    for secret in (comment.reader, comment.network, comment.network_range, "ann@example.org", "192.0.2.77"):
        assert secret not in text


def test_one_article_or_one_reader_can_be_exported():
    article = make_article(slug="one")
    comment = make_comment(article, status="approved")
    make_comment()
    Comment.objects.filter(pk=comment.pk).update(reader="a" * 32)

    assert [found["id"] for found in exported(article="one")[1]] == [comment.pk]
    assert [found["id"] for found in exported(reader="a" * 32)[1]] == [comment.pk]
    assert exported(reader="b" * 32)[1] == []
    assert len(exported()[1]) == 2


@pytest.mark.parametrize("options", [{"article": "missing"}, {"reader": ""}, {"reader": "1 OR 1"}])
def test_an_unknown_article_or_reader_cannot_be_exported(options):
    with pytest.raises(CommandError):
        exported(**options)


def test_an_output_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_comments", output=tmp_path / "no" / "such" / "folder")


def test_an_export_is_made_row_by_row(count_queries):
    article = make_article()
    for _ in range(12):
        make_comment(article)

    stream = StringIO()
    with count_queries() as queries:
        assert jsonl.write(Comment.objects.all(), stream) == 12
    assert len(stream.getvalue().splitlines()) == 13
    assert len(queries) == 1


WAITS = "<isApproved>false</isApproved>"
GOOD = '{"id":1,"article":"one","name":"Ann","body":"A thought.","state":"approved","date":"2026-01-01T08:00:00+00:00"}'


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[]", "it is not an object"),
        ("{", "Expecting property name"),
        ("[" * 10_000, "skipped"),
        (GOOD.replace('"A thought."', "[1]"), "its “body” is not a text"),
        (GOOD.replace('"A thought."', '"\\u0000"'), "cannot be stored"),
        (GOOD.replace('"A thought."', '"\\ud800"'), "cannot be stored"),
        (GOOD.replace('"Ann"', '""'), "Enter your name"),
        (GOOD.replace('"Ann"', '"\\u202enimda"'), "hidden character"),
        (GOOD.replace('"approved"', '"public"'), "is not a state"),
        (
            GOOD.replace("2026-01-01T08:00:00+00:00", "2026-01-01T08:00:00"),
            "“2026-01-01T08:00:00” is not a date and time",
        ),
        (GOOD.replace("2026-01-01T08:00:00+00:00", "2999-01-01T08:00:00Z"), "its date is in the future"),
        (GOOD.replace('"id":1', '"id":"1"'), "its “id” is not a number"),
        (GOOD.replace('"id":1', '"id":1,"kind":"advert"'), "is not a kind"),
        (GOOD.replace('"id":1', f'"id":1,"note":"{"x" * 301}"').replace("approved", "rejected"), "300"),
        (GOOD.replace('"one"', '"\\u0000"'), "1 comment skipped"),
        (GOOD.replace('"id":1', '"id":1,"external":"wordpress:1"'), "its “external” is not"),
        (GOOD.replace('"id":1', f'"id":1,"external":"wordpress:{"1" * 70}:1"'), "its “external” is not"),
        (GOOD.replace('"id":1', '"id":1,"external":7'), "its “external” is not a text"),
        ("x" * 500_000, "skipped"),
    ],
)
def test_a_bad_line_is_reported_and_skipped(tmp_path, line, why):
    make_article(slug="one")
    path = tmp_path / "comments.jsonl"
    path.write_text("\n".join(['{"format":"comments","version":1}', line, GOOD, ""]))

    output = run_import(path)

    assert "1 created" in output
    assert why in output


@pytest.mark.parametrize("head", ['{"format":"comments","version":2}', '{"format":"quizzes"}', "{}", "{"])
def test_another_format_or_version_is_refused(tmp_path, head):
    make_article(slug="one")
    path = tmp_path / "comments.jsonl"
    path.write_text(f"{head}\n{GOOD}\n")

    with pytest.raises(CommandError, match="cannot be read"):
        run_import(path)
    assert not Comment.objects.exists()
