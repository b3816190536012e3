import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image as Picture

from publishing.sponsors.house.admin import CreativeAdmin
from publishing.sponsors.models import Creative, CreativeDay
from publishing.tests.factories import make_user
from publishing.tests.pictures import picture, stored_files, uploaded
from publishing.tests.worker import run_worker

from ..factories import fill
from .factories import make_advertiser, make_creative

pytestmark = pytest.mark.django_db
ADD = "/admin/sponsors/creative/add/"


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))
    return client


def fields(**changed):
    """A form that is right."""
    now = timezone.localtime()
    return {
        "advertiser": make_advertiser().pk, "name": "Spring", "is_on": "on", "kind": "text", "headline": "Buy this",
        "text": "It is good.", "target": "https://acme.example/", "alt": "", "weight": "1", "most_seen": "",
        "starts_at_0": f"{now:%Y-%m-%d}", "starts_at_1": "00:00:00", "ends_at_0": "", "ends_at_1": "",
    } | changed  # fmt: skip


def with_picture(file, **changed):
    return fields(kind="picture", headline="", text="", alt="A bicycle", upload=file, **changed)


def errors(response):
    assert response.status_code == 200
    return " ".join(
        re.sub(r"<[^>]+>", " ", " ".join(re.findall(r'(?s)class="errorlist.*?</ul>', response.text))).split()
    )


def send(client, data, url=ADD):
    return client.post(url, data)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript&colon;alert(1)", "javascript://acme.example/%0aalert(1)", "data:text/html,<script>", "vbscript:x",
        "file:///etc/passwd", "blob:https://acme.example/1", "//acme.example/", "/\\acme.example", "\\\\acme.example",
        "acme.example", "/articles/", "http://acme.example/", "ftp://acme.example/",
        "HTTPS:acme.example", "https:/acme.example",
        "https:///acme.example", "https://", "https://user:secret@acme.example/", "https://acme.example@evil.example/",
        "https://acme.example\\@evil.example/", "https://acme.example/a b", "https://acme.example/\"onclick=x",
        "https://acme.example/<script>", "https://acme.example/\u202egnp", "https://acme.example/\u200b", "https://[::1",
        "https://acme.example:99999/", "https://acme..example/", "https://" + "a" * 500 + ".example/", "", "   ",
    ],
)  # fmt: skip
def test_a_target_that_is_no_address_of_the_web_is_refused_beside_its_field(editor, target):
    response = send(editor, fields(target=target))

    assert errors(response)
    assert not Creative.objects.exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://acme.example", "https://acme.example/a?b=c&d=%20e#f", "https://bücher.example/ä", "https://acme.example:8443/",
        "https://shop.acme.example/@user/",
    ],
)  # fmt: skip
def test_an_address_of_the_web_is_taken_as_it_is(editor, target):
    assert send(editor, fields(target=target)).status_code == 302
    assert Creative.objects.get().target == target


def test_a_picture_is_drawn_anew_under_a_name_that_says_nothing(editor):
    photo = BytesIO()
    exif = Picture.Exif()
    exif[0x010E] = "Where we live"
    Picture.new("RGB", (600, 500), "red").save(photo, "JPEG", exif=exif)

    assert send(editor, with_picture(uploaded(photo.getvalue(), "our secret.jpg"))).status_code == 302

    creative = Creative.objects.get()
    assert re.fullmatch(r"[0-9a-f]{32}\.webp", creative.picture)
    # Half as large: its pixels are for fine screens.
    assert (creative.width, creative.height) == (300, 250)
    content = b"".join(editor.get(f"/media/{creative.picture}"))
    with Picture.open(BytesIO(content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (600, 500))
    assert b"Where we live" not in content


@pytest.mark.parametrize(
    ("size", "shown", "stored"),
    [((728, 90), (728, 90), (728, 90)), ((1456, 180), (728, 90), (1456, 180)), ((3640, 450), (728, 90), (1456, 180))],
)
def test_a_picture_has_the_size_of_a_place(editor, size, shown, stored):
    assert send(editor, with_picture(uploaded(picture(size=size)))).status_code == 302

    creative = Creative.objects.get()
    assert (creative.width, creative.height) == shown
    with default_storage.open(creative.picture) as file, Picture.open(file) as drawn:
        assert drawn.size == stored


def bomb():
    """Some kilobytes that are 49 million pixels."""
    buffer = BytesIO()
    Picture.new("1", (7_000, 7_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)' width='300' height='250'/>", "valid JPEG"),
        (b"GIF89a<script>alert(1)</script>", "valid JPEG"),
        (picture(size=(300, 250))[:-40], "valid JPEG"),
        (b"%PDF-1.7", "valid JPEG"),
        (picture("TIFF", size=(300, 250)), "valid JPEG"),
        (picture("BMP", size=(300, 250)), "valid JPEG"),
        (b"", "empty"),
        (bytes(10 * 1024 * 1024 + 1), "larger than 10 MB"),
        (picture(size=(310, 250)), "310 × 250 pixels. These places take"),
        (picture(size=(150, 125)), "150 × 125 pixels. These places take"),
        (picture(size=(1, 1)), "1 × 1 pixels"),
    ],
)
def test_what_is_no_picture_of_a_size_is_refused_beside_its_field(editor, data, said):
    before = stored_files()

    response = send(editor, with_picture(uploaded(data, "a.png")))

    assert said in errors(response)
    assert not Creative.objects.exists() and stored_files() == before


def test_an_image_bomb_is_refused_without_decoding_it(editor):
    response = send(editor, with_picture(uploaded(bomb())))

    assert "more than 40 million pixels" in errors(response)


def test_a_picture_says_what_it_shows_and_a_text_has_its_words(editor):
    assert "Describe the picture" in errors(
        send(editor, with_picture(uploaded(picture(size=(300, 250)))) | {"alt": ""})
    )
    assert "Choose a picture" in errors(send(editor, fields(kind="picture", alt="A bicycle")))
    assert "Give the headline" in errors(send(editor, fields(headline="")))


def test_a_place_that_is_chosen_takes_the_size_of_the_picture(editor):
    data = with_picture(uploaded(picture(size=(300, 250))), slots=["article-body", "beside"])

    assert "too large or too small there: Beside an article" in errors(send(editor, data))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"weight": "0"}, "greater than or equal to 1"),
        ({"weight": "101"}, "less than or equal to 100"),
        ({"most_seen": "-1"}, "greater than or equal to 0"),
        ({"ends_at_0": "2020-01-01", "ends_at_1": "00:00:00"}, "It has to end after it starts"),
        ({"slots": ["nowhere"]}, "Select a valid choice"),
        ({"kind": "script"}, "Select a valid choice"),
    ],
)
def test_numbers_times_and_places_that_are_wrong_are_refused(editor, changed, said):
    assert said in errors(send(editor, fields(**changed)))
    assert not Creative.objects.exists()


def change(creative):
    return reverse("admin:sponsors_creative_change", args=[creative.pk])


def files_after(minutes):
    """The stored files once the worker has done what is due by then."""
    for row in DBTaskResult.objects.filter(status="READY"):
        row.run_after -= timedelta(minutes=minutes)
        row.save()
    run_worker()
    return stored_files()


def test_the_file_before_stays_as_long_as_a_page_in_a_cache_may_show_it(editor):
    send(editor, with_picture(uploaded(picture(size=(300, 250)))))
    creative = Creative.objects.get()
    before = creative.picture

    send(editor, with_picture(uploaded(picture(size=(728, 90)))), change(creative))

    creative.refresh_from_db()
    assert {before, creative.picture} <= files_after(6)
    assert {before, creative.picture} & files_after(6) == {creative.picture}
    assert (creative.width, creative.height) == (728, 90)


def test_of_what_is_rolled_back_no_file_stays_and_none_goes(transactional_db, editor, monkeypatch):
    send(editor, with_picture(uploaded(picture(size=(300, 250)))))
    creative, before = Creative.objects.get(), stored_files()

    def fail(*args, **kwargs):
        raise OSError("the log is full")

    monkeypatch.setattr(CreativeAdmin, "log_change", fail)
    with pytest.raises(OSError, match="full"):
        send(editor, with_picture(uploaded(picture(size=(728, 90)))), change(creative))

    assert stored_files() == before
    assert Creative.objects.get().picture == creative.picture


def test_a_form_without_a_new_picture_keeps_the_one_it_has(editor):
    send(editor, with_picture(uploaded(picture(size=(300, 250)))))
    creative = Creative.objects.get()
    data = with_picture(None, weight="7")
    del data["upload"]

    assert send(editor, data, change(creative)).status_code == 302

    picture_before, creative = creative.picture, Creative.objects.get()
    assert (creative.picture, creative.weight) == (picture_before, 7)
    assert default_storage.exists(creative.picture)


def test_the_picture_goes_with_its_advertisement(editor):
    send(editor, with_picture(uploaded(picture(size=(300, 250)))))
    creative = Creative.objects.get()

    editor.post(reverse("admin:sponsors_creative_delete", args=[creative.pk]), {"post": "yes"})

    assert not Creative.objects.exists()
    assert creative.picture in files_after(6)
    assert creative.picture not in files_after(6)


def previewed(editor, data=None, creative=None):
    """What stands in the frame of a form, before and after something is typed."""
    form = editor.get(change(creative) if creative else ADD)
    url = re.search(r'<iframe[^>]* src="([^"]+)"', form.text)[1]
    assert "frame-src 'self'" in form["Content-Security-Policy"]
    answer = editor.post(url, data) if data else editor.get(url)
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    return " ".join(answer.text.split())


def test_the_form_shows_it_as_readers_see_it_and_counts_nothing(editor):
    creative = make_creative(headline="Buy <this>")

    page = previewed(editor, creative=creative)

    assert '<a class="creative words" href="https://acme.example/shop?from=here" rel="sponsored noopener"' in page
    assert "Buy &lt;this&gt;" in page and "Advertisement of Acme" in page and "Sponsored" in page
    assert "320 × 100: Above an article" in page
    assert "js/slots.js" not in page and "data-seen" not in page


def test_the_form_shows_what_is_typed_and_stores_nothing_of_it(editor):
    creative, files = make_creative(headline="As it was"), stored_files()
    typed = fields(headline="As it <will> be", text="T" * 150, slots=["list"], advertiser="", ends_at_0="2000-01-01")

    page = previewed(editor, typed, creative)
    assert "As it &lt;will&gt; be" in page and "As it was" not in page
    assert "at most 140 characters (it has 150)" in page
    assert "In lists of articles" in page and "Below an article" not in page
    drawn = previewed(editor, with_picture(uploaded(picture(size=(600, 500)))))
    assert 'src="data:image/webp;base64,' in drawn and 'alt="A bicycle" width="300" height="250"' in drawn
    assert "300 × 250: Inside an article, Below an article, In lists of articles" in drawn
    assert "does not fit there: Above an article, Beside an article, on wide screens" in drawn
    assert "Upload a valid JPEG" in previewed(editor, with_picture(uploaded(b"<script>")))
    assert "Type something, and it is here." in previewed(editor)

    assert [*Creative.objects.values_list("headline", flat=True)] == ["As it was"]
    assert stored_files() == files


def test_a_place_that_would_cut_a_text_is_refused_with_how_much_it_has_room_for(editor):
    fill("article-top", "house", sizes={"phone": [[320, 50]]})
    long = fields(text="It is good. " * 11)

    said = errors(send(editor, long | {"slots": ["article-top", "list"]}))
    assert "Above an article, Phones: a box of 50 px has room for about" in said
    assert "headline and text have 139" in said and "In lists" not in said
    assert "does not fit there: Above an article" in previewed(editor, long)
    assert send(editor, long).status_code == 302


def test_the_form_names_the_sizes_of_each_place(editor):
    fill("beside", sizes={"wide": [[300, 600]]})

    page = " ".join(editor.get(ADD).text.split())

    assert "Beside an article, on wide screens: 300 × 600" in page
    assert "Above an article: 728 × 90, 320 × 100" in page


def test_a_copy_is_off_and_has_a_picture_of_its_own(editor):
    send(editor, with_picture(uploaded(picture(size=(300, 250)))))
    creative = Creative.objects.get()
    CreativeDay.objects.create(creative=creative, day=timezone.localdate(), seen=5)

    editor.post("/admin/sponsors/creative/", {"action": "duplicate", "_selected_action": [creative.pk]})

    copy = Creative.objects.exclude(pk=creative.pk).get()
    assert (copy.name, copy.is_on, copy.alt, copy.days.count()) == ("Spring (copy)", False, "A bicycle", 0)
    assert copy.picture != creative.picture and default_storage.exists(copy.picture)


def test_without_its_file_a_picture_is_not_copied(editor):
    creative = make_creative(kind="picture", picture="f" * 32 + ".webp", width=300, height=250, alt="A bicycle")
    data = {"action": "duplicate", "_selected_action": [creative.pk, make_creative().pk]}

    page = editor.post("/admin/sponsors/creative/", data, follow=True).text

    assert "the file of its picture is gone" in page and "1 copy, switched off" in page


def test_the_list_says_what_runs_and_how_often_it_was_seen(editor):
    now = timezone.now()
    rows = {
        "running": make_creative(name="a running one"),
        "planned": make_creative(name="a planned one", starts_at=now + timedelta(days=1)),
        "over": make_creative(name="one that is over", ends_at=now - timedelta(minutes=1)),
        "capped": make_creative(name="one at its limit", most_seen=3),
        "off": make_creative(name="one that is off", is_on=False, most_seen=1),
    }
    for creative in rows.values():
        CreativeDay.objects.create(creative=creative, day=timezone.localdate(), seen=2, clicked=1)
        yesterday = timezone.localdate() - timedelta(days=1)
        CreativeDay.objects.create(creative=creative, day=yesterday, seen=1)

    for state, creative in rows.items():
        page = editor.get(f"/admin/sponsors/creative/?state={state}").text
        assert [row.name for row in rows.values() if f">{row.name}<" in page] == [creative.name], state
        assert '<td class="field-times_seen">3</td>' in page and '<td class="field-times_clicked">1</td>' in page


def test_the_list_costs_the_same_for_many(editor, django_assert_num_queries):
    make_creative()
    editor.get("/admin/sponsors/creative/")
    with django_assert_num_queries(50, exact=False) as few:
        editor.get("/admin/sponsors/creative/")
    for number in range(11):
        make_creative(advertiser=make_advertiser(f"Acme {number}"))

    with django_assert_num_queries(len(few)):
        editor.get("/admin/sponsors/creative/")


def test_an_advertiser_with_advertisements_is_not_deleted(editor):
    creative = make_creative()
    url = reverse("admin:sponsors_advertiser_delete", args=[creative.advertiser_id])

    assert "protected" in editor.get(url).text
    assert editor.post(url, {"post": "yes"}).status_code in (200, 403)
    assert Creative.objects.exists()


def test_others_have_no_access(client):
    creative = make_creative()
    for role in ("author", "moderator"):
        client.force_login(make_user(role))
        assert client.get(change(creative)).status_code == 403
        assert send(client, fields()).status_code == 403
    assert Creative.objects.count() == 1
