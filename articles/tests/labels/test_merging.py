"""Labels are merged and renamed in the admin; what names them goes on working, and it can be undone."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from articles.labels import merging
from articles.lists.recounting import recount
from articles.models import Article, Author, BulkChange, Byline, Category, MergedLabel, Series, Tag
from articles.versions import saving, steps
from publishing.models import Redirect
from publishing.tests.factories import make_article, make_author, make_category, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_user("editor")
    client.force_login(editor)
    return editor


def make_tag(name):
    return Tag.objects.create(name=name, slug=name.lower())


def merge_url(*labels):
    keys = "&".join(f"key={label.pk}" for label in labels)
    return f"{reverse(f'admin:articles_{labels[0]._meta.model_name}_merge')}?{keys}"


def merge(client, kept, *others, name=""):
    response = client.post(merge_url(kept, *others), {"keep": kept.pk, "name": name})
    assert response.status_code == 302, response.content.decode()


def undo(client, label):
    kind = label._meta.model_name
    merged = MergedLabel.objects.get(kind=kind, key=label.pk)
    return client.post(reverse(f"admin:articles_{kind}_unmerge", args=[merged.pk]), follow=True)


def tags_of(article):
    return {tag.name for tag in Article.objects.get(pk=article.pk).tags.all()}


def test_the_page_says_how_many_articles_have_them_before_anything_changes(client, editor):
    js, javascript = make_tag("JS"), make_tag("JavaScript")
    make_article(tags=[js])
    make_article(tags=[js, javascript])
    make_article(tags=[javascript], status="draft", published_at=None)
    chosen = {"action": "merge_or_rename", "_selected_action": [js.pk, javascript.pk]}
    asked = client.post(reverse("admin:articles_tag_changelist"), chosen)

    page = client.get(asked.headers["Location"]).content.decode()

    assert "JS (js): 2 articles, 2 of them published" in page
    assert "JavaScript (javascript): 2 articles, 1 of them published" in page
    assert "<b>1</b> article with more than one of them" in page
    assert Tag.objects.count() == 2


def test_articles_of_merged_tags_have_the_one_that_stays_and_old_addresses_lead_to_it(client, editor):
    js, javascript = make_tag("JS"), make_tag("JavaScript")
    one, both = make_article(title="Only JS", tags=[js]), make_article(tags=[js, javascript])
    assert "Only JS" not in client.get("/tags/javascript/").content.decode()

    merge(client, javascript, js)

    assert (tags_of(one), tags_of(both)) == ({"JavaScript"}, {"JavaScript"})
    assert "Only JS" in client.get("/tags/javascript/").content.decode()
    assert client.get("/tags/js/").headers["Location"] == "/tags/javascript/"
    assert client.get("/tags/js/feed.xml").headers["Location"] == "/tags/javascript/feed.xml"
    assert recount(repair=False) == {}
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Merged into “JavaScript”",
        "Merged “JS” into it",
    ]


def test_a_working_version_that_names_a_merged_tag_is_saved_with_the_one_that_stays(client, editor):
    js, javascript = make_tag("JS"), make_tag("JavaScript")
    article = make_article(tags=[js])
    now = saving.current(article)
    saving.save_working(now, now.fields | {"title": "Typed"}, by=editor, token=now.digest)
    merge(client, javascript, js)
    url = reverse("admin:articles_article_change", args=[article.pk])

    form = client.get(url).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    # A form that was open meanwhile sends the old key.
    answer = client.post(url, typed | {"tags": [js.pk], "title": "Typed", "step": "publish"})

    assert answer.status_code == 302, answer.content.decode()
    assert form.initial["tags"] == [javascript.pk]
    assert (tags_of(article), Article.objects.get().title) == ({"JavaScript"}, "Typed")
    first = article.versions.order_by("number").first()
    steps.restore(first, by=editor)
    steps.publish(article, by=editor)
    assert tags_of(article) == {"JavaScript"}


def test_what_is_typed_in_an_open_form_is_saved_with_the_tag_that_stays(client, editor):
    js, javascript = make_tag("JS"), make_tag("JavaScript")
    article = make_article(tags=[js], status="draft", published_at=None)
    token = saving.current(article).digest
    merge(client, javascript, js)

    autosave = reverse("admin:articles_article_autosave", args=[article.pk])
    sent = {"title": "Typed", "slug": article.slug, "tags": [js.pk], "token": token}
    assert client.post(autosave, sent).status_code == 200

    assert article.versions.working().get().fields["tags"] == [javascript.pk]


@pytest.mark.parametrize("kind", ["category", "tag", "author", "series"])
def test_a_merge_is_undone_with_address_articles_and_numbers(client, editor, kind):
    label, kept, others = labels_with_articles(kind)
    before = {row.pk: describe(row, kind) for row in others}

    merge(client, kept, label)
    merged = {row.pk: describe(row, kind) for row in others}
    answer = undo(client, label)

    assert answer.status_code == 200
    assert merged != before
    assert {row.pk: describe(row, kind) for row in others} == before
    assert client.get(label.get_absolute_url()).status_code == 200
    assert not Redirect.objects.exists()
    assert recount(repair=False) == {}
    assert not MergedLabel.objects.exists()


def labels_with_articles(kind):
    if kind == "series":
        label, kept = (Series.objects.create(title=name, slug=name) for name in ("one", "two"))
        articles = [make_article(series=row, series_position=place) for row in (label, kept) for place in (1, 3)]
        return label, kept, [*articles, make_article(series=label)]
    if kind == "category":
        label, kept = make_category("One"), make_category("Two")
        return label, kept, [make_article(category=label), make_article(category=kept)]
    if kind == "author":
        label, kept = make_author("One", user=make_user("author")), make_author("Two")
        articles = [make_article(authors=authors) for authors in ([label], [kept], [kept, label])]
        return label, kept, articles
    label, kept = make_tag("One"), make_tag("Two")
    return label, kept, [make_article(tags=tags) for tags in ([label], [kept], [label, kept])]


def describe(article, kind):
    article = Article.objects.get(pk=article.pk)
    if kind == "series":
        return str(article.series), article.series_position
    if kind == "category":
        return str(article.category)
    if kind == "author":
        return [(byline.author.name, byline.author.user_id) for byline in article.bylines.all()]
    return tags_of(article)


def test_two_bylines_of_one_person_become_one_with_the_account(client, editor):
    user = make_user("author")
    old, kept = make_author("I. Okafor", user=user), make_author("Ines Okafor")
    article = make_article(authors=[make_author("Omar"), old])

    merge(client, kept, old)

    kept.refresh_from_db()
    assert kept.user == user
    assert [byline.author.name for byline in article.bylines.all()] == ["Omar", "Ines Okafor"]
    assert client.get(f"/authors/{old.slug}/").headers["Location"] == kept.get_absolute_url()


def test_two_bylines_with_accounts_are_not_merged(client, editor):
    authors = [make_author(name, user=make_user("author")) for name in ("One", "Two")]

    answer = client.post(merge_url(*authors), {"keep": authors[0].pk, "name": ""})

    assert "More than one of them has an account" in answer.content.decode()
    assert Author.objects.count() == 2


def test_parts_of_a_merged_series_come_after_those_of_the_other(client, editor):
    one, two = (Series.objects.create(title=name, slug=name) for name in ("one", "two"))
    parts = [make_article(series=two, series_position=place) for place in (1, 2)]
    later = make_article(series=one, series_position=1)
    version = saving.current(later)

    merge(client, two, one)

    assert list(two.articles.in_series_order()) == [*parts, later]
    assert later.versions.get(pk=version.pk).fields["series_position"] == 3


def test_tags_are_renamed_with_a_redirect_and_to_no_name_that_there_is(client, editor):
    js, python = make_tag("JS"), make_tag("Python")
    make_article(tags=[js])

    refused = client.post(merge_url(js), {"keep": js.pk, "name": " python "}).content.decode()
    merge(client, js, name="ECMAScript")

    assert "There is “Python” already" in refused
    assert f"key={python.pk}" in refused
    assert client.get("/tags/js/").headers["Location"] == "/tags/ecmascript/"
    assert "ECMAScript" in client.get("/tags/ecmascript/").content.decode()
    assert LogEntry.objects.get().change_message == "Renamed from “JS”"


@pytest.mark.parametrize("name", ["x" * 61, "a\x07b", "a\u202eb", "\u200b"])
def test_a_name_that_cannot_be_stored_is_refused_beside_the_field_and_nothing_is_merged(client, editor, name):
    one, two = make_tag("One"), make_tag("Two")

    answer = client.post(merge_url(one, two), {"keep": one.pk, "name": name})

    assert answer.context["form"].errors.keys() == {"name"}
    assert set(Tag.objects.values_list("name", flat=True)) == {"One", "Two"}


def test_a_merge_into_a_label_that_was_merged_itself_is_undone_in_order(client, editor):
    one, two, three = make_tag("One"), make_tag("Two"), make_tag("Three")
    article = make_article(tags=[one])
    merge(client, two, one)
    merge(client, three, two)

    assert client.get("/tags/one/").headers["Location"] == "/tags/three/"
    assert "undo that first" in undo(client, one).content.decode()
    undo(client, two)
    undo(client, one)
    assert tags_of(article) == {"One"}


def test_what_somebody_else_has_merged_or_undone_meanwhile_is_left_alone(client, editor):
    one, two = make_tag("One"), make_tag("Two")
    stale = Tag.objects.get(pk=one.pk)
    merge(client, two, one)

    with pytest.raises(merging.NotPossible, match="somebody else"):
        merging.merge([stale], two, by=editor)
    stale = Tag.objects.get(pk=two.pk)
    merged = MergedLabel.objects.get()
    undo(client, one)
    with pytest.raises(merging.NotPossible, match="undone it already"):
        merging.undo(merged, by=editor)
    two.delete()
    with pytest.raises(merging.NotPossible, match="gone"):
        merging.rename(stale, "Other", by=editor)

    assert [tag.name for tag in Tag.objects.all()] == ["One"]


def test_a_name_that_was_merged_is_not_given_again_by_mistake(client, editor):
    js, javascript = make_tag("JS"), make_tag("JavaScript")
    merge(client, javascript, js)

    answer = client.post(reverse("admin:articles_tag_add"), {"name": "js", "slug": "js"}).content.decode()
    chosen = client.get(reverse("admin:articles_article_labels", args=["tag"]), {"q": "js"}).json()

    assert "This was merged into “JavaScript”" in answer
    assert (chosen["results"][0]["name"], chosen["may_make"]) == ("JavaScript", False)


def test_undoing_refuses_a_name_that_was_given_again(client, editor):
    one, two = make_tag("One"), make_tag("Two")
    merge(client, two, one)
    Tag.objects.create(name="One", slug="another")

    assert "There is another tag called “One” now" in undo(client, one).content.decode()
    assert MergedLabel.objects.exists()


def test_a_bulk_change_of_a_merged_category_is_still_undone(client, editor):
    old, kept = make_category("Old"), make_category("Kept")
    change = BulkChange.objects.create(action="category", category=old)

    merge(client, kept, old)

    change.refresh_from_db()
    assert change.category == kept


@pytest.mark.parametrize("role", ["author", "moderator"])
def test_who_may_not_delete_labels_does_not_merge_them(client, role):
    one, two = make_tag("One"), make_tag("Two")
    client.force_login(make_user(role))

    assert client.post(merge_url(one, two), {"keep": one.pk}).status_code == 403
    assert Tag.objects.count() == 2


@pytest.mark.parametrize("keys", ["", "?key=x", "?key=-1", "?key=9" + "9" * 30, "?key=999999"])
def test_labels_that_are_not_there_lead_back_to_the_list(client, editor, keys):
    answer = client.get(reverse("admin:articles_tag_merge") + keys)

    assert answer.headers["Location"] == reverse("admin:articles_tag_changelist")


@pytest.mark.parametrize("kind", ["category", "tag", "author", "series"])
def test_the_queries_of_a_merge_do_not_grow_with_its_articles(editor, count_queries, kind):
    found = []
    for number in (2, 12):
        label, kept, _ = labels_with_articles(kind)
        make_many(kind, label, number)
        ContentType.objects.get_for_model(label)
        with count_queries() as queries:
            merging.merge([label], kept, by=editor)
        found.append(len(queries))
        clear()

    assert found[0] == found[1]


def make_many(kind, label, number):
    values = {"tag": {"tags": [label]}, "author": {"authors": [label]}}.get(kind, {kind: label})
    for _ in range(number):
        make_article(published_at=timezone.now() - timedelta(days=1), **values)


def clear():
    Byline.objects.all().delete()
    Article.objects.all().delete()
    for model in (Tag, Author, Series, Category):
        model.objects.all().delete()
