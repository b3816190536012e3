"""A browser that looks at the served demo."""

import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright


@contextmanager
def launched():
    """Debian's Chromium, with its own background traffic off. A thread needs one of its own."""
    # A context of the headless shell costs a third of one of the whole browser, whose windows are pages themselves.
    program = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    if not program:
        pytest.skip("Chromium is not installed; Debian has it as chromium-headless-shell")
    quiet = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser():
    with launched() as chromium:
        yield chromium


@pytest.fixture
def page(browser, site):
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


SIGNED_IN = {}


def sign_in(page, name, password="for-this-test-run-only"):
    """By the form once for each name, then with the cookies of that time: a password takes a third of a second."""
    if name in SIGNED_IN:
        page.context.add_cookies(SIGNED_IN[name])
        return
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    SIGNED_IN[name] = [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
