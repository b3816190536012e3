"""The review page in a real Chromium: by keys alone, without JavaScript, and accessible."""

import re

import pytest
from playwright.sync_api import expect

from publishing.tests.browser import sign_in
from publishing.tests.test_browser import WATCH, assert_accessible, violations

TIPS = "/admin/comments/comment/?kind=tip"
SEED = """
from datetime import UTC, datetime, timedelta
from articles.models import Article
from comments.tests.factories import import_comment
from comments.models import Comment
article = Article.objects.published().first()
Comment.objects.filter(kind="tip", status="pending").delete()
for number in range({number}):
    moment = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(hours=number)
    import_comment(article, "Reader", f"Tip {{number}}", moment, "pending", kind="tip")
"""
STATES = """
SELECT status FROM comments_comment WHERE kind = 'tip' AND body LIKE 'Tip %' ORDER BY id DESC LIMIT {number}
"""
# What the page has put on the screen before is drawn after two frames, and takes keys 250 ms later.
SEEN = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300))); })"""


def seed(site, number):
    site.run(SEED.format(number=number))


def states(site, number):
    return [status for (status,) in site.execute(STATES.format(number=number))][::-1]


def wait_for_states(page, site, wanted):
    """Wait until the decisions are stored."""
    for _ in range(300):
        if states(site, len(wanted)) == wanted:
            break
        page.wait_for_timeout(50)
    assert states(site, len(wanted)) == wanted


@pytest.fixture
def review_page(page, site):
    """The first of six tips that wait, one at a time."""
    seed(site, 6)
    page.add_init_script(WATCH)
    sign_in(page, "moderator")
    page.goto(TIPS)
    page.get_by_role("button", name="Review one at a time").press("Enter")
    wait_for_comment(page, "Tip 0")
    return page


def wait_for_comment(page, text):
    """The comment with this text is shown, and the script that hears keys has run: it shows the box about them."""
    expect(page.locator(".body")).to_have_text(text)
    expect(page.locator("[data-keys]")).to_be_visible()


def press(page, *keys, then):
    """Press keys one after another; then the comment with the text `then` is shown and its heading has the focus."""
    for key in keys:
        page.keyboard.press(key)
    wait_for_comment(page, then)
    expect(page.locator("h1")).to_be_focused()


def test_five_comments_are_decided_by_keys_alone_and_one_is_undone(review_page, site):
    expect(review_page.locator("h1")).to_be_focused()

    press(review_page, "a", then="Tip 1")
    expect(review_page.get_by_role("status")).to_contain_text("Approved: Reader: Tip 0")
    press(review_page, "r", "2", then="Tip 2")
    expect(review_page.get_by_role("status")).to_contain_text("Rejected: Reader: Tip 1")
    press(review_page, "s", then="Tip 3")
    press(review_page, "j", then="Tip 4")
    press(review_page, "k", then="Tip 3")
    press(review_page, "a", then="Tip 4")
    press(review_page, "a", then="Tip 5")
    press(review_page, "u", then="Tip 4")
    expect(review_page.get_by_role("status")).to_contain_text("Undone.")

    assert states(site, 6) == ["approved", "rejected", "spam", "approved", "pending", "pending"]
    assert violations(review_page) == []


def test_a_rejection_with_a_note_needs_no_mouse_and_its_letters_decide_nothing(review_page, site):
    review_page.keyboard.press("r")
    first_reason = review_page.get_by_role("button", name="It is not about this article.")
    expect(first_reason).to_be_visible()
    # One more press of Enter decides nothing.
    review_page.keyboard.press("Enter")
    expect(first_reason).to_be_hidden()
    review_page.keyboard.press("r")
    review_page.keyboard.press("Tab")
    note = review_page.get_by_label("Note to the writer")
    expect(note).to_be_focused()
    review_page.keyboard.type("asbjku 123?")
    review_page.keyboard.press("Enter")
    expect(note).to_have_value("asbjku 123?")
    expect(review_page.locator(".body")).to_have_text("Tip 0")
    review_page.keyboard.press("Tab")
    expect(first_reason).to_be_focused()

    review_page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(review_page.locator("summary", has_text="Reject")).to_be_focused()
    press(review_page, "r", "1", then="Tip 1")

    wait_for_states(review_page, site, ["rejected", *["pending"] * 5])


def test_keys_with_a_modifier_and_keys_that_are_switched_off_do_nothing(review_page, site):
    for key in ("Control+a", "Alt+s", "Meta+a"):
        review_page.keyboard.press(key)
    review_page.get_by_label("Single-key shortcuts").uncheck()
    for key in ("a", "s", "r", "j", "?"):
        review_page.keyboard.press(key)
    review_page.evaluate(SEEN)
    expect(review_page.locator(".body")).to_have_text("Tip 0")

    review_page.reload()
    expect(review_page.get_by_label("Single-key shortcuts")).not_to_be_checked()
    review_page.keyboard.press("a")
    review_page.evaluate(SEEN)
    assert states(site, 6) == ["pending"] * 6

    review_page.get_by_label("Single-key shortcuts").check()
    press(review_page, "a", then="Tip 1")


def test_help_is_a_dialog_in_which_keys_decide_nothing(review_page, site):
    review_page.keyboard.press("?")
    dialog = review_page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert_accessible(review_page)

    review_page.keyboard.press("a")
    review_page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert states(site, 6) == ["pending"] * 6


def test_the_notice_with_the_way_back_goes_after_ten_seconds_and_stays_in_the_log(review_page):
    review_page.clock.install()
    press(review_page, "a", then="Tip 1")
    undo = review_page.get_by_role("button", name="Undo")
    review_page.clock.run_for(9_000)
    expect(undo).to_be_visible()
    review_page.clock.run_for(1_500)
    expect(undo).to_have_count(0)

    review_page.keyboard.press("u")
    review_page.wait_for_url("**/moderationentry/?who=me")
    review_page.get_by_role("button", name=re.compile("Undo.*Approved.*Reader")).first.press("Enter")
    expect(review_page.locator(".messagelist")).to_contain_text("Undone.")


def test_a_comment_opened_by_a_link_is_claimed_and_a_colleague_sees_that(review_page, browser, site):
    card = review_page.locator(".decide").get_attribute("action").split("?")[0]
    review_page.get_by_role("button", name="Next").click()
    expect(review_page.locator(".body")).to_have_text("Tip 1")
    context = browser.new_context(base_url=site.url)
    colleague = context.new_page()
    sign_in(colleague, "owner")

    colleague.goto(card)
    expect(colleague.locator(".claim")).to_contain_text("Claimed by you")
    review_page.goto(card)
    expect(review_page.locator(".hint")).to_contain_text("Claimed by owner")
    review_page.keyboard.press("a")
    expect(review_page.get_by_role("alert")).to_contain_text("owner has claimed it")
    assert_accessible(review_page)
    review_page.get_by_role("button", name="Decide anyway").press("Enter")
    expect(review_page.get_by_role("status")).to_contain_text("Approved: Reader: Tip 0")
    context.close()


def test_all_of_it_works_without_a_script(browser, site):
    seed(site, 3)
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "moderator")
    page.goto(TIPS)
    page.get_by_role("button", name="Review one at a time").click()
    page.get_by_role("button", name="Approve").click()
    page.locator("summary", has_text="Reject").click()
    page.get_by_label("Note to the writer").fill("Kindly.")
    page.get_by_role("button", name="It attacks a person").click()
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".body").inner_text() == "Tip 1"
    page.get_by_role("button", name="Spam").click()
    wait_for_states(page, site, ["approved", "spam", "pending"])
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_pages_are_accessible_and_fit(browser, site, width, scheme):
    seed(site, 2)
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    sign_in(page, "moderator")
    for path in (
        "/admin/",
        "/admin/comments/comment/",
        "/admin/comments/comment/?queue=all&q=the",
        "/admin/comments/moderationentry/",
        "/admin/comments/comment/desk/pending/?kind=tip",
        "/admin/comments/comment/desk/approved/",
        "/admin/comments/comment/desk/reported/",
    ):
        page.goto(path)
        check(page, width, path)
    page.goto("/admin/comments/comment/desk/pending/?kind=tip")
    expect(page.locator("[data-keys]")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_label("Note to the writer")).to_be_visible()
    check(page, width, "with the reasons open")
    # What looks for faults adds a style of its own, which is refused and noted.
    page.evaluate("window.violations = []")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    check(page, width, "with the way back")
    context.close()


def check(page, width, what):
    assert violations(page) == [], what
    assert page.evaluate("document.documentElement.scrollWidth") <= width, what
    assert page.locator("h1").count() == 1, what
    assert_accessible(page)


@pytest.mark.parametrize(("path", "width"), [("comment/", 360), ("comment/desk/approved/", 360)])
def test_a_narrow_window_shows_every_queue_with_the_age_of_its_oldest(browser, site, path, width):
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, "moderator")
    page.goto(f"/admin/comments/{path}")

    if page.locator(".narrow summary").count():
        page.locator(".narrow summary").click()
    links, ages = page.locator(".queues a:visible"), page.locator(".queues .age:visible")
    assert links.count() >= 7 and ages.count() > 3
    for element in [*links.all(), *ages.all()]:
        box = element.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    context.close()


def test_the_record_says_each_moment_in_one_line(browser, site):
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, "moderator")
    page.goto("/admin/comments/moderationentry/")

    lines = page.locator("td.field-created_at").evaluate_all(
        "cells => cells.map(cell => { const range = document.createRange(); range.selectNodeContents(cell);"
        " return range.getClientRects().length; })"
    )
    assert lines and set(lines) == {1}
    context.close()


def test_open_reasons_do_not_cover_the_comment(review_page):
    review_page.keyboard.press("r")

    below = review_page.locator(".decide").bounding_box()["y"]
    body = review_page.locator(".body").bounding_box()
    assert body["y"] + body["height"] <= below
