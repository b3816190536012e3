"""The pages about maintenance in the admin in a real Chromium: they fit, can be read, and work with the keyboard."""

import pytest
from playwright.sync_api import expect

from publishing.tests.browser import sign_in
from publishing.tests.test_browser import WATCH, assert_accessible

LIST = "/admin/maintenance/window/"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# The notice of the demo, and nothing that is planned.
AS_IT_WAS = """
from publishing.maintenance.announcements import announce, end
end(windows=Window.objects.scheduled())
announce("banner")
"""


@pytest.fixture
def desk(page, site):
    page.add_init_script(WATCH)
    sign_in(page, "owner")
    yield page
    site.run(AS_IT_WAS)


def assert_fits_and_is_accessible(page, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    # Before the checker adds styles of its own.
    assert page.evaluate("window.violations") == []
    assert_accessible(page)
    page.evaluate("window.violations = []")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_each_page_fits_and_can_be_read(desk, size, scheme):
    desk.goto(LIST)
    assert_fits_and_is_accessible(desk, size, scheme)
    desk.goto(f"{LIST}past/")
    assert_fits_and_is_accessible(desk, size, scheme)
    desk.goto(f"{LIST}plan/closed/")
    assert_fits_and_is_accessible(desk, size, scheme)
    desk.get_by_label("Lasts").select_option("until")
    desk.get_by_role("button", name="Show what this does").click()
    expect(desk.get_by_text("Enter the end, or choose how long it lasts.")).to_be_visible()
    assert_fits_and_is_accessible(desk, size, scheme)
    desk.get_by_label("Lasts").select_option("60")
    desk.get_by_role("button", name="Show what this does").click()
    expect(desk.get_by_role("heading", name="What will answer")).to_be_visible()
    notice = desk.frame_locator("iframe").last
    expect(notice.get_by_role("heading", name="Maintenance")).to_be_visible()
    assert_fits_and_is_accessible(desk, size, scheme)


def press_until(page, name):
    """Go by Tab to the control with this name, which shows where the focus is."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const e = document.activeElement; return (e.textContent || e.value || '').trim(); })()"
        )
        if focused == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"Tab does not lead to “{name}”.")


def test_a_state_is_switched_undone_and_ended_with_the_keyboard_alone(desk):
    desk.goto(LIST)
    press_until(desk, "Read-only")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/plan/read-only/")
    press_until(desk, "Show what this does")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Confirm maintenance")).to_be_visible()
    press_until(desk, "Confirm")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Now: Read-only")).to_be_visible()
    press_until(desk, "Undo the last change")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Now: Banner")).to_be_visible()
    press_until(desk, "End now")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Banner → Off")).to_be_visible()
    press_until(desk, "Confirm")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Now: Off")).to_be_visible()
