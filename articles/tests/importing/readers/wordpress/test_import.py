"""An export of WordPress comes in by the command: with its pictures, once and again."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from PIL import Image as Pixels

from articles.models import Article, Page

from .conftest import SITE, UPLOADS, attachment, export, item

pytestmark = pytest.mark.django_db


def picture():
    data = BytesIO()
    Pixels.new("RGB", (40, 30), "teal").save(data, "JPEG")
    return data.getvalue()


@pytest.fixture
def archive(tmp_path):
    """A zip of two parts of an export and of the uploads, with a picture of which posts show a smaller copy."""
    image = f'<img class="wp-image-20" src="{UPLOADS}cat-300x200.jpg" alt="A cat" />'
    words = (
        f'Once:\n\n[caption width="9"]<a href="{UPLOADS}cat.jpg">{image}</a> Tom[/caption]\n\n'
        f'More <a href="/?p=8">on him</a> and on <a href="{SITE}/about/">us</a>.'
    )
    terms = [("category", "pets", "Pets"), ("post_tag", "cats", "Cats")]
    posts = item(words, terms=terms, creator="ann", meta=[("_thumbnail_id", "20")])
    others = item("Secret", post_id="8", title="Two", post_name="two", status="private", link=f"{SITE}/two/")
    page = item("About us", post_id="9", post_type="page", title="About", post_name="about", link=f"{SITE}/about/")
    known = (
        "<wp:category><wp:category_nicename>pets</wp:category_nicename><wp:cat_name>Pets</wp:cat_name></wp:category>"
        "<wp:tag><wp:tag_slug>cats</wp:tag_slug><wp:tag_name>Cats</wp:tag_name></wp:tag>"
        "<wp:author><wp:author_login>ann</wp:author_login></wp:author>"
    )
    path = tmp_path / "old.zip"
    with ZipFile(path, "w") as file:
        file.writestr("export/old.001.xml", export(known, posts, others))
        file.writestr("export/old.002.xml", export(page, attachment("20", "cat.jpg", alt="A cat", caption="Tom")))
        file.writestr("uploads/2024/01/cat.jpg", picture())
    return path


def test_a_zip_of_an_export_and_its_uploads_comes_in_whole(archive, capsys):
    call_command("import_site", str(archive))
    said = capsys.readouterr().out

    assert "WordPress export: 3 posts" in said and "3 created" in said
    one, two = Article.objects.get(slug="one"), Article.objects.get(slug="two")
    assert (one.status, one.category.name, [tag.name for tag in one.tags.all()]) == ("published", "Pets", ["Cats"])
    assert (two.status, Page.objects.get().slug) == ("draft", "about")
    assert one.cover.alt == "A cat" and one.cover.file.url in one.body
    assert "![A cat](" in one.body and '"Tom")' in one.body
    assert "(/articles/two/)" in one.body and "(/about/)" in one.body
    assert one.source == f"{SITE}/post-7"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/2024/01/one/", "/articles/one/"),
        ("/?p=7", "/articles/one/"),
        ("/?page_id=9", "/about/"),
        ("/category/pets/", "/categories/pets/"),
        ("/category/pets/feed/", "/categories/pets/feed.xml"),
        ("/tag/cats/", "/tags/cats/"),
        ("/author/ann/", "/authors/ann/"),
        ("/feed/", "/feed.xml"),
    ],
)
def test_old_addresses_lead_to_the_new_ones(archive, client, old, new):
    call_command("import_site", str(archive), verbosity=0)

    assert client.get(old).headers.get("Location") == new


def test_again_changes_nothing(archive, capsys):
    call_command("import_site", str(archive))
    capsys.readouterr()
    call_command("import_site", str(archive))

    assert "0 created, 0 updated, 3 unchanged" in capsys.readouterr().out
