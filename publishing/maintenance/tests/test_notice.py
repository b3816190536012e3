"""What a page looks like to readers and caches while a notice is up."""

import re
import time
from datetime import datetime, timedelta
from urllib.request import urlopen

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.utils import timezone

from publishing.cache import changes, pages
from publishing.maintenance.announcements import announce, put
from publishing.maintenance.models import Window
from publishing.models import Publication

from .factories import NOTICE, database_down, without_notice

NOON = "2026-06-01T12:00:00Z"


def notice_on(response):
    found = NOTICE.findall(response.text)
    assert len(found) <= 1
    return found[0] if found else ""


def shared_seconds(response):
    return int(re.search(r"s-maxage=([0-9]+)", response["Cache-Control"])[1])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/quizzes/"])
@pytest.mark.parametrize("state", ["banner", "read-only"])
def test_a_page_carries_the_notice_once_and_is_otherwise_the_same(client, path, state):
    off = client.get(path)
    announce(state)
    on = client.get(path)

    assert (off.status_code, on.status_code) == (200, 200)
    assert notice_on(off) == ""
    assert "<h2>Maintenance</h2>" in notice_on(on)
    assert '<a class="button" href="/quizzes/">Go to quizzes</a>' in notice_on(on)
    assert "aria-live" not in notice_on(on) and "role=" not in notice_on(on)
    assert without_notice(on.text) == off.text


@pytest.mark.django_db
def test_the_notice_is_the_same_for_every_visitor_and_sets_no_cookie(client):
    announce("banner")
    stranger = client.get("/")
    client.cookies["sessionid"] = "somebody"
    client.cookies["reader"] = "somebody"
    regular = client.get("/")

    assert stranger["ETag"] == regular["ETag"]
    assert stranger.content == regular.content
    for response in (stranger, regular):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response["Cache-Control"].startswith("public")


@pytest.mark.django_db
def test_pages_name_maintenance_whether_it_is_on_or_not_so_that_they_can_be_purged(client):
    off = client.get("/")
    announce("banner")
    on = client.get("/")

    assert "maintenance" in off["Cache-Tag"].split(",")
    assert "maintenance" in on["Cache-Tag"].split(",")


@pytest.mark.django_db
def test_an_answer_that_is_not_public_is_not_made_public(client):
    announce("banner", ends_at=timezone.now() + timedelta(hours=1))

    response = client.get("/healthz")

    assert response["Cache-Control"] == "private, no-store"
    assert "Cache-Tag" not in response


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/quizzes/", "/robots.txt"])
@pytest.mark.parametrize("starts", [90, -90])
def test_a_page_is_not_kept_past_the_moment_at_which_a_window_starts_or_ends(client, path, starts):
    with time_machine.travel(NOON, tick=False) as clock:
        start = timezone.now() + timedelta(seconds=starts)
        if starts < 0:
            clock.move_to(start, tick=False)
        announce("banner", starts_at=start, ends_at=start + timedelta(seconds=180))
        clock.move_to(datetime.fromisoformat(NOON), tick=False)

        assert shared_seconds(client.get(path)) == 90
        clock.shift(timedelta(seconds=60))
        assert shared_seconds(client.get(path)) == 30
        clock.shift(timedelta(seconds=30))
        assert bool(notice_on(client.get("/"))) == (starts > 0)


@time_machine.travel(NOON, tick=False)
def test_of_several_moments_the_nearest_to_come_counts():
    request, now = RequestFactory().get("/"), timezone.now()

    for seconds in (200, 90, 120, -5, 0):
        pages.changes_at(request, now + timedelta(seconds=seconds))
    pages.changes_at(request, None)
    pages.cacheable(request, "home", until=now + timedelta(seconds=100))

    assert "s-maxage=90" in pages.cache_control(request, 200)


@pytest.mark.django_db
def test_the_owner_changes_the_sentence_and_a_window_may_have_its_own(client):
    Publication(maintenance_sentence="We are <moving> house.").save()
    announce("banner")
    usual = client.get("/")
    announce("banner", sentence="A new disk & more room.")
    own = client.get("/")

    assert "We are &lt;moving&gt; house." in notice_on(usual)
    assert "A new disk &amp; more room." in notice_on(own)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "length", "words", "moment"),
    [
        ("UTC", 2.5, "14:30 UTC", "2026-06-01T14:30:00+00:00"),
        ("Europe/Berlin", 2.5, "16:30 CEST", "2026-06-01T16:30:00+02:00"),
        ("UTC", 14, "2 June, 02:00 UTC", "2026-06-02T02:00:00+00:00"),
    ],
)
def test_the_notice_says_when_the_site_is_back(client, zone, length, words, moment):
    with override_settings(TIME_ZONE=zone), time_machine.travel(NOON, tick=False):
        announce("banner", ends_at=timezone.now() + timedelta(hours=length))
        html = notice_on(client.get("/"))

    assert f'Back about <time datetime="{moment}">{words}</time>.' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("length", "words"),
    [(None, "From {}2 June, 12:00 UTC</time>."), (2.5, "From {}2 June, 12:00</time> to {}14:30 UTC</time>.")],
)
def test_a_notice_of_what_is_announced_says_from_when_to_when(client, length, words):
    with time_machine.travel(NOON, tick=False):
        start = timezone.now() + timedelta(days=1)
        end = start + timedelta(hours=length) if length else None
        put(Window(state="banner", starts_at=start, ends_at=end, announce_before=timedelta(days=2)))
        html = re.sub(r'<time datetime="[^"]+">', "{}", notice_on(client.get("/")))

    assert "Maintenance is planned." in html
    assert words in html


@pytest.mark.django_db
def test_a_notice_without_an_end_promises_no_time(client):
    announce("banner")

    assert "Back about" not in notice_on(client.get("/"))


@pytest.mark.django_db
def test_a_zone_without_a_name_is_what_it_adds_to_utc(client, settings):
    settings.TIME_ZONE = "America/Sao_Paulo"
    with time_machine.travel(NOON, tick=False):
        announce("banner", ends_at=timezone.now() + timedelta(hours=2.5))

        assert "11:30 UTC-03</time>" in notice_on(client.get("/"))


@pytest.mark.django_db
def test_it_can_be_dismissed_while_nothing_is_refused_and_another_one_is_shown_again(client):
    def mark(state, **fields):
        announce(state, **fields)
        found = re.search(r'data-notice="([0-9a-f]{8})"', client.get("/").text)
        assert bool(found) == ("Dismiss" in notice_on(client.get("/")))
        return found and found[1]

    first = mark("banner", sentence="A new disk.")

    assert first
    assert first != mark("banner", sentence="Another disk.")
    assert mark("read-only") is None


@pytest.mark.django_db
def test_no_page_leads_to_quizzes_that_are_closed(client):
    closed = {"state": "closed", "ends_at": timezone.now() + timedelta(hours=1)}
    put(Window(**closed, groups=["comments", "quizzes"]))
    notice = notice_on(client.get("/"))
    refused = client.get("/quizzes/")

    assert "<h2>Maintenance</h2>" in notice and "Go to quizzes" not in notice
    assert refused.status_code == 503
    assert "<h1>Maintenance</h1>" in refused.text and "Go to quizzes" not in refused.text


@pytest.mark.django_db
def test_the_notice_costs_no_query_while_nothing_changes(client, count_queries):
    client.get("/robots.txt")
    with count_queries() as off:
        client.get("/robots.txt")
    announce("banner")
    client.get("/robots.txt")
    with count_queries() as on:
        client.get("/robots.txt")

    assert off == on == []


def test_a_page_without_a_request_has_no_notice():
    template = Template("{% load maintenance_tags %}[{% maintenance_notice %}]")

    assert template.render(Context()).strip("[]\n") == ""
    assert template.render(Context({"request": RequestFactory().get("/")})).strip("[]\n") == ""


@pytest.mark.django_db
def test_the_last_known_state_stands_while_the_database_is_down(client):
    announce("banner")
    client.get("/robots.txt")
    changes.invalidate(changes.SITE)

    with database_down():
        response = client.get("/healthz")

    assert response.status_code == 200
    assert response.wsgi_request.maintenance.state == "banner"


@pytest.mark.django_db
def test_with_nothing_known_and_no_database_the_site_is_open(client):
    with database_down():
        response = client.get("/healthz")

    assert response.wsgi_request.maintenance.state == "off"


def test_every_process_shows_a_change_within_two_seconds(site):
    def notices():
        return {b'class="notice dark"' in urlopen(f"{site.url}/").read() for _ in range(20)}

    try:
        for verb, shown in (("off", False), ("banner", True)):
            site.run(f"call_command('maintenance', {verb!r})")
            deadline = time.monotonic() + 2
            while notices() != {shown} and time.monotonic() < deadline:
                time.sleep(0.1)
            assert notices() == {shown}
    finally:
        site.run("call_command('maintenance', 'banner')")
