"""What an import refuses: rows that no form of ours has stored."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from publishing.sponsors.house.transfer import TABLES
from publishing.sponsors.models import Advertiser, Creative, CreativeDay
from publishing.tests.pictures import picture

NAME = "0123456789abcdef0123456789abcdef.webp"
_ADVERTISERS, CREATIVES, _DAYS = TABLES


def row(**changed):
    fields = {"name": "Spring", "kind": "text", "target": "https://acme.example/", "headline": "Buy", "text": "It."}
    return Creative(**fields | changed)


def test_advertisers_come_before_what_is_theirs():
    assert [table.model for table in TABLES] == [Advertiser, Creative, CreativeDay]


def test_the_number_of_a_link_comes_along_so_that_a_revoked_one_stays_so():
    assert "link_number" in {field.name for field in _ADVERTISERS.fields}


@pytest.mark.parametrize(
    "changed",
    [
        {"target": "javascript:alert(1)"},
        {"target": "//evil.example/"},
        {"target": "https://user:password@acme.example/"},
        {"slots": ["nowhere"]},
        {"slots": {"list": 1}},
        {"slots": "list"},
        {"slots": [["list"]]},
        {"kind": "picture"},
        {"kind": "picture", "picture": NAME},
        {"kind": "picture", "alt": "A bicycle", "picture": "../secret-key"},
        {"kind": "picture", "alt": "A bicycle", "picture": NAME + "\n"},
        {"kind": "picture", "alt": "A bicycle", "picture": NAME.replace("webp", "svg")},
        {"kind": "text", "picture": "a.html"},
    ],
)
def test_a_row_that_no_form_has_stored_is_refused(changed):
    with pytest.raises(ValidationError):
        CREATIVES.prepare(row(**changed))


def test_what_a_form_has_stored_is_taken():
    CREATIVES.prepare(row(slots=["list"]))
    CREATIVES.prepare(row(kind="picture", alt="A bicycle", picture=NAME, width=300, height=250))


@pytest.mark.parametrize(
    "data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", picture(size=(300, 250))[:-30], picture(size=(2000, 9))]
)
def test_a_file_that_is_no_picture_of_a_size_is_refused(data):
    [file] = CREATIVES.files(row(kind="picture", alt="A bicycle", picture=NAME))

    with pytest.raises(ValidationError):
        file.check(ContentFile(data))
