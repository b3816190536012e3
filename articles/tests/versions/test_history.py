"""The versions of an article, what differs between two of them, and to restore one."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from articles.models import Category, Tag
from articles.versions import saving, steps
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


def url(name, article, query=""):
    return reverse(f"admin:articles_article_{name}", args=[article.pk]) + query


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def article():
    article = make_article(title="The harbour", body="First.\n\nThe old bridge was closed.\n")
    saving.record(article)
    return article


def change(article, by, **fields):
    """Somebody types it into the form."""
    now = saving.current(saving.locked(article.pk))
    saving.save_working(now, now.fields | fields, by=by, token=now.digest)


def shown(client, article, query=""):
    return client.get(url("difference", article, query)).content.decode()


def test_each_step_is_in_the_list_with_who_and_why(client, article, editor):
    change(article, editor, title="The port")
    steps.publish(article, by=editor, note="The council corrected us.")
    change(article, editor, title="The old port")
    client.force_login(editor)

    text = client.get(url("versions", article)).content.decode()

    assert "The council corrected us." in text
    assert f"by {editor.username}" in text
    assert text.index("Working version") < text.index("Live version") < text.index("Earlier")
    assert url("versions", article) in client.get(url("change", article)).content.decode()


def test_each_named_save_and_step_of_review_is_a_version(article, editor):
    author = make_user("author")
    change(article, author, body="Named.")
    steps.save(article, by=author, note="Before lunch")
    change(article, author, body="Sent.")
    steps.send_for_review(article, by=author, note="Ready")
    change(article, author, body="Sent, and changed.")
    change(article, author, body="Sent, and changed again.")
    steps.send_back(article, by=editor, note="Too long")
    change(article, author, body="Shorter.")
    steps.publish(article, by=editor)

    kept = article.versions.order_by("number").values_list("kind", "fields__body", "note").filter(state="old")
    assert list(kept[1:]) == [
        ("saved", "Named.", "Before lunch"),
        ("review", "Sent.", "Ready"),
        ("sent_back", "Sent, and changed again.", "Too long"),
    ]


def test_a_draft_that_is_published_as_it_was_sent_keeps_who_sent_it(editor):
    author, article = make_user("author"), make_article(status="draft", published_at=None)
    steps.send_for_review(article, by=author, note="Ready")
    steps.publish(article, by=editor)

    assert list(article.versions.order_by("number").values_list("state", "kind", "by")) == [
        ("live", "published", editor.pk),
        ("old", "review", author.pk),
    ]


def test_without_a_choice_the_live_version_is_compared_with_what_is_worked_on(client, article, editor):
    change(article, editor, body="First.\n\nThe new bridge was closed.\n", summary="A summary.")
    client.force_login(editor)

    text = shown(client, article)

    assert '<del><span class="visually-hidden">removed: </span>old</del>' in text
    assert '<ins><span class="visually-hidden">added: </span>new</ins>' in text
    assert "Summary" in text
    assert "Slug" not in text


def test_rows_are_named_and_one_that_is_gone_says_so(client, article, editor):
    tags = [Tag.objects.create(name=name, slug=name.lower()) for name in ("Bridges", "Ferries")]
    gone, category = (Category.objects.create(name=name, slug=name.lower()) for name in ("Harbour", "Transport"))
    change(article, editor, tags=[tag.pk for tag in tags], authors=[make_author("Ada Obi").pk], category=gone.pk)
    steps.publish(article, by=editor)
    change(article, editor, tags=[tags[0].pk], authors=[], category=category.pk)
    gone_key = gone.pk
    article.refresh_from_db()
    article.category = category
    article.save()
    gone.delete()
    client.force_login(editor)

    changes = {row.label: row for row in client.get(url("difference", article)).context["changes"]}

    assert not Category.objects.filter(pk=gone_key).exists()
    assert "one that is deleted" in changes["category"].before
    assert "Transport" in changes["category"].after
    assert "Ferries" in changes["tags"].before
    assert changes["tags"].after == "Bridges"
    assert ("Ada Obi" in changes["authors"].before, changes["authors"].after) == (True, "")


def test_markup_in_a_text_is_shown_as_text(client, article, editor):
    change(article, editor, body="<script>alert(1)</script>", title="<b>Bold</b>")
    client.force_login(editor)

    text = shown(client, article)

    assert "<script>alert" not in text
    assert "<b>Bold" not in text


def test_a_restored_version_is_worked_on_and_what_was_worked_on_can_be_restored_too(client, article, editor):
    change(article, editor, title="The port")
    client.force_login(editor)
    first, second = article.versions.order_by("number").values_list("number", flat=True)

    client.post(url("restore", article), {"version": first})
    assert client.get(url("change", article)).context["adminform"].form.version.fields["title"] == "The harbour"
    assert LogEntry.objects.filter(change_message=f"Restored version {first}").exists()

    client.post(url("restore", article), {"version": second})
    assert client.get(url("change", article)).context["adminform"].form.version.fields["title"] == "The port"
    article.refresh_from_db()
    assert article.title == "The harbour"


def test_an_author_restores_a_text_of_their_own_article_but_no_byline(client, editor):
    user = make_user("author")
    author, other = make_author("Ada Obi", user=user), make_author("Ben Ode")
    article = make_article(authors=[other])
    saving.record(article)
    change(article, editor, authors=[other.pk, author.pk], body="New.")
    steps.publish(article, by=editor)
    client.force_login(user)

    assert client.post(url("restore", article), {"version": 1}).status_code == 302

    working = article.versions.working().get()
    assert working.fields["body"].startswith("One paragraph.")
    assert working.fields["authors"] == [other.pk, author.pk]


def test_notes_and_texts_of_an_article_of_somebody_else_are_not_shown_to_an_author(client, article):
    client.force_login(make_user("author"))

    for name in ("versions", "difference"):
        assert client.get(url(name, article)).status_code == 403
    assert client.post(url("restore", article), {"version": 1}).status_code == 403


@pytest.mark.parametrize("query", ["?old=99&new=1", "?old=x", f"?old={10**30}&new=1", "?old=-1"])
def test_a_version_that_is_gone_is_not_found(client, article, editor, query):
    client.force_login(editor)

    assert client.get(url("difference", article, query)).status_code == 404
    assert client.post(url("restore", article), {"version": query[5:]}).status_code == 404


def test_the_list_of_many_versions_costs_few_queries_and_reads_no_texts(
    client, article, editor, django_assert_max_num_queries
):
    fields = saving.fields_of(article)
    for number in range(60):
        saving.add(article, fields | {"body": f"Text {number}"}, state="old", kind="saved", by=editor)
    client.force_login(editor)

    with django_assert_max_num_queries(20) as queries:
        answer = client.get(url("versions", article, "?page=2"))

    assert answer.content.decode().count('name="old"') == 11
    assert not [query for query in queries if '"articles_version"."fields"' in query["sql"]]
