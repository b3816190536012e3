import re
from io import BytesIO

import pytest
from PIL import Image as Picture

from articles.models import Category
from publishing.models import Publication
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db


def link(client, rel):
    return re.search(rf'<link rel="{rel}" href="([^"]+)"', client.get("/").text.replace("site.css", ""))[1]


def stylesheet(client):
    return re.search(r'href="(/identity/[0-9a-f]+\.css)"', client.get("/").text)[1]


def test_the_colours_of_publication_and_categories_are_one_style_sheet_that_never_changes(client):
    Publication(accent="#7a1f5c").save()
    category = Category.objects.create(name="Opinion", slug="opinion", colour="#ffd400")
    answer = client.get(stylesheet(client))

    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert ":root,:host{--accent:light-dark(#7a1f5c," in answer.text
    assert re.search(rf"\.c{category.pk}\{{--hue:light-dark\(#[0-9a-f]{{6}},#ffd400\)", answer.text)


def test_a_new_colour_has_a_new_address_and_the_old_one_leads_to_it(client):
    category = Category.objects.create(name="Opinion", slug="opinion")
    old = stylesheet(client)
    category.colour = "#123456"
    category.save()
    new = stylesheet(client)

    assert new != old
    assert client.get(old).headers["Location"] == new
    assert client.get("/identity/nonsense.css").headers["Location"] == new
    assert "#123456" in client.get(new).text


def test_forty_categories_have_a_class_each(client):
    for number in range(40):
        make_article(category=Category.objects.create(name=f"Category {number}", slug=f"c-{number}"))

    answer = client.get(stylesheet(client))

    assert answer.text.count("--hue:") == Category.objects.count()
    assert len(answer.content) < 12_000
    assert client.get("/").status_code == 200


def test_no_query_reads_the_look_while_nothing_has_changed(client, django_assert_num_queries):
    address = stylesheet(client)
    with django_assert_num_queries(0):
        client.get(address)
        client.get("/manifest.webmanifest")


def test_the_icon_is_there_in_all_sizes_in_the_colour_of_the_publication(client):
    Publication(name="The Reed", accent="#7a1f5c").save()
    manifest = client.get("/manifest.webmanifest")
    icons = [icon["src"] for icon in manifest.json()["icons"]]

    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert manifest.json()["name"] == "The Reed"
    assert "#7a1f5c" in client.get(link(client, "icon")).text
    for address, size in zip([link(client, "apple-touch-icon"), *icons], [180, 192, 512], strict=True):
        answer = client.get(address)
        picture = Picture.open(BytesIO(answer.content)).convert("RGB")

        assert picture.size == (size, size)
        assert (0x7A, 0x1F, 0x5C) in {colour for _, colour in picture.getcolors()}
        assert "immutable" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_only_files_that_there_are_have_an_address(client):
    old = link(client, "icon")
    Publication(accent="#7a1f5c").save()

    assert client.get(old).headers["Location"] == link(client, "icon")
    assert client.get("/identity/logo-light-0123456789ab.svg").status_code == 404
    assert client.get(link(client, "icon").replace(".svg", ".png")).status_code == 302
