"""A page that is read-only in a real Chromium, and one that was open before it was."""

import pytest
from playwright.sync_api import expect

from publishing.tests.test_browser import OPINION, assert_accessible

READ_ONLY = """
from datetime import timedelta
from django.utils import timezone
from publishing.maintenance.announcements import announce
announce("read-only", ends_at=timezone.now() + timedelta(hours=1), sentence="We are moving house.")
"""
# The notice of the demo, as it was.
BANNER = "from publishing.maintenance.announcements import announce; announce('banner')"


@pytest.fixture
def page(browser, site):
    context = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 800})
    yield context.new_page()
    site.run(BANNER)
    context.close()


def wait_for_read_only(page):
    """Until the processes of the site have seen it: two seconds at most."""
    for _ in range(40):
        page.goto(OPINION)
        if page.locator("#no-hearts").count():
            return
        page.wait_for_timeout(100)


def test_a_heart_that_is_given_on_an_older_page_does_not_flip_and_says_why(page, site):
    page.goto(OPINION, wait_until="networkidle")
    button = page.get_by_role("button", name="Heart this")
    site.run(READ_ONLY)
    page.wait_for_timeout(2500)

    button.click()

    expect(page.locator("form.hearts output")).to_have_text("We are moving house.")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_contain_text("♡")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('heart:'))") == []


def test_what_is_off_cannot_be_used_and_tells_screen_readers_why(page, site):
    site.run(READ_ONLY)
    wait_for_read_only(page)

    heart = page.get_by_role("button", name="Heart this")
    expect(heart).to_be_disabled()
    expect(heart).to_have_accessible_description("Hearts are not counted during maintenance.")
    expect(page.locator("#join textarea")).to_be_disabled()
    fields = page.locator("#join fieldset")
    expect(fields).to_have_accessible_description("Comments are read-only during maintenance.")
    assert_accessible(page)
