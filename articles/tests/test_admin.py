from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture

from articles.models import Article, Image, Tag
from publishing.models import Redirect
from publishing.tests.factories import make_article, make_author, make_category, make_user
from publishing.tests.rows import failures

pytestmark = pytest.mark.django_db
ADD = reverse("admin:articles_article_add")
LIST = reverse("admin:articles_article_changelist")


def fields(**changes):
    return {
        "title": "A title",
        "slug": "a-title",
        "summary": "What it is about.",
        "body": "Text.",
        "at_0": "",
        "at_1": "",
        "category": make_category().pk,
        "series_position": "",
        "seo_title": "",
        "seo_description": "",
        "canonical_url": "",
        **changes,
    }


def change_url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def token(client, article):
    return client.get(change_url(article)).context["adminform"].form.initial["token"]


def test_an_editor_writes_and_publishes(client):
    client.force_login(make_user("editor"))

    client.post(ADD, fields(step="publish"))

    article = Article.objects.get()
    assert article.is_published
    assert client.get(article.get_absolute_url()).status_code == 200


def test_tags_that_an_editor_chooses_relate_articles(client):
    client.force_login(make_user("editor"))
    http = Tag.objects.create(name="http", slug="http")
    related = make_article(tags=[http], published_at=timezone.now() - timedelta(days=99))
    for _ in range(7):
        make_article()

    client.post(ADD, fields(step="publish", tags=[http.pk]))

    article = Article.objects.get(slug="a-title")
    for one, other in [(article, related), (related, article)]:
        assert client.get(one.get_absolute_url()).context["related"][0] == other


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "\u200b\u200b"}, "Enter at least one letter"),
        ({"title": "a\x07b"}, "cannot be stored"),
        ({"title": "a\u202eb"}, "changes the text direction"),
        ({"body": "a\x00b"}, "Null characters are not allowed"),
        ({"summary": "x" * 301}, "at most 300 characters"),
        ({"slug": "a b"}, "valid “slug”"),
        ({"slug": "taken"}, "already exists"),
        ({"at_0": "tomorrow", "at_1": "noon"}, "Enter a valid date"),
        ({"canonical_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"step": "nearly"}, "You cannot do this"),
        ({"series_position": "3"}, "Choose a series"),
        ({"category": "99999"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(client, changes, message):
    make_article(slug="taken")
    client.force_login(make_user("editor"))

    answer = client.post(ADD, fields(seo_title="Kept as typed", **changes))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert message in html
    assert 'value="Kept as typed"' in html
    assert Article.objects.count() == 1


def test_a_time_that_the_clock_skips_is_refused_beside_its_field(client):
    client.force_login(make_user("editor"))

    with timezone.override("Europe/Berlin"):
        answer = client.post(ADD, fields(step="schedule", at_0="2027-03-28", at_1="02:30"))

    assert "couldn’t be interpreted in time zone" in answer.content.decode()
    assert not Article.objects.exists()


def test_a_body_of_ten_megabytes_is_refused_in_words(client):
    client.force_login(make_user("editor"))

    answer = client.post(ADD, fields(body="x" * 10_000_000))

    assert answer.status_code in (400, 413)
    assert not Article.objects.exists()


def test_a_new_slug_leaves_a_redirect_in_one_hop_and_no_loop(client):
    client.force_login(make_user("editor"))
    article = make_article(slug="first")
    for slug in ("second", "third", "first"):
        article = Article.objects.get()
        article.slug = slug
        article.save()

    assert client.get("/articles/first/").status_code == 200
    assert client.get("/articles/second/")["Location"] == "/articles/first/"
    assert client.get("/articles/third/")["Location"] == "/articles/first/"
    assert Redirect.objects.count() == 2


def test_a_draft_that_is_renamed_leaves_none():
    article = Article.objects.get(pk=make_article(slug="first", status="draft", published_at=None).pk)
    article.slug = "second"
    article.save()

    assert not Redirect.objects.exists()


def test_an_author_sees_and_changes_drafts_with_the_own_byline_only(client):
    user = make_user("author")
    mine = make_article(status="draft", title="Mine", authors=[make_author(user=user)])
    theirs = make_article(status="draft", title="Theirs")
    make_article(title="Published")
    client.force_login(user)

    listed = client.get(LIST).content.decode()

    assert "Mine" in listed
    assert "Theirs" not in listed
    sent = {"slug": mine.slug, "token": token(client, mine), "step": "review", "byline": user.author.pk}
    assert client.post(change_url(mine), fields(title="Changed", **sent)).status_code == 302
    assert client.get(change_url(theirs)).status_code == 302
    assert Article.objects.get(pk=mine.pk).status == "review"


def test_an_author_proposes_a_change_of_what_is_live(client):
    user = make_user("author")
    live = make_article(authors=[make_author(user=user)], body="Live.")
    client.force_login(user)
    sent = {"slug": live.slug, "token": token(client, live), "body": "Proposed.", "byline": user.author.pk}

    assert client.post(change_url(live), fields(step="publish", **sent)).status_code == 200
    assert client.post(change_url(live), fields(step="review", **sent)).status_code == 302

    live.refresh_from_db()
    assert (live.body, live.status) == ("Live.", "published")
    assert live.versions.working().get().kind == "review"


def test_an_author_cannot_publish_by_adding_fields_to_the_form(client):
    user = make_user("author")
    make_author(user=user)
    client.force_login(user)

    client.post(ADD, fields(step="publish"))
    assert not Article.objects.exists()
    client.post(ADD, fields(status="published", featured="on", published_at_0="2026-01-01", source="x", word_count="9"))

    article = Article.objects.get()
    assert (article.status, article.featured, article.published_at, article.source) == ("draft", False, None, None)
    assert [byline.author for byline in article.bylines.all()] == [user.author]


@pytest.mark.parametrize("state", ["draft", "review", "scheduled", "published", "archived"])
def test_the_list_filters_by_what_readers_see(client, state):
    client.force_login(make_user("editor"))

    assert client.get(LIST, {"state": state}).status_code == 200


@pytest.mark.parametrize(
    "lookup", ["authors__user__password__startswith", "category__articles__body", "is_superuser__exact"]
)
def test_lookups_that_nobody_offered_are_refused(client, lookup):
    client.force_login(make_user("editor"))

    assert client.get(LIST, {lookup: "x"}).status_code in (302, 400)


def test_the_preview_renders_what_is_being_typed_as_readers_would_see_it(client):
    client.force_login(make_user("editor"))

    answer = client.post(reverse("admin:articles_article_render"), {"body": "**bold** <i onclick='x'>i</i>"})

    assert answer.json() == {
        "html": "<p><strong>bold</strong> <i>i</i></p>\n",
        "words": 2,
        "minutes": 1,
        "outline": [],
        "language": "en",
        "direction": "ltr",
    }
    typed = {"body": "نص", "title": "عنوان", "language": "fa"}
    answer = client.post(reverse("admin:articles_article_render"), typed).json()
    assert (answer["language"], answer["direction"]) == ("fa", "rtl")


def picture(kind="PNG", size=(60, 40), **options):
    buffer = BytesIO()
    Picture.new("RGB", size, "red").save(buffer, kind, **options)
    return buffer.getvalue()


def upload(client, name, data):
    return client.post(
        reverse("admin:articles_image_add"), {"file": SimpleUploadedFile(name, data), "alt": "Red", "credit": ""}
    )


def test_a_picture_is_made_anew_from_its_pixels(client):
    client.force_login(make_user("editor"))
    exif = Picture.Exif()
    exif[0x010E] = "<script>alert(1)</script>"

    upload(client, "../../evil.jpg", picture("JPEG", exif=exif))

    image = Image.objects.get()
    with image.file.open() as file:
        data = file.read()
    assert image.file.name.endswith(".webp")
    assert "evil" not in image.file.name
    assert b"script" not in data
    assert (image.width, image.height) == (60, 40)
    answer = client.get(image.file.url)
    assert (answer["Content-Type"], b"".join(answer)) == ("image/webp", data)
    answer.close()


def test_anything_else_is_refused_beside_the_field(client):
    client.force_login(make_user("editor"))
    files = {
        "page.jpg": b"<html><script>alert(1)</script>",
        "empty.png": b"",
        "script.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "torn.png": picture()[:40],
        "other-kind.tiff": picture("TIFF"),
        "huge.png": picture("PNG", (9000, 9000)),
    }

    def check(name):
        answer = upload(client, name, files[name])
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
        assert not Image.objects.exists()

    assert failures(files, check) == {}
