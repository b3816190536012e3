"""Categories, tags, authors and series are chosen by name on the writing screen, and made there."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils.text import slugify

from articles.models import Article, Author, Category, Series, Tag
from articles.tests.test_admin import ADD, change_url, fields, token
from articles.versions import steps
from publishing.tests.factories import make_article, make_author, make_category, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_user("editor")
    client.force_login(editor)
    return editor


def make_tag(name):
    return Tag.objects.create(name=name, slug=slugify(name))


def url(kind):
    return reverse("admin:articles_article_labels", args=[kind])


def found(client, kind, query):
    answer = client.get(url(kind), {"q": query}).json()
    return [result["name"] for result in answer["results"]], answer["may_make"]


# --- by the form alone ---


def test_names_that_were_typed_are_chosen_and_new_ones_made_when_the_form_is_sent(client, editor):
    python = make_tag("Python")
    typed = {
        "tags_typed": " python ,Rust,  rust , Web  Assembly",
        "byline_typed": "Ines Okafor",
        "category_typed": "News",
    }

    answer = client.post(ADD, fields(series_typed="By hand", step="save", **typed))

    assert answer.status_code == 302, answer.content.decode()
    article = Article.objects.get()
    assert {tag.name for tag in article.tags.all()} == {"Python", "Rust", "Web Assembly"}
    assert python in article.tags.all()
    assert [str(article.category), str(article.series), str(article.byline[0])] == ["News", "By hand", "Ines Okafor"]
    assert article.series.slug == "by-hand"
    made = LogEntry.objects.filter(change_message="Added on the writing screen")
    assert sorted(made.values_list("object_repr", flat=True)) == [
        "By hand", "Ines Okafor", "News", "Rust", "Web Assembly",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x" * 61, "at most 60 characters"),
        ("a\x07b", "cannot be stored"),
        ("a\u202eb", "changes the text direction"),
        ("\u200b", "at least one letter"),
        ("x," * 1001, "at most 2,000 characters"),
    ],
)
def test_a_name_that_cannot_be_stored_is_refused_beside_the_field_and_nothing_is_made(client, editor, name, message):
    answer = client.post(ADD, fields(tags_typed=f"{name},Fine", step="save"))

    errors = answer.context["adminform"].form.errors
    assert errors.keys() == {"tags"}
    assert message in str(errors)
    assert "Fine" in answer.content.decode()
    assert not Tag.objects.exists()


def test_nothing_is_made_if_the_form_is_refused_for_another_reason(client, editor):
    answer = client.post(ADD, fields(tags_typed="Rust", title="", step="save"))

    assert 'value="Rust"' in answer.content.decode()
    assert not Tag.objects.exists()


def test_an_author_chooses_by_name_and_makes_none(client):
    user = make_user("author")
    make_author(user=user)
    python = make_tag("Python")
    client.force_login(user)

    refused = client.post(ADD, fields(tags_typed="Rust", step="save"))
    client.post(ADD, fields(tags_typed="PYTHON", step="save"))

    assert "There is no tag “Rust”" in refused.content.decode()
    assert list(Article.objects.get().tags.all()) == [python]
    assert client.post(url("tag"), {"name": "Rust"}).status_code == 403
    assert list(Tag.objects.all()) == [python]


def test_the_order_of_the_byline_is_what_readers_see_and_comes_back_with_an_earlier_version(client, editor):
    one, two, three = (make_author(name) for name in ("One", "Two", "Three"))
    article = make_article(authors=[one, two, three])
    steps.save(article, by=editor)
    first = article.versions.order_by("number").first()

    sent = {"slug": article.slug, "token": token(client, article), "byline": [three.pk, one.pk, two.pk]}
    client.post(change_url(article), fields(step="publish", **sent))

    assert shown_byline(client, article) == ["Three", "One", "Two"]
    compared = reverse("admin:articles_article_difference", args=[article.pk]) + f"?old={first.number}"
    assert "Three" in client.get(compared).content.decode()
    steps.restore(first, by=editor)
    steps.publish(article, by=editor)
    assert shown_byline(client, article) == ["One", "Two", "Three"]


def shown_byline(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    head = page[page.index("<h1") : page.index("One paragraph") if "One paragraph" in page else None]
    return sorted(("One", "Two", "Three"), key=lambda name: head.index(f">{name}<"))


def test_two_orders_of_a_byline_are_shown_with_names(client, editor):
    one, two, three = (make_author(name) for name in ("One", "Two", "Three"))
    article = make_article(authors=[one, two, three], status="draft", published_at=None)
    stale = token(client, article)
    sent = {"slug": article.slug, "step": "save", "token": stale}
    client.post(change_url(article), fields(byline=[two.pk, one.pk, three.pk], **sent))

    answer = client.post(change_url(article), fields(byline=[three.pk, two.pk, one.pk], **sent)).content.decode()

    assert '<pre dir="auto">Three, Two, One</pre>' in answer
    assert '<pre dir="auto">Two, One, Three</pre>' in answer


# --- series ---


def test_a_place_that_another_article_has_is_refused_with_the_next_free_one(client, editor):
    series = Series.objects.create(title="By hand", slug="by-hand")
    make_article(title="Part one", series=series, series_position=1)
    make_article(series=series, series_position=4)

    answer = client.post(ADD, fields(series=series.pk, series_position="1", step="save"))

    errors = answer.context["adminform"].form.errors
    assert errors == {"series_position": ["“Part one” has place 1 already. The next free place is 5."]}


def test_a_series_proposes_its_next_free_place(client, editor):
    series = Series.objects.create(title="By hand", slug="by-hand")
    assert client.get(url("series"), {"q": "hand"}).json()["results"][0]["place"] == 1
    make_article(series=series, series_position=4)

    assert client.get(url("series"), {"q": "hand"}).json()["results"][0]["place"] == 5


# --- what the script asks for ---


def test_the_label_with_the_same_name_comes_first_then_what_begins_with_it(client, editor):
    for name in ("Cargo", "Go", "Django", "Golang"):
        make_tag(name)

    assert found(client, "tag", "go") == (["Go", "Golang", "Cargo", "Django"], False)
    assert found(client, "tag", "gol") == (["Golang"], True)
    assert found(client, "tag", "") == (["Cargo", "Django", "Go", "Golang"], False)


def test_a_new_name_makes_one_label_however_often_and_however_it_is_typed(client, editor):
    answers = [
        client.post(url("tag"), {"name": name}).json() for name in ("Élan vital", " élan  VITAL ", "Élan\tvital")
    ]

    assert [answer["key"] for answer in answers] == [Tag.objects.get().pk] * 3
    assert Tag.objects.get().slug == "elan-vital"
    assert found(client, "tag", "élan vital") == (["Élan vital"], False)


@pytest.mark.parametrize(("kind", "model"), [("category", Category), ("author", Author), ("series", Series)])
def test_other_labels_are_made_likewise(client, editor, kind, model):
    answer = client.post(url(kind), {"name": "Of the sea"})

    assert answer.json()["key"] == model.objects.get().pk
    assert client.get(model.objects.get().get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x07b", "a\u202eb", "x" * 2001])
def test_a_name_that_cannot_be_stored_is_answered_with_a_sentence(client, editor, name):
    answer = client.post(url("tag"), {"name": name})

    assert answer.status_code == 400
    assert answer.json()["problem"].endswith((".", ")."))
    assert not Tag.objects.exists()


def test_a_search_costs_the_same_for_few_and_for_many(client, editor, count_queries):
    numbers = []
    for number in (2, 12):
        for index in range(number):
            make_tag(f"Topic {number} {index}")
        found(client, "tag", "topic")
        with count_queries() as queries:
            assert len(found(client, "tag", "topic")[0]) >= number
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_a_form_with_many_labels_asks_no_more_than_one_with_few(client, editor, count_queries):
    make_category()
    numbers = []
    for number in (2, 12):
        tags, authors = ([make(f"{number} {index}") for index in range(number)] for make in (make_tag, make_author))
        article = make_article(tags=tags, authors=authors)
        client.get(change_url(article))
        with count_queries() as queries:
            client.get(change_url(article))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]
