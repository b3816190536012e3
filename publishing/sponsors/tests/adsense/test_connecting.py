"""Connecting AdSense in the admin: what is typed is kept, what is measured decides, and each change is logged."""

from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles.models import Page
from publishing.links import targets
from publishing.outbound import client as outbound
from publishing.sponsors.adsense import checks, connecting
from publishing.sponsors.models import AdSense, AdsTxt, Consent
from publishing.sponsors.tests.factories import fill, make_list
from publishing.tests.factories import make_user
from publishing.tests.outbound.web import serve
from publishing.transfer.export.tables import tables

pytestmark = pytest.mark.django_db
CLIENT, UNIT = "ca-pub-1234567890123456", "0123456789"
LINE = "google.com, pub-1234567890123456, DIRECT, f08c47fec0942fa0"
URL = "/admin/sponsors/adsense/"


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))
    return client


@pytest.fixture
def privacy():
    page = Page.objects.create(title="Privacy", slug="privacy", body="What we do.")
    page.publish(by=None)
    return page


@pytest.fixture
def web(settings, monkeypatch):
    """The site as the network sees it, at an address of this machine."""
    with serve() as server:
        settings.SITE_URL = server.url
        # A process has one address, which is read once.
        monkeypatch.setattr(targets, "_HOSTS", {("http", urlsplit(server.url).netloc)})
        targets.internal.cache_clear()
        yield server
    targets.internal.cache_clear()


@pytest.fixture
def ready(client, web, privacy, settings):
    """Everything is as it should be, and the network passes on what the site answers."""
    settings.HTTPS = True
    AdSense(client=CLIENT, consent=Consent.OWN, privacy_page="/privacy/").save()
    fill("list", "adsense", ad_unit=UNIT)
    make_list()
    for path in ("/ads.txt", "/"):
        response = client.get(path)
        headers = {"Content_Security_Policy": response["Content-Security-Policy"]}
        web.page(path, response.content, response["Content-Type"], **headers)


def step(client, name, **data):
    return client.post(URL, {"step": name} | data)


def unmet():
    return {name: found["says"] for name, found in AdSense.objects.get().checks.items() if not found["is_met"]}


def messages(editor):
    return editor.get(URL).text


# --- the id ---


def test_an_id_that_is_taken_away_is_neither_in_ads_txt_nor_on_the_front_page(editor):
    editor.post(URL, {"step": "id", "pasted": CLIENT})
    assert LINE in editor.get("/ads.txt").text and CLIENT in editor.get("/").text

    editor.post(URL, {"step": "id", "pasted": " \n"})

    assert editor.get("/ads.txt").status_code == 404
    assert CLIENT not in editor.get("/").text


def test_an_id_is_stored_as_google_writes_it_and_shown_with_its_line_and_tag(editor):
    assert "in the head of the front page, before anything is connected." in editor.get(URL).text
    assert step(editor, "id", pasted="  PUB-1234567890123456 ").status_code == 302

    page = editor.get(URL).text
    assert AdSense.objects.get().client == CLIENT
    assert LINE in page
    assert f"&lt;meta name=&quot;google-adsense-account&quot; content=&quot;{CLIENT}" in page or CLIENT in page
    assert editor.get("/ads.txt").text == f"{LINE}\n"
    assert CLIENT in editor.get("/").text and not AdSense.objects.get().is_on


@pytest.mark.parametrize("pasted", ["ca-pub-١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦", f"{CLIENT}7", f"{CLIENT}<script>alert(1)</script>"])
def test_a_wrong_one_is_refused_and_what_was_typed_is_kept(editor, pasted):
    response = step(editor, "id", pasted=pasted)

    assert response.status_code == 422
    assert response.context["id_form"]["pasted"].value() == pasted
    assert "errorlist" in response.text
    assert "<script>alert" not in response.text
    assert not AdSense.objects.exists()


# --- consent ---


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"privacy_page": "/missing-page/", "consent": "own"}, "privacy_page"),
        ({"privacy_page": "https://elsewhere.example/", "consent": "own"}, "privacy_page"),
        ({"privacy_page": "/admin/", "consent": "own"}, "privacy_page"),
        ({"privacy_page": "/privacy/", "consent": "both"}, "consent"),
        ({"privacy_page": "/privacy/", "consent": "tcf"}, "platform_script"),
        *(
            ({"privacy_page": "/privacy/", "consent": "tcf", "platform_script": address}, "platform_script")
            for address in ("http://cmp.example/a.js", "javascript:alert(1)", "https://", "https://a@b.example/", "x")
        ),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_at_its_field(editor, privacy, data, field):
    response = step(editor, "consent", **data)

    assert response.status_code == 422
    assert list(response.context["consent_form"].errors) == [field]
    assert not AdSense.objects.exists()


def test_a_draft_is_no_privacy_page(editor):
    Page.objects.create(title="Privacy", slug="privacy")

    assert step(editor, "consent", privacy_page="/privacy/", consent="own").status_code == 422


def test_who_asks_and_the_privacy_page_are_stored(editor, privacy):
    data = {"privacy_page": "/privacy/", "consent": "tcf", "platform_script": "https://cmp.example/stub.js?id=1"}

    assert step(editor, "consent", **data).status_code == 302
    row = AdSense.objects.get()
    assert (row.privacy_page, row.consent, row.platform_script) == tuple(data.values())
    assert not row.is_on


# --- checks ---


def test_all_checks_are_measured_at_the_sites_own_address_and_then_it_is_connected(editor, ready, web):
    step(editor, "check")
    assert unmet() == {}
    assert {path for path, _headers in web.requests} == {"/ads.txt", "/"}
    assert not AdSense.objects.get().is_on

    step(editor, "connect")

    assert AdSense.objects.get().is_on
    assert "data-unit" in editor.get("/").text
    assert "Connected." in messages(editor)
    entry = LogEntry.objects.latest("action_time")
    assert entry.user.username.startswith("editor")
    assert entry.get_change_message() == f"Connected {CLIENT}"


@pytest.mark.parametrize(
    ("break_it", "name", "words"),
    [
        (lambda web, settings: setattr(settings, "HTTPS", False), "https", "SITE_URL is http"),
        (lambda web, settings: web.pages.pop("/ads.txt"), "ads_txt", "answers 404"),
        (lambda web, settings: web.page("/ads.txt", "google.com, pub-1, DIRECT", "text/plain"), "ads_txt", "our line"),
        (lambda web, settings: web.page("/ads.txt", LINE, "text/html"), "ads_txt", "not text/plain"),
        (lambda web, settings: Page.objects.get().archive(by=None), "privacy", "no page that readers can open"),
        (lambda web, settings: AdSense.objects.update(consent="none"), "consent", "who asks"),
        (lambda web, settings: web.page("/", "x"), "policy", "0 policies"),
        (lambda web, settings: web.page("/", "x", Content_Security_Policy="default-src 'self'"), "policy", "another"),
        (lambda web, settings: fill("list", "preview"), "units", "No slot"),
        (lambda web, settings: fill("list", "adsense", ad_unit=""), "units", "no ad unit"),
        (lambda web, settings: fill("list", "adsense", ad_unit="012345678٩"), "units", "no ad unit"),
    ],
)
def test_while_one_check_fails_it_is_not_connected_and_the_reason_stands_beside_it(
    editor, ready, web, settings, break_it, name, words
):
    break_it(web, settings)

    step(editor, "connect")

    assert not AdSense.objects.get().is_on
    assert list(unmet()) == [name]
    assert words in unmet()[name]
    page = messages(editor)
    assert "Not connected. To do:" in page
    assert "data-unit" not in editor.get("/").text


def test_only_the_sites_own_origin_may_be_at_an_address_of_this_machine(web):
    kinds = {"kinds": ("text/plain",), "most_bytes": 1000, "user_agent": "tests"}
    web.page("/ads.txt", LINE, "text/plain")
    web.pages["/away"] = (302, {"Location": f"http://127.0.0.2:{web.server_port}/ads.txt"}, b"")

    for url in (f"{web.url}/away", f"http://127.0.0.2:{web.server_port}/ads.txt", "http://127.0.0.2/ads.txt"):
        with pytest.raises(outbound.NotFetched):
            outbound.fetch(url, own=web.url, **kinds)


def test_the_own_origin_is_reached_at_whatever_address_and_port_it_has(web, monkeypatch):
    web.page("/ads.txt", LINE, "text/plain")
    kinds = {"kinds": ("text/plain",), "most_bytes": 1000, "user_agent": "tests"}

    # Undone before the site, which has patched the same.
    with monkeypatch.context() as patch:
        patch.setattr(outbound, "PORTS", frozenset({80, 443}))
        patch.setattr(outbound.addresses, "is_public", lambda address: False)
        assert outbound.fetch(f"{web.url}/ads.txt", own=web.url, **kinds).body == LINE.encode()
        with pytest.raises(outbound.NotFetched):
            outbound.fetch(f"{web.url}/ads.txt", **kinds)
        with pytest.raises(outbound.NotFetched):
            outbound.fetch(f"{web.url}/ads.txt", own="http://127.0.0.1:1", **kinds)


# --- afterwards ---


def test_disconnecting_takes_one_click_and_works_at_once(editor, ready):
    connecting.connect(make_user("owner"))
    assert "data-unit" in editor.get("/").text

    assert step(editor, "disconnect").status_code == 302

    assert "data-unit" not in editor.get("/").text
    assert "'strict-dynamic'" not in editor.get("/")["Content-Security-Policy"]
    assert LogEntry.objects.latest("action_time").get_change_message() == "Disconnected"


def test_another_id_disconnects_and_what_was_measured_no_longer_counts(editor, ready):
    connecting.connect(make_user("owner"))

    step(editor, "id", pasted="ca-pub-6543210987654321")

    row = AdSense.objects.get()
    assert (row.is_on, row.checks, row.checked_at) == (False, {}, None)
    assert "Disconnected by that change" in [entry.get_change_message() for entry in LogEntry.objects.all()]


def rename(page, slug):
    page.slug = slug
    page.save()


def test_a_privacy_page_that_is_renamed_stays_connected_and_links_lead_to_it(client, editor, ready):
    connecting.connect(make_user("owner"))
    page = Page.objects.get()

    rename(page, "your-data")

    assert 'href="/your-data/" data-privacy-choices' in client.get("/").text
    assert "/your-data/" in editor.get(URL).text
    # A form that was opened before.
    step(editor, "consent", privacy_page="/privacy/", consent="own", platform_script="")
    row = AdSense.objects.get()
    assert (row.is_on, row.privacy_page, unmet()) == (True, "/your-data/", {})


def test_a_privacy_page_that_readers_can_no_longer_open_is_told_at_the_checklist_and_in_the_inbox(editor, ready):
    connecting.connect(make_user("owner"))
    said = "cannot open the privacy page, /privacy/."
    assert said not in editor.get("/admin/").text

    Page.objects.get().archive(by=None)

    assert "/privacy/ is no page that readers can open. Publish it." in editor.get(URL).text
    assert said in editor.get("/admin/").text
    Page.objects.get().delete()
    assert "/privacy/ is no page that readers can open. Publish it." in editor.get(URL).text


def test_what_somebody_changes_while_it_is_measured_is_not_connected(ready, monkeypatch):
    measure = checks.measure

    def measured(row):
        found = measure(row)
        AdSense.objects.update(client="ca-pub-6543210987654321")
        return found

    monkeypatch.setattr(checks, "measure", measured)

    with pytest.raises(connecting.NotReady):
        connecting.connect(make_user("owner"))
    assert not AdSense.objects.get().is_on


def test_to_look_at_it_changes_nothing_and_authors_do_not_see_it(client, editor):
    editor.get(f"{URL}?step=connect")
    assert not AdSense.objects.exists()
    assert step(editor, "no such step").status_code == 302
    assert editor.put(URL).status_code == 405

    client.force_login(make_user("author"))
    assert client.get(URL).status_code == client.post(URL, {"step": "disconnect"}).status_code == 403


def test_it_stands_among_everything_of_the_desk(editor):
    assert f'href="{reverse("admin:sponsors_adsense_changelist")}"' in editor.get("/admin/").text


def test_lines_of_the_owner_stay(editor):
    AdsTxt(lines="example.com, 1, DIRECT").save()
    step(editor, "id", pasted=CLIENT)

    assert editor.get("/ads.txt").text == f"{LINE}\nexample.com, 1, DIRECT\n"


def test_an_export_has_the_settings_and_not_that_they_were_right_here():
    table = next(table for table in tables() if table.model is AdSense)

    assert {field.name for field in table.fields} == {"id", "client", "consent", "platform_script", "privacy_page"}


@pytest.mark.parametrize(
    "wrong",
    [{"client": f"{CLIENT}\n"}, {"platform_script": "javascript:alert(1)"}, {"privacy_page": "/\x00/"}],
)
def test_an_import_takes_no_row_that_is_none_of_ours(wrong):
    table = next(table for table in tables() if table.model is AdSense)

    with pytest.raises(ValidationError):
        table.prepare(AdSense(**wrong))
