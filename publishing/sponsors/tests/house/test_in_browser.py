"""What a browser counts of advertisements, and shows of one in its form, on the served demo."""

import pytest

from publishing.tests.browser import sign_in
from publishing.tests.pictures import picture

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ARTICLE = "/articles/the-smallest-framework-that-could-possibly-teach-you/"
SELL = """
from publishing.sponsors.models import Creative, Key, Slot
from publishing.sponsors.tests.factories import fill
from publishing.sponsors.tests.house.factories import make_creative
for key in Key.values:
    fill(key, "house" if key in {keys} else "off")
Creative.objects.all().delete()
print(make_creative(headline="Buy this").pk)
"""
COUNTED = """
from publishing.sponsors.models import CreativeDay
print([(row.seen, row.clicked) for row in CreativeDay.objects.all()])
"""


@pytest.fixture(scope="module")
def selling_site(site):
    before = site.run("print([[slot.key, slot.source] for slot in Slot.objects.all()])").strip()
    yield site
    site.run(f"""
from publishing.sponsors.models import Creative
Creative.objects.all().delete()
for key, source in {before}:
    slot = Slot.objects.get(key=key)
    slot.source = source
    slot.save()
""")


@pytest.fixture
def reader(browser, selling_site):
    context = browser.new_context(
        base_url=selling_site.url, viewport={"width": 1280, "height": 900}, user_agent=BROWSER
    )
    # Other tests say how often the article was viewed.
    context.route("**/view/", lambda route: route.abort())
    context.route("https://acme.example/**", lambda route: route.fulfill(body="<title>Acme</title>"))
    page = context.new_page()
    page.beacons = []
    page.on("request", lambda request: "/sponsored/" in request.url and page.beacons.append(request.url))
    yield page
    context.close()


def what(page):
    return [url.rstrip("/").rpartition("/")[2] for url in page.beacons]


def test_it_is_seen_once_after_a_second_in_view_and_clicked_on_the_way(reader, selling_site):
    selling_site.run(SELL.format(keys=["article-top"]))
    reader.goto(ARTICLE)
    link = reader.get_by_role("link", name="Buy this")
    link.wait_for()
    reader.wait_for_timeout(300)
    assert what(reader) == []
    assert "advertisement of acme" in reader.locator(".slot:visible").first.inner_text().lower()

    reader.wait_for_timeout(1500)
    reader.mouse.wheel(0, 5000)
    reader.wait_for_timeout(200)
    reader.mouse.wheel(0, -5000)
    reader.wait_for_timeout(1500)
    assert what(reader) == ["seen"]

    link.click()
    reader.wait_for_url("https://acme.example/**")
    assert reader.context.cookies() == []
    assert selling_site.run(COUNTED).strip() == "[(1, 1)]"


def test_what_is_not_in_view_is_not_seen(reader, selling_site):
    selling_site.run(SELL.format(keys=["article-end"]))
    reader.goto(ARTICLE)
    link = reader.get_by_role("link", name="Buy this")
    reader.wait_for_timeout(1600)
    assert what(reader) == []

    link.scroll_into_view_if_needed()
    reader.wait_for_timeout(1600)
    assert what(reader) == ["seen"]


def test_a_page_without_one_loads_no_script_for_it(reader, selling_site):
    selling_site.run(SELL.format(keys=[]))
    scripts = []
    reader.on("request", lambda request: scripts.append(request.url))

    reader.goto(ARTICLE)
    reader.wait_for_timeout(300)

    assert not [url for url in scripts if "js/slots" in url or "css/slots" in url]
    assert reader.locator(".slot").count() == 0


def test_the_form_shows_what_is_typed_while_it_is_typed(page):
    sign_in(page, "editor")
    errors = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.goto("/admin/sponsors/creative/add/")
    shown = page.frame_locator(".creative-preview iframe")
    page.get_by_label("Kind").select_option("text")

    page.get_by_label("Headline").fill("Buy this & that")
    shown.get_by_text("Buy this & that").first.wait_for()
    page.get_by_label("Kind").select_option("picture")
    page.get_by_label("Picture", exact=False).set_input_files(
        {"name": "ad.png", "mimeType": "image/png", "buffer": picture(size=(300, 250))}
    )
    drawn = shown.locator("img").first
    drawn.wait_for()

    assert drawn.evaluate("each => each.decode().then(() => each.naturalWidth)") == 300
    assert errors == []
