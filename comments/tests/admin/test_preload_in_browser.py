"""Preloaded comments in a real Chromium: keys, refused decisions, history; and the page on a phone."""

import re

from playwright.sync_api import expect

from comments.tests.admin.test_review_in_browser import (
    SEEN,
    TIPS,
    press,
    review_page,
    seed,
    states,
    wait_for_comment,
    wait_for_states,
)
from publishing.tests.browser import sign_in
from publishing.tests.test_browser import WATCH, assert_accessible, violations

__all__ = ["review_page"]

LONG = """
from datetime import UTC, datetime
from articles.models import Article
from comments.tests.factories import import_comment
from comments.models import Comment
article = Article.objects.published().first()
Comment.objects.filter(kind="tip").exclude(replies=None).update(kind="comment")
Comment.objects.filter(kind="tip", status="pending").delete()
above = None
for status, kind in (("approved", "comment"), ("approved", "comment"), ("pending", "tip")):
    above = import_comment(article, "A reader with a long name", "Quite long. " * 330,
        datetime(2026, 1, 2, tzinfo=UTC), status, kind=kind, parent=above)
Comment.objects.filter(pk=above.pk).update(reader="d" * 32)
"""
# Within one task no card can be drawn: the second key has to wait, however slow the machine is.
TWO_KEYS_AND = """(last) => {
  const key = (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  const end = last === "mouse" ? new PointerEvent("pointerdown", { bubbles: true }) : key(last);
  for (const event of [key("a"), key("a"), end]) document.activeElement.dispatchEvent(event);
}"""
CLAIMED = """
SELECT COUNT(*) FROM comments_comment WHERE kind = 'tip' AND status = 'pending' AND claimed_until IS NOT NULL
"""


def preloaded(page, number):
    """Wait until the page has fetched so many cards: each was asked for once."""
    expect.set_options(timeout=15_000)
    page.wait_for_function("number => performance.getEntriesByType('resource').filter("
                           "entry => entry.initiatorType == 'fetch').length >= number", arg=number)  # fmt: skip


def test_the_next_comment_is_on_the_screen_while_the_decision_is_under_way(review_page, site):
    preloaded(review_page, 3)
    held, is_open = [], []
    review_page.route("**/change/**", lambda route: route.continue_() if is_open else held.append(route))

    for text in ("Tip 1", "Tip 2", "Tip 3"):
        press(review_page, "a", then=text)
    assert states(site, 6) == ["pending"] * 6
    assert "queue=pending" in review_page.url

    # Kept for the card that has to come first, and used once that is there.
    review_page.evaluate(SEEN)
    review_page.keyboard.press("s")
    review_page.keyboard.press("a")
    is_open.append(True)
    while held:
        held.pop(0).continue_()
    wait_for_comment(review_page, "Tip 5")
    expect(review_page.get_by_role("status")).to_contain_text("Tip 4")
    assert states(site, 6) == ["approved", "approved", "approved", "spam", "approved", "pending"]
    assert violations(review_page) == []


def test_eight_fast_keys_decide_about_comments_that_were_shown_and_no_other(page, site):
    seed(site, 10)
    sign_in(page, "moderator")
    page.goto(TIPS)
    page.get_by_role("button", name="Review one at a time").press("Enter")
    wait_for_comment(page, "Tip 0")
    preloaded(page, 3)
    page.evaluate("""() => { window.seen = [document.querySelector(".body").textContent];
        new MutationObserver(() => window.seen.push(document.querySelector(".body").textContent))
          .observe(document.querySelector(".moderation-page"), { childList: true }); }""")

    for _ in range(8):
        page.keyboard.press("a")
        page.wait_for_timeout(150)
    number = 0
    while number < (number := page.evaluate("window.seen.length")):
        expect(page.locator(".moderation-page[aria-busy]")).to_have_count(0)
        page.evaluate(SEEN)

    # At least the card on the screen and the three behind it.
    assert number > 4
    assert page.evaluate("window.seen") == [f"Tip {n}" for n in range(number)]
    wait_for_states(page, site, ["approved"] * (number - 1) + ["pending"] * (11 - number))


def test_escape_and_the_mouse_drop_the_keys_that_wait(review_page, site):
    preloaded(review_page, 3)
    review_page.evaluate(SEEN)
    for last, text in (("Escape", "Tip 1"), ("mouse", "Tip 2")):
        review_page.evaluate(TWO_KEYS_AND, last)
        review_page.evaluate(SEEN)
        expect(review_page.locator(".body")).to_have_text(text)

    wait_for_states(review_page, site, ["approved", "approved", *["pending"] * 4])


def test_a_comment_that_a_colleague_decided_meanwhile_is_reported_next_to_the_one_on_the_screen(review_page, site):
    preloaded(review_page, 3)
    site.run(
        """
from django.contrib.auth.models import User
from comments.moderation import decisions
from comments.models import Comment
decisions.reject(Comment.objects.get(kind="tip", body="Tip 0", status="pending"), User.objects.get(username="owner"))
""",
    )

    press(review_page, "a", then="Tip 1")

    alert = review_page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved: Waiting: tip by Reader.")
    expect(alert).to_contain_text("owner has already decided")
    expect(review_page.locator(".body")).to_have_text("Tip 1")
    review_page.evaluate(SEEN)
    press(review_page, "a", then="Tip 2")
    expect(alert).to_be_visible()
    assert_accessible(review_page)

    alert.get_by_role("button", name="Show it").press("Enter")
    wait_for_comment(review_page, "Tip 0")
    expect(review_page.locator(".review, .refusal").first).to_contain_text("owner has already decided")
    review_page.evaluate(SEEN)
    press(review_page, "j", then="Tip 2")
    wait_for_states(review_page, site, ["rejected", "approved", *["pending"] * 4])


def test_a_server_that_does_not_answer_is_reported_and_nothing_is_lost(review_page, site):
    preloaded(review_page, 3)
    review_page.route("**/change/**", lambda route: route.abort())

    press(review_page, "a", then="Tip 1")
    expect(review_page.get_by_role("alert")).to_contain_text("The server did not respond.")
    review_page.unroute("**/change/**")

    review_page.get_by_role("alert").get_by_role("button", name="Show it").click()
    wait_for_comment(review_page, "Tip 0")
    assert states(site, 6) == ["pending"] * 6


def test_the_way_back_of_the_browser_and_a_page_that_is_left(review_page, site):
    preloaded(review_page, 3)
    first = review_page.url
    press(review_page, "a", then="Tip 1")
    expect(review_page.get_by_role("status")).to_contain_text("Tip 0")

    review_page.go_back()
    wait_for_comment(review_page, "Tip 0")
    assert review_page.url.split("?")[0] == first.split("?")[0]
    expect(review_page.locator(".facts").first).to_contain_text("Approved")
    review_page.go_forward()
    wait_for_comment(review_page, "Tip 1")

    # Decided and left at once: what waits for its turn is sent.
    preloaded(review_page, 3)
    review_page.evaluate(SEEN)
    review_page.keyboard.press("a")
    wait_for_comment(review_page, "Tip 2")
    last = review_page.url
    review_page.goto("/admin/")
    wait_for_states(review_page, site, ["approved", "approved", *["pending"] * 4])

    # What was fetched is given up.
    review_page.goto(last)
    preloaded(review_page, 3)
    review_page.evaluate(SEEN)
    review_page.goto("/admin/")
    for _ in range(300):
        ((claimed,),) = site.execute(CLAIMED)
        if claimed <= 1:
            break
        review_page.wait_for_timeout(50)
    assert claimed <= 1


def test_a_writer_is_banned_with_everything_by_three_keys(review_page, site):
    site.execute(
        f"UPDATE comments_comment SET reader = '{'e' * 32}'"
        " WHERE body IN ('Tip 0', 'Tip 1', 'Tip 2') AND status = 'pending'"
    )
    review_page.reload()
    wait_for_comment(review_page, "Tip 0")
    review_page.evaluate(SEEN)

    review_page.keyboard.press("b")
    expect(review_page.get_by_role("link", name="Ban this browser")).to_be_focused()
    review_page.keyboard.press("Enter")
    expect(review_page.get_by_label("Reason")).to_be_focused()
    expect(review_page.get_by_text("Their 3 waiting comments")).to_be_visible()
    assert_accessible(review_page)
    review_page.keyboard.press("Enter")

    wait_for_comment(review_page, "Tip 3")
    expect(review_page.get_by_role("status")).to_contain_text("3 marked as spam.")
    review_page.keyboard.press("u")
    expect(review_page.get_by_role("status")).to_contain_text("3 undone.")
    assert states(site, 6) == ["pending"] * 6


def test_a_bulk_decision_shows_how_far_it_is_and_runs_to_its_end(page, site):
    seed(site, 30)
    site.run(
        """
from django.contrib.auth.models import User
from comments.moderation import bulk
from comments.models import BatchItem, Comment
rows = Comment.objects.filter(kind="tip", status="pending").values_list("article", "pk", "status")
items = [BatchItem(article_number=article, comment_number=pk, was=status) for article, pk, status in rows]
bulk.start("approve", items, User.objects.get(username="moderator"))
""",
    )
    sign_in(page, "moderator")
    page.goto("/admin/comments/batch/")
    page.locator("#result_list a").first.click()

    expect(page.get_by_text("30 approved.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("Undo all")).click()
    expect(page.get_by_text("30 undone.")).to_be_visible()
    assert states(site, 30) == ["pending"] * 30


def test_text_and_buttons_are_on_the_first_screen_of_a_phone(browser, site):
    site.run(LONG)
    context = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    sign_in(page, "moderator")
    page.goto("/admin/comments/comment/desk/pending/?kind=tip", wait_until="networkidle")

    body, approve = page.locator(".body").bounding_box(), page.get_by_role("button", name="Approve").bounding_box()
    decide = page.locator(".decide").bounding_box()
    assert body["y"] + 60 <= decide["y"], "at least three lines of the text"
    for name in ("Approve", "Spam", "Remove"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box["y"] + box["height"] <= 740 and box["x"] + box["width"] <= 360, name
    reject = page.locator("summary", has_text="Reject").bounding_box()
    assert reject["y"] + reject["height"] <= 740
    assert approve["y"] < 740 and page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    context.close()
