"""The library of pictures in the admin, and what the writing screen asks of it."""

from contextlib import suppress
from io import BytesIO
from random import randbytes
from unittest.mock import patch

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Picture
from PIL import ImageCms

from articles.models import Image
from publishing.tests.factories import make_article, make_user
from publishing.tests.pictures import picture, stored_files, uploaded
from publishing.tests.rows import failures

pytestmark = pytest.mark.django_db
LIST = reverse("admin:articles_image_changelist")
UPLOAD = reverse("admin:articles_image_upload")
PICK = reverse("admin:articles_image_pick")


@pytest.fixture
def desk(client):
    client.force_login(make_user("editor"))
    return client


def make_image(size=(60, 40), **fields):
    return Image.objects.create(file=uploaded(picture(size=size)), **fields)


def send(client, data=None, name="a.png", **fields):
    return client.post(UPLOAD, {"file": uploaded(data, name), "alt": "A loom"} | fields)


def test_the_library_shows_uses_and_finds_what_is_unused_or_not_described(desk):
    loom, flag, line = make_image(alt="A loom"), make_image((9, 9)), make_image((8, 8), is_decorative=True)
    make_article(cover=loom, body=f"![A loom]({loom.file.url}) ![]({line.file.url})")
    page = desk.get(LIST).content.decode()
    assert "Used 2 times" in page
    assert "not described" in page

    def found(**query):
        return {image.pk for image in desk.get(LIST, query).context["cl"].result_list}

    assert found(use="unused") == {flag.pk}
    assert found(description="missing") == {flag.pk}
    assert found(description="decorative") == {line.pk}
    assert found(q="loom") == {loom.pk}


def test_a_long_list_of_pictures_takes_as_many_queries_as_a_short_one(desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            desk.get(LIST)
        return len(captured)

    make_article(cover=make_image())
    desk.get(LIST)
    few = queries()
    for number in range(5):
        image = make_image((10 + number, 10))
        make_article(cover=image, body=f"![]({image.file.url})")
    assert queries() == few


def test_a_picture_is_described_or_said_to_be_decorative(desk):
    add = reverse("admin:articles_image_add")

    assert b"Describe what the picture shows" in desk.post(add, {"file": uploaded(), "alt": ""}).content
    assert (
        b"A decorative picture has no"
        in desk.post(add, {"file": uploaded(), "alt": "A loom", "is_decorative": "on"}).content
    )
    assert desk.post(add, {"file": uploaded(), "alt": "", "is_decorative": "on"}).status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.update(alt="A loom")


def test_an_upload_from_the_writing_screen_is_stored_and_answers_with_its_markdown(desk):
    answer = send(desk, picture("JPEG", (1200, 600)), "a.jpg", alt="A [loom]", caption='Of "1801"', credit="Omar")

    image = Image.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": image.pk, "name": "A [loom]", "url": image.file.url, "thumbnail": image.file.url, "width": 1200,
        "height": 600, "alt": "A [loom]", "note": "",
        "markdown": f'![A \\[loom\\]]({image.file.url} "Of \\"1801\\"")',
    }  # fmt: skip
    assert (image.credit, image.caption) == ("Omar", 'Of "1801"')
    assert LogEntry.objects.get().object_id == str(image.pk)
    html = make_article(body=answer.json()["markdown"]).html
    assert 'alt="A [loom]"' in html
    assert "<figcaption>Of “1801” <small>Omar</small>" in html


def test_a_large_upload_which_waits_on_the_disk_is_stored_whole(desk):
    data = BytesIO()
    Picture.frombytes("RGB", (1000, 1000), randbytes(3_000_000)).save(data, "PNG")

    assert send(desk, data.getvalue()).status_code == 201
    with storages["originals"].open(Image.objects.get().original) as file:
        assert file.read() == data.getvalue()


def test_the_same_bytes_give_the_picture_that_is_there(desk):
    first, again = send(desk), send(desk, name="b.png", alt="Another view")

    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert again.json()["markdown"].startswith("![Another view]")
    assert Image.objects.get().alt == "A loom"


def test_the_picker_answers_with_pages_and_searches(desk):
    for number in range(25):
        make_image((10 + number, 10), alt=f"Loom {number}")

    first = desk.get(PICK).json()
    assert (len(first["pictures"]), first["next"]) == (24, 2)
    assert desk.get(PICK, {"page": 2}).json()["next"] is None
    assert [row["name"] for row in desk.get(PICK, {"q": "loom 24"}).json()["pictures"]] == ["Loom 24"]
    assert desk.get(PICK, {"page": "x"}).status_code == 400


def test_only_those_who_may_add_pictures_upload_and_a_get_stores_nothing(client):
    client.force_login(make_user("moderator"))
    assert send(client).status_code == 403
    assert client.get(PICK).status_code == 403
    client.force_login(make_user("author"))
    assert client.get(UPLOAD).status_code == 405
    assert send(client).status_code == 201


def moving(frames=3):
    buffer, colours = BytesIO(), ["red", "green", "blue"]
    pictures = [Picture.new("RGB", (20, 20), colours[number % 3]) for number in range(frames)]
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def test_what_is_no_picture_is_refused_in_words_and_leaves_nothing(desk):
    before = stored_files()
    cases = {
        "page.jpg": (b"<html><script>alert(1)</script>", 400, "Upload a valid"),
        "script.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 400, "Upload a"),
        "empty.png": (b"", 400, "empty"),
        "torn.jpg": (picture("JPEG", (400, 400))[:900], 400, "Upload a valid"),
        "bomb.png": (picture("PNG", (20_000, 20_000), "1", 0), 413, "40 million pixels"),
        "large.png": (picture() + bytes(10 * 1024 * 1024), 413, "larger than 10 MB"),
        "a.tiff": (picture("TIFF"), 400, "Upload a valid"),
        "a.pdf": (picture("PDF"), 400, "Upload a valid"),
    }

    def check(name):
        data, status, words = cases[name]
        answer = send(desk, data, name)
        assert (answer.status_code, list(answer.json()["errors"])) == (status, ["file"])
        assert words in answer.json()["errors"]["file"][0]

    assert failures(cases, check) == {}
    for fields in ({"alt": ""}, {"alt": "x" * 301}, {"alt": "a\u202eb"}, {"alt": "A", "decorative": "on"}):
        assert list(send(desk, **fields).json()["errors"]) == ["alt"]
    assert desk.post(UPLOAD, {"alt": "A loom"}).json()["errors"]["file"]
    assert not Image.objects.exists()
    assert before == stored_files()


@pytest.mark.parametrize("path", [UPLOAD, reverse("admin:articles_image_add")])
def test_a_picture_that_is_rolled_back_leaves_no_file(desk, path):
    before = stored_files()

    with patch.object(LogEntry.objects, "log_actions", side_effect=OSError), suppress(OSError):
        desk.post(path, {"file": uploaded(), "alt": "A loom"})

    assert not Image.objects.exists()
    assert before == stored_files()


def swapped_profile() -> bytes:
    """sRGB whose red is green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, green, other = b"rXYZ", b"gXYZ", b"xXYZ"
    return profile.replace(red, other, 1).replace(green, red, 1).replace(other, green, 1)


def test_odd_pictures_are_taken_as_they_look_and_without_what_they_carry(desk):
    exif = Picture.Exif()
    exif[0x0112], exif[0x010E] = 6, "<script>alert(1)</script>"
    cases = {
        "turned.jpg": (picture("JPEG", (60, 40), exif=exif), (40, 60), (254, 0, 0)),
        "printed.jpg": (picture("JPEG", (60, 40), "CMYK", (0, 255, 255, 0)), (60, 40), (255, 0, 0)),
        "grey.png": (picture("PNG", (60, 40), "I;16", 30_000), (60, 40), (117, 117, 117)),
        "../../con.php%00.gif": (moving(), (20, 20), (255, 0, 0)),
        "polyglot.gif": (picture("GIF") + b"<script>alert(1)</script>", (60, 40), (255, 0, 0)),
        "profile.jpg": (picture("JPEG", (60, 40), icc_profile=swapped_profile()), (60, 40), (0, 255, 0)),
        "no-profile.jpg": (picture("JPEG", (62, 40), icc_profile=b"x" * 200), (62, 40), (255, 0, 0)),
        f"{'x' * 500}.PNG": (picture("PNG", (61, 40)), (61, 40), (255, 0, 0)),
    }

    def check(name):
        data, size, colour = cases[name]
        answer = send(desk, data, name)
        assert answer.status_code == 201, answer.content
        assert bool(answer.json()["note"]) == name.endswith("00.gif")
        with Image.objects.get(pk=answer.json()["id"]).file.open() as file:
            stored = file.read()
        assert b"script" not in stored
        with Picture.open(BytesIO(stored)) as shown:
            assert shown.size == size
            near = zip(shown.convert("RGB").getpixel((5, 5)), colour, strict=True)
            assert all(abs(one - other) < 6 for one, other in near), shown.convert("RGB").getpixel((5, 5))

    assert failures(cases, check) == {}
