"""Faces and links of authors."""

from unittest.mock import patch

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.labels import merging
from articles.models import Article, Author, Byline, Image, MergedLabel, fetching
from publishing.tests.factories import make_article, make_author, make_user
from publishing.tests.pictures import picture, stored_files, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_user("editor"))
    return client


def save(desk, author, **fields):
    data = {"name": author.name, "slug": author.slug, "biography": "", "link_lines": "", "picture": "", "user": ""}
    response = desk.post(reverse("admin:articles_author_change", args=[author.pk]), data | fields)
    author.refresh_from_db()
    return response


def face(author, **options):
    words = "".join(f" {name}={value}" for name, value in options.items())
    return Template("{% load article_tags %}{% face author" + words + " %}").render(Context({"author": author}))


def test_a_face_is_a_picture_of_fixed_size_whose_focal_point_stays_in_view():
    image = Image.objects.create(file=uploaded(), alt="Ines at a desk", focus_x=30, focus_y=10)
    html = face(Author(name="Ines", picture=image))

    assert f'class="face x3 y1" src="{image.file.url}" alt="" width="44" height="44" ' in " ".join(html.split())
    assert 'class="face large x3 y1"' in face(Author(name="Ines", picture=image), large=True)


@pytest.mark.parametrize(("name", "initial"), [("ines okafor", "I"), ("“Ömer”", "Ö"), ("ßeta", "S"), ("—", "—")])
def test_without_a_picture_it_is_the_initial_which_is_not_read_aloud(name, initial):
    assert f'<span class="face" aria-hidden="true">{initial}</span>' in face(Author(name=name))


def test_a_picture_is_uploaded_on_the_form_of_an_author_and_is_in_the_library(desk, client):
    ines = make_author("Ines Okafor")

    assert save(desk, ines, upload=uploaded(name="ines.png")).status_code == 302

    assert (ines.picture.alt, ines.picture.original_name) == ("Portrait of Ines Okafor", "ines.png")
    assert f'src="{ines.picture.file.url}"' in client.get(ines.get_absolute_url()).text
    page = desk.get(reverse("admin:articles_image_change", args=[ines.picture.pk])).text
    assert f'Picture of <a href="/admin/articles/author/{ines.pk}/change/">Ines Okafor</a>' in page


def test_the_same_file_is_stored_once_and_a_picture_can_be_chosen(desk):
    ines, omar = make_author("Ines"), make_author("Omar")
    save(desk, ines, upload=uploaded())

    save(desk, omar, upload=uploaded())
    assert Image.objects.get() == ines.picture == omar.picture

    save(desk, omar, picture="")
    assert omar.picture is None
    save(desk, omar, picture=ines.picture.pk)
    assert omar.picture == ines.picture


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"", picture()[:60]])
def test_a_file_that_is_no_picture_is_refused_and_nothing_is_stored(desk, data):
    ines, files = make_author(), stored_files()

    response = save(desk, ines, upload=uploaded(data, "face.svg"), name="Another")

    assert response.status_code == 200 and "errorlist" in response.text
    assert (ines.name, ines.picture, Image.objects.count(), stored_files()) == ("Ines Okafor", None, 0, files)


def test_no_file_stays_if_the_author_cannot_be_saved(desk):
    ines, files = make_author(), stored_files()

    with patch.object(Author, "save", side_effect=OSError), pytest.raises(OSError):
        save(desk, ines, upload=uploaded())

    assert (Image.objects.count(), stored_files()) == (0, files)


def test_links_are_lines_of_words_and_an_address(desk, client):
    ines = make_author()

    save(
        desk,
        ines,
        link_lines="My  site https://example.org/?a=1&b=2\r\n\r\nmailto:ines@example.org\nhttp://www.example.com",
    )

    assert ines.links == [
        ("My site", "https://example.org/?a=1&b=2"),
        ("ines@example.org", "mailto:ines@example.org"),
        ("example.com", "http://www.example.com"),
    ]
    page = client.get(ines.get_absolute_url()).text
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="me noopener">My site</a>' in page


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "My site javascript:alert(1)",
            "Line 2: end it with an address that begins with https://, http:// or mailto:.",
        ),
        ("JavaScript:alert(1)", "Line 2: end it with"),
        ("data:text/html,x", "Line 2: end it with"),
        ("//example.org", "Line 2: end it with"),
        ("only words", "Line 2: end it with"),
        ("ines@example.org", "Line 2: end it with"),
        ("https://", "is not a whole address"),
        ("https://[::1", "is not a whole address"),
        ("https://exa mple.org", "Line 2: end it with"),
        ("mailto:ines", "is not a whole address"),
        ("https://example.org/" + 500 * "a", "longer than 500"),
        (f"{61 * 'w'} https://example.org/", "at most 60"),
        ("a\x01b https://example.org/", "cannot be stored"),
        ("\u202ea https://example.org/", "hidden character"),
        ("\n".join(12 * ["https://example.org/"]), "at most 12 links"),
    ],
)
def test_a_line_that_is_no_link_is_refused_with_a_sentence(desk, line, sentence):
    ines = make_author()

    response = save(desk, ines, link_lines=f"https://example.org/\n{line}")

    assert response.status_code == 200
    assert sentence in " ".join(response.context["adminform"].form.errors["link_lines"])
    assert ines.links == []


def test_a_stored_line_that_is_no_link_is_not_shown(client):
    ines = make_author()
    Author.objects.update(link_lines="Site javascript:alert(1)\nhttps://example.org/")
    ines.refresh_from_db()

    assert ines.links == [("example.org", "https://example.org/")]
    assert "javascript:" not in client.get(ines.get_absolute_url()).text


def test_the_authors_of_many_cards_and_their_faces_take_one_query():
    image = Image.objects.create(file=uploaded(), alt="A face")
    ines, omar = make_author("Ines"), make_author("Omar")
    Author.objects.update(picture=image)
    for _ in range(3):
        make_article(authors=[omar, ines])

    articles = list(Article.objects.all())

    with CaptureQueriesContext(connection) as captured:
        fetching.fetch_authors(articles)
        names = [[(author.name, author.picture.alt) for author in article.byline] for article in articles]

    assert names == 3 * [[("Omar", "A face"), ("Ines", "A face")]]
    assert len(captured) == 1


def test_a_merge_is_undone_though_the_picture_is_gone():
    image = Image.objects.create(file=uploaded(), alt="A face")
    ines, omar, owner = make_author("Ines"), make_author("Omar"), make_user("owner")
    ines.picture, ines.link_lines = image, "https://example.org/"
    ines.save()
    merging.merge([ines], omar, by=owner)
    image.delete()

    again = merging.undo(MergedLabel.objects.get(), by=owner)

    assert (again.picture, again.links) == (None, [("example.org", "https://example.org/")])


def test_a_deleted_picture_leaves_the_author_and_the_article():
    image = Image.objects.create(file=uploaded(), alt="A face")
    ines = make_author("Ines")
    Author.objects.update(picture=image)
    make_article(authors=[ines])

    image.delete()

    assert Byline.objects.get().author.picture is None
