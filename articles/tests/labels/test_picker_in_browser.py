"""Labels are chosen on the writing screen in a real Chromium, by keys alone, and without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from publishing.tests.browser import sign_in
from publishing.tests.test_browser import AXE

wide = pytest.mark.parametrize("writing", [1280], indirect=True)


@pytest.fixture(params=[1280, 360])
def writing(browser, site, request):
    """The form of a new article, and what went wrong in it."""
    scheme = "dark" if request.param == 360 else "light"
    size = {"width": request.param, "height": 800}
    context = browser.new_context(base_url=site.url, viewport=size, color_scheme=scheme, has_touch=request.param == 360)
    page = context.new_page()
    page.faults = faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/", wait_until="networkidle")
    yield page
    assert faults == []
    context.close()


def assert_picker_accessible(page):
    # Not covered by the buttons at the edge of a small screen. What axe does breaks the policy of the page.
    page.evaluate("document.querySelector('ol.chosen').scrollIntoView({ block: 'center' })")
    before = [*page.faults]
    found = Axe().run(page, context=".picker", options=AXE).response["violations"]
    assert [(each["id"], node["html"]) for each in found for node in each["nodes"]] == []
    page.faults[:] = before


def chosen(page, name):
    return page.locator(f"[name={name}] option:checked").all_inner_texts()


def test_labels_are_chosen_made_and_ordered_by_keys_alone_and_autosaved(writing, site):
    page = writing
    width = page.viewport_size["width"]
    new = f"Weaving {width}"
    page.get_by_label("Tags:").focus()
    page.keyboard.type(new)
    page.get_by_role("option", name=f"Make “{new}”").wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Remove {new}")).to_be_visible()
    page.get_by_label("Authors:").focus()
    for name in (f"Ada {width}", f"Bea {width}", f"Cleo {width}"):
        page.keyboard.type(name)
        page.get_by_role("option", name=f"Make “{name}”").wait_for()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    page.get_by_role("button", name=f"Move Cleo {width} up").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel") == f"Move Cleo {width} up"
    assert chosen(page, "byline") == [f"Cleo {width}", f"Ada {width}", f"Bea {width}"]
    expect(page.get_by_text("Saved ", exact=False).first).to_be_visible(timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_label("Tags:").click()
    page.get_by_role("listbox", name="tag").wait_for()
    assert_picker_accessible(page)

    page.reload(wait_until="networkidle")

    assert chosen(page, "byline") == [f"Cleo {width}", f"Ada {width}", f"Bea {width}"]
    assert chosen(page, "tags") == [new]
    page.get_by_label("Tags:").focus()
    page.keyboard.press("Backspace")
    assert chosen(page, "tags") == []


@wide
def test_authors_are_dragged_and_leaving_asks_before_it_is_saved(writing):
    page = writing
    width = page.viewport_size["width"]
    for name in (f"Dora {width}", f"Eva {width}"):
        page.get_by_label("Authors:").fill(name)
        page.get_by_role("option", name=f"Make “{name}”").click()
        expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    expect(page.get_by_text("Saved ", exact=False).first).to_be_visible(timeout=15_000)

    rows = page.locator("ol.chosen li")
    rows.nth(1).drag_to(rows.nth(0))
    asked = page.evaluate(
        "() => { const e = new Event('beforeunload', { cancelable: true }); window.dispatchEvent(e);"
        " return e.defaultPrevented; }"
    )

    assert chosen(page, "byline") == [f"Eva {width}", f"Dora {width}"]
    assert asked


@wide
def test_a_series_fills_in_its_next_place(writing, site):
    site.run(
        "from articles.models import Series; from publishing.tests.factories import make_article\n"
        "series, is_new = Series.objects.get_or_create(title='Warp and weft', slug='warp-and-weft')\n"
        "is_new and make_article(series=series, series_position=6)"
    )
    writing.get_by_label("Series:").fill("warp")
    writing.get_by_role("option", name="Warp and weft").click()

    expect(writing.get_by_label("Series position:")).to_have_value("7")


def test_without_javascript_names_are_typed(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Title", exact=True).fill("Without a script")
    page.get_by_text("Address and search engines").click()
    page.get_by_label("Slug", exact=False).fill("without-a-script")
    page.get_by_label("Tags:").fill("Plain, Typed")
    page.get_by_label("Authors:").fill("Fay Plain")
    page.get_by_role("button", name="Save").first.click()

    expect(page.locator("[name=tags] option")).to_have_text(["Plain", "Typed"])
    expect(page.locator("[name=byline] option")).to_have_text(["Fay Plain"])
    context.close()


@wide
def test_newer_text_in_the_browser_has_all_its_labels_by_name(writing, site):
    page = writing
    width = page.viewport_size["width"]
    page.get_by_label("Title", exact=True).fill(f"Copied {width}")
    page.wait_for_url("**/change/", timeout=15_000)
    page.route("**/autosave/", lambda route: route.fulfill(status=503))
    for name in (f"Gold {width}", f"Iron {width}"):
        page.get_by_label("Tags:").fill(name)
        page.get_by_role("option", name=f"Make “{name}”").click()
        expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    page.wait_for_timeout(1500)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload(wait_until="networkidle")
    page.unroute("**/autosave/")

    page.get_by_role("button", name="Compare").click()
    expect(page.locator("dialog pre").first).to_have_text(f"Gold {width}, Iron {width}")
    page.locator("dialog#compare button[value=use]").click()

    assert chosen(page, "tags") == [f"Gold {width}", f"Iron {width}"]
    expect(page.get_by_text("Saved ", exact=False).first).to_be_visible(timeout=15_000)
    page.faults[:] = [fault for fault in page.faults if "503" not in fault]
