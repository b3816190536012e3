from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing.maintenance.announcements import announce
from publishing.sponsors.ads_txt import validate_ads_txt
from publishing.sponsors.models import AdsTxt
from publishing.tests.factories import make_user

GOOGLE = "google.com, pub-0000000000000000, DIRECT, f08c47fec0942fa0"


def save(lines):
    ads = AdsTxt(lines=lines)
    ads.full_clean(validate_unique=False)
    ads.save()


@pytest.mark.django_db
def test_nothing_is_declared_to_begin_with(client):
    response = client.get("/ads.txt")

    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")


@pytest.mark.django_db
def test_the_lines_are_served_as_plain_text_that_caches_may_keep(client):
    save(f"# who sells\r\n{GOOGLE}\r\n")

    response = client.get("/ads.txt?x=1")

    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.text == f"# who sells\n{GOOGLE}\n"
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies


@pytest.mark.django_db
def test_emptying_it_takes_it_away(client):
    save(GOOGLE)
    assert client.get("/ads.txt").status_code == 200

    save("\n \n")

    assert client.get("/ads.txt").status_code == 404


@pytest.mark.django_db
def test_it_is_read_only_and_costs_no_query_while_nothing_changes(client, count_queries):
    save(GOOGLE)
    client.get("/ads.txt")

    with count_queries() as queries:
        client.get("/ads.txt")

    assert queries == []
    assert client.head("/ads.txt").status_code == 200
    assert client.put("/ads.txt").status_code == 405


@pytest.mark.django_db
def test_it_is_served_by_a_closed_site(client):
    save(GOOGLE)
    announce("closed", ends_at=timezone.now() + timedelta(hours=1))

    assert client.get("/ads.txt").status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# a comment",
        GOOGLE,
        f"{GOOGLE} # ours",
        "Example.COM , 12345 , reseller",
        "a.example.co.uk,acct/1:2,DIRECT",
        "contact=ads@example.org",
        "OWNERDOMAIN=example.org",
        "subdomain = news.example.org",
        f"{GOOGLE}\n\n\t\n# two\nexample.org, 2, RESELLER",
    ],
)
def test_lines_that_are_right(text):
    assert validate_ads_txt(text) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("google.com", "Line 2: write"),
        ("google.com, pub-1", "Line 2: write"),
        ("google.com, pub-1, DIRECT, abc, more", "Line 2: write"),
        ("google.com pub-1 DIRECT", "Line 2: write"),
        ("google, pub-1, DIRECT", "not the domain"),
        ("https://google.com, pub-1, DIRECT", "not the domain"),
        ("-a.com, pub-1, DIRECT", "not the domain"),
        (f"{'a' * 64}.com, pub-1, DIRECT", "not the domain"),
        ("google.com, , DIRECT", "account id"),
        ("google.com, pub 1, DIRECT", "account id"),
        ("google.com, pub-1, OWNER", "DIRECT or RESELLER"),
        ("google.com, pub-1, DIRECT, a b", "certification id"),
        ("contact=", "write"),
        ("göogle.com, pub-1, DIRECT", "plain ASCII"),
        ("google.com, pub-١, DIRECT", "plain ASCII"),
        ("google.com, pub-1, DIRECT\u2028", "plain ASCII"),
        ("google.com, pub-1\x00, DIRECT", "plain ASCII"),
        ("\ufeff# comment", "plain ASCII"),
        ("<script>alert(1)</script>", "write"),
    ],
)
def test_lines_that_are_wrong_are_named_by_their_number(line, words):
    with pytest.raises(ValidationError) as caught:
        validate_ads_txt(f"# first\n{line}\n{GOOGLE}")

    assert len(caught.value.messages) == 1
    assert caught.value.messages[0].startswith("Line 2: ")
    assert words in caught.value.messages[0]


@pytest.mark.django_db
def test_the_admin_edits_the_one_row_and_explains_what_is_wrong(client):
    client.force_login(make_user("owner"))

    refused = client.post("/admin/sponsors/adstxt/add/", {"lines": "google.com"})
    taken = client.post("/admin/sponsors/adstxt/add/", {"lines": GOOGLE})

    assert "Line 1: write" in refused.text
    assert taken.status_code == 302
    assert AdsTxt.current().lines == GOOGLE
    assert client.get("/admin/sponsors/adstxt/add/").status_code == 403
    assert client.post("/admin/sponsors/adstxt/1/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.django_db
def test_there_is_only_one_row():
    with pytest.raises(IntegrityError), transaction.atomic():
        AdsTxt.objects.bulk_create([AdsTxt(pk=2)])
