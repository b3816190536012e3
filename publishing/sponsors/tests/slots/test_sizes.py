import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from publishing.sponsors.models import Key, Slot
from publishing.sponsors.slots import labels, sizes
from publishing.tests.factories import make_user

from ..factories import fill

SHEET = (settings.BASE_DIR / "static/css/slots.css").read_text()


def test_every_place_has_room_and_usual_sizes_that_fit():
    assert set(sizes.ROOM) == set(sizes.USUAL) == set(Key.values)
    for key in Key.values:
        assert sizes.problems(key, sizes.USUAL[key]) == []
        assert set(sizes.USUAL[key]) == set(sizes.ROOM[key])


@pytest.mark.parametrize("key", Key.values)
def test_every_height_that_a_box_can_have_is_in_the_style_sheet(key):
    for name in sizes.ROOM[key]:
        for size in sizes.fitting(key, name):
            # A second class says how wide it may be.
            found, *_wide = sizes.classes({name: [size]}).split()
            assert re.search(rf"\.{found} {{\s+height: {size[1]}px;", SHEET), (key, found)


@pytest.mark.parametrize(
    ("chosen", "heights", "classes"),
    [
        ({}, {"phone": 100, "tablet": 100, "wide": 90}, "p100 w90"),
        ({"phone": [[300, 250], [320, 50]]}, {"phone": 250, "tablet": 100, "wide": 90}, "p250 t100 w90"),
        ({"wide": [[728, 90], [970, 250]]}, {"phone": 100, "tablet": 100, "wide": 250}, "p100 w250 w970"),
    ],
)
def test_a_box_is_as_high_as_the_highest_advertisement_at_each_width(chosen, heights, classes):
    here = Slot(key="article-top", sizes=chosen).sizes_here

    assert (sizes.heights(here), sizes.classes(here)) == (heights, classes)


def test_scripts_are_told_all_sizes():
    assert sizes.written(sizes.of("list", {})) == "300x250 728x90 970x250,728x90"
    assert sizes.written(sizes.of("beside", {})) == "- - 160x600"


@pytest.mark.parametrize(
    ("key", "chosen", "sentence"),
    [
        ("article-body", {"phone": [[970, 250]]}, "Phones: 970 px are too wide, there is room for 320 px."),
        ("article-body", {"wide": [[728, 90]]}, "From 1024 px: 728 px are too wide, there is room for 640 px."),
        ("article-top", {"phone": [[336, 280]]}, "Phones: 336 px are too wide, there is room for 320 px."),
        ("list", {"wide": [[300, 600]]}, "From 1024 px: 600 px are too high, at most 280 px are allowed."),
        ("beside", {"wide": [[300, 250]]}, "250 px are not high enough, at least 600 px are needed."),
        ("list", {"tablet": [[320, 50]]}, "From 768 px: 50 px are not high enough, at least 90 px are needed."),
        ("list", {"tablet": [[123, 45]]}, "From 768 px: [123, 45] is not one of the sizes to choose from."),
        ("list", {"tablet": [["728", "90"]]}, "is not one of the sizes to choose from."),
        ("list", {"tablet": [728, 90]}, "728 is not one of the sizes to choose from."),
        ("list", {"tablet": "728x90"}, "728x90 is not one of the sizes to choose from."),
        ("beside", {"phone": [[300, 250]]}, "This slot has no box there: Phones."),
        ("list", {"watch": [[300, 250]]}, "This slot has no box there: watch."),
        ("list", [[300, 250]], "Sizes are lists by breakpoint."),
    ],
)
def test_sizes_without_room_are_refused_with_the_width_that_fails(key, chosen, sentence):
    assert [each for _, each in sizes.problems(key, chosen) if sentence in each]


@pytest.mark.django_db
def test_sizes_are_chosen_in_the_admin(client):
    client.force_login(make_user("owner"))
    slot = fill("article-top")
    url, sent = f"/admin/sponsors/slot/{slot.pk}/change/", {"source": "preview", "phone": ["300x250", "320x50"]}

    assert client.post(url, sent | {"excluded_kinds": ["article"], "ad_unit": "0123456789"}).status_code == 302

    slot.refresh_from_db()
    assert {name: sorted(at) for name, at in slot.sizes.items()} == {"phone": [[300, 250], [320, 50]]}
    assert (slot.excluded_kinds, slot.ad_unit) == (["article"], "0123456789")

    page = client.post(url, sent | {"tablet": "728x90"})
    assert "728 px are too wide, there is room for 640 px." in page.text
    assert page.text.count("are too wide") == 1
    assert "Ten digits." in client.post(url, sent | {"ad_unit": "٠١٢٣٤٥٦٧٨٩"}).text
    assert "Ten digits." in client.post(url, sent | {"ad_unit": "12345"}).text
    assert "not one of the available choices" in client.post(url, sent | {"excluded_kinds": "quizzes"}).text
    slot.refresh_from_db()
    assert set(slot.sizes) == {"phone"}


def test_labels_are_a_list_of_words_that_was_reviewed():
    assert labels.LABELS == {
        "en": ("Sponsored", "Advertisements"),
        "de": ("Anzeige", "Anzeigen"),
        "fr": ("Publicité", "Publicités"),
        "es": ("Publicidad", "Anuncios"),
        "pl": ("Reklama", "Reklamy"),
        "ar": ("إعلان", "إعلانات"),
        "ja": ("広告", "広告"),
    }
    assert labels.label("de-at") == "Anzeige"
    assert labels.label("ja", is_adsense=True) == "広告"
    assert labels.label("it", is_adsense=True) == "Advertisements"


def test_every_language_of_readers_has_labels():
    assert {path.name for path in (settings.BASE_DIR / "publishing/locale").iterdir() if path.is_dir()} <= set(
        labels.LABELS
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"sizes": {"phone": [[970, 250]]}},
        {"sizes": [["x"]]},
        {"sizes": {"phone": [[300.0, 250.0]]}},
        {"sizes": {"phone": [[True, [1]]]}},
        {"excluded_kinds": ["quizzes"]},
        {"excluded_kinds": {"home": 1}},
        {"ad_unit": "1234567890\n"},
        {"ad_unit": "<script>"},
    ],
)
def test_settings_that_the_admin_refuses_are_refused_in_an_import_too(fields):
    with pytest.raises(ValidationError):
        Slot(key="article-body", **fields).clean()
