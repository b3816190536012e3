"""A deleted or replaced picture leaves no file, and nothing that showed it is broken."""

from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from articles.images import usage
from articles.models import Image, Version
from articles.models.images import AT_ONCE
from publishing.cache import cdn
from publishing.tests.factories import make_article, make_user
from publishing.tests.pictures import picture, stored_files, uploaded
from publishing.tests.worker import run_worker, waiting_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_user("editor"))
    return client


@pytest.fixture
def image():
    return Image.objects.create(file=uploaded(), alt="A loom")


def delete(desk, image):
    return desk.post(reverse("admin:articles_image_delete", args=[image.pk]), {"post": "yes"}, follow=True)


def test_a_picture_and_its_delete_page_say_where_it_is_used(desk, image):
    covered = make_article(title="Covered", cover=image)
    live = make_article(title="In the text", body=f"![A loom]({image.file.url})")
    draft = make_article(title="In a draft", body=f"[the picture]({image.file.url})", status="draft")
    other = make_article(title="Without it", body="![x](/media/0123456789abcdef0123456789abcdef.webp)")

    for name in ("delete", "change"):
        page = desk.get(reverse(f"admin:articles_image_{name}", args=[image.pk])).content.decode()
        for article in (covered, live, draft):
            assert f'<a href="{reverse("admin:articles_article_change", args=[article.pk])}">' in page
        assert "(draft)" in page
        assert other.title not in page


def test_a_version_that_is_not_live_yet_uses_its_pictures(desk, image):
    other = Image.objects.create(file=uploaded(picture(size=(9, 9))), alt="A flag")
    article = make_article(title="Live")
    fields = {"title": "Soon", "body": f"![A loom]({image.file.url})", "cover": other.pk}
    Version.objects.create(article=article, number=7, state="working", kind="saved", fields=fields, digest="x")

    for shown in (image, other):
        page = desk.get(reverse("admin:articles_image_delete", args=[shown.pk])).content.decode()
        assert f'In a version of <a href="/admin/articles/article/{article.pk}/change/">Soon</a>' in page
    assert not usage.unused(Image.objects.all())


def test_a_deleted_picture_is_gone_from_storage_and_from_every_page(client, desk, image):
    article = make_article(cover=image, body=f"Before.\n\n![A loom]({image.file.url})\n\nAfter.")
    modified, address, before = article.modified_at, article.get_absolute_url(), stored_files()
    assert image.file.url in client.get(address).content.decode()

    delete(desk, image)

    assert before - stored_files() == {image.file.name, image.original}
    assert client.get(image.file.url).status_code == 404
    page = client.get(address).content.decode()
    assert image.key not in page
    assert "<em>Image: A loom</em>" in page
    article.refresh_from_db()
    assert (article.cover, article.modified_at) == (None, modified)
    assert waiting_tasks() == []


def test_the_articles_of_a_picture_that_many_show_are_rendered_in_a_task(desk, image):
    articles = [make_article(body=f"![A loom]({image.file.url})") for _ in range(AT_ONCE + 2)]

    delete(desk, image)
    assert waiting_tasks() == ["render_articles"]
    run_worker()

    for article in articles:
        article.refresh_from_db()
        assert "<img" not in article.html


def test_a_file_that_another_row_names_stays(desk, image):
    Image.objects.filter(pk=Image.objects.create(file=uploaded(picture(size=(9, 9)))).pk).update(file=image.file.name)

    delete(desk, image)

    assert default_storage.exists(image.file.name)


def test_files_that_the_storage_does_not_delete_are_deleted_later(desk, image, clock):
    with patch("publishing.files.WholeFiles.delete", side_effect=OSError):
        delete(desk, image)
    assert not Image.objects.exists()
    assert default_storage.exists(image.file.name)

    clock.shift(3600)
    run_worker()

    assert not default_storage.exists(image.file.name)


def test_a_replaced_file_is_gone_and_texts_show_the_new_one(desk, client, image):
    article = make_article(body=f"![A loom]({image.file.url})")
    old = image.file.name

    desk.post(
        reverse("admin:articles_image_change", args=[image.pk]),
        {"file": uploaded(picture(size=(80, 20))), "alt": "A loom", "credit": ""},
    )

    image.refresh_from_db()
    assert image.file.name != old
    assert not default_storage.exists(old)
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'<img src="{image.file.url}" alt="A loom" width="80" height="20"' in page
    article.refresh_from_db()
    article.save()
    assert old not in article.html


def test_a_row_that_is_not_stored_leaves_no_file():
    before = stored_files()

    with pytest.raises(Exception, match="alt"), patch.object(Image._meta, "constraints", []):
        Image(file=uploaded(), alt=None).save()

    assert stored_files() == before


def test_a_deleted_picture_is_purged_from_the_cdn(client, image, settings, monkeypatch):
    settings.CDN = {"kind": "cloudflare", "token": "t", "id": "zone", "api": ""}
    purged = []
    monkeypatch.setattr(cdn, "purge_later", purged.extend)
    response = client.get(image.file.url)
    name = response.headers["Cache-Tag"]
    b"".join(response)

    image.delete()

    assert name == f"media:{image.file.name}"
    assert {name, name.replace(".webp", "-480.webp")} < set(purged)


def test_many_pictures_are_deleted_with_their_files(desk, image):
    second = Image.objects.create(file=uploaded(picture(size=(9, 9))))
    data = {"action": "delete_selected", "_selected_action": [image.pk, second.pk]}
    url = reverse("admin:articles_image_changelist")
    assert b"Used nowhere" in desk.post(url, data).content

    desk.post(url, data | {"post": "yes"})

    assert not Image.objects.exists()
    assert not any(default_storage.exists(row.file.name) for row in (image, second))
