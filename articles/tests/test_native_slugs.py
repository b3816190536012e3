"""Addresses in the letters of their script, as the setting NATIVE_SLUGS keeps them."""

from urllib.parse import quote

import pytest
from django.utils import timezone

from articles.models import Category
from articles.versions import saving
from articles.versions.content import EMPTY
from publishing.models import Redirect
from publishing.text.slugs import name_slug, slug_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "native", "ascii"),
    [
        ("東京タワーの歩き方", "東京タワーの歩き方", "dongjingtawanobukifang"),
        ("Тихая вода", "тихая-вода", "tikhaya-voda"),
        ("Ærlig øl, 1.2", "ærlig-øl-1-2", "aerlig-ol-1-2"),
        ("مقال", "مقال", "mql"),
        ("…", "", ""),
    ],
)
def test_a_title_of_any_script_has_a_slug(settings, text, native, ascii):  # noqa: A002
    assert slug_of(text) == ascii
    settings.NATIVE_SLUGS = True
    assert slug_of(text) == native


def test_signs_make_names_different():
    assert [name_slug(name) for name in ("C", "C++", "C#", ".NET", "A+")] == [
        "c",
        "c-plus-plus",
        "c-sharp",
        "dot-net",
        "a-plus",
    ]


def test_an_article_with_a_native_address_works_as_any_other(settings, client):
    settings.NATIVE_SLUGS = True
    category = Category.objects.create(name="Города", slug="города")
    article = saving.create(EMPTY | {"title": "東京 タワー", "category": category.pk}, by=None)
    article.status, article.published_at = "published", timezone.now()
    article.save()

    address = article.get_absolute_url()
    assert address == f"/articles/{quote('東京-タワー')}/"
    page = client.get(address)
    assert page.status_code == 200
    assert f'rel="canonical" href="{settings.SITE_URL}{address}"' in page.text
    assert address in client.get(category.get_absolute_url()).text
    assert address in client.get("/feed.xml").text
    assert client.post(f"{address}heart/", {"wanted": "1"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code < 400
    assert client.get(f"{address}comments/").status_code == 302

    article.slug = "другая"
    article.save()
    assert client.get(address)["Location"] == f"/articles/{quote('другая')}/"
    assert Redirect.objects.get().old_path == "/articles/東京-タワー"
    article.archive(by=None)
    assert client.get(article.get_absolute_url()).status_code == 410
