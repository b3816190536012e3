"""Pictures in several sizes, and how articles, cards and feeds show them."""

from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image as Picture

from articles.models import Article, Image, picture_files
from publishing.tests.factories import make_article
from publishing.tests.pictures import picture, uploaded
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def image():
    return Image.objects.create(file=uploaded(picture(size=(1200, 600))), alt="A loom", credit="Omar Haddad")


def html(body, **fields):
    return make_article(body=body, **fields).html


def test_a_page_gets_the_sizes_of_a_picture_once_the_worker_has_made_them(client, image):
    article = make_article(body=f"![A loom]({image.file.url})", cover=image)
    stem = image.file.url.removesuffix(".webp")
    assert "srcset" not in client.get(article.get_absolute_url()).content.decode()

    run_worker()

    page = client.get(article.get_absolute_url()).content.decode()
    srcset = f'srcset="{stem}-480.webp 480w, {stem}-960.webp 960w, {stem}.webp 1200w" sizes="'
    assert page.count(srcset) == 2, "the cover and the picture in the text"
    assert client.get("/").content.decode().count(srcset) == 1
    response = client.get(f"{stem}-480.webp")
    assert response["Content-Type"] == "image/webp"
    with Picture.open(BytesIO(b"".join(response))) as small:
        assert small.size == (480, 240)
    assert "srcset" not in client.get("/feed.xml").content.decode()


def test_renditions_go_with_the_picture_also_if_it_is_deleted_while_they_are_made(image):
    decoded, other = picture_files.decoded, Image.objects.create(file=uploaded(picture(size=(1000, 500))))
    run_worker()

    def decoded_and_deleted(file):
        Image.objects.get(pk=image.pk).delete()
        return decoded(file)

    Image.objects.get(pk=other.pk).delete()
    for width in (480, 960):
        default_storage.delete(image.file.name.replace(".", f"-{width}."))
    with patch.object(picture_files, "decoded", decoded_and_deleted):
        image.make_renditions()

    stems = {image.key, other.key}
    assert not [name for name in default_storage.listdir("")[1] if name[:24] in stems]


def test_pictures_without_renditions_get_them_from_the_command(image):
    article = make_article(body=f"![A loom]({image.file.url})")

    call_command("make_renditions")
    call_command("make_renditions")

    article.refresh_from_db()
    assert "-480.webp 480w" in article.html


def test_the_upload_is_stored_where_no_address_leads(client, image, settings):
    path = Path(settings.VAR_DIR, "originals", image.original)

    assert path.read_bytes() == picture(size=(1200, 600))
    for address in (
        f"/media/{image.original}",
        f"/media/../originals/{image.original}",
        f"/originals/{image.original}",
    ):
        assert client.get(address).status_code == 404


def test_a_picture_alone_in_its_paragraph_is_a_figure_with_caption_and_credit(image):
    figure = html(f'![A loom]({image.file.url} "A loom from *1801*")')

    assert figure.startswith(f'<figure><img src="{image.file.url}" alt="A loom" width="1200" height="600"')
    assert "<figcaption>A loom from *1801* <small>Omar Haddad</small></figcaption></figure>" in figure
    assert "<figure>" not in html(f"See ![A loom]({image.file.url}).")
    assert "<figure>" not in html("![Far](https://a.example/b.png)"), "it is not shown"


def test_a_caption_is_found_by_the_search_and_follows_the_credit(image):
    article = make_article(body=f'![A loom]({image.file.url} "From Lyon")')
    image.credit = "Ines Okafor"
    image.save()

    article.refresh_from_db()
    assert "<small>Ines Okafor</small>" in article.html
    assert "From Lyon" in article.text


def test_a_gallery_has_a_figure_for_each_picture_and_a_wide_picture_its_place(image):
    shown = f'![A loom]({image.file.url} "One & two")'

    gallery = html(f":::gallery\n{shown}\n{shown}\n\n{shown}\n:::\n\nText.")
    assert gallery.startswith('<div class="gallery">')
    assert gallery.count("<figure>") == gallery.count("<figcaption>One &amp; two <small>") == 3
    assert html(f":::wide\n{shown}\n:::").startswith('<div class="wide">\n<figure><img')
    assert ":::other" in html(":::other\ntext\n:::")


def test_pictures_below_the_first_of_a_page_load_lazily(image):
    shown = f"![A loom]({image.file.url})"

    assert html(f"{shown}\n\n{shown}").count('loading="lazy"') == 1
    assert html(f"{shown}\n\n{shown}", cover=image).count('loading="lazy"') == 2


def test_a_cover_is_cropped_around_its_focal_point(client, image):
    Image.objects.filter(pk=image.pk).update(focus_x=12, focus_y=50)
    make_article(cover=image)

    assert 'class="x1"' in client.get("/").content.decode()
    assert Article.objects.get().cover.focus == "x1"
