"""The pages of data requests and of unsubscribed mailboxes in a real Chromium."""

from playwright.sync_api import expect

from publishing.tests.browser import sign_in
from publishing.tests.test_browser import assert_accessible

SEED = """
from comments.models import Comment, EmailAddress
for comment in Comment.objects.filter(status="approved", is_editorial=False)[:2]:
    address, _ = EmailAddress.objects.get_or_create(
        reader="c" * 32, email="ann.bell@gmail.com", defaults={"confirmed_at": comment.created_at}
    )
    Comment.objects.filter(pk=comment.pk).update(reader="c" * 32, notify=address)
Comment.objects.filter(pk__in=Comment.objects.filter(status="pending").values("pk")[:2]).update(reader="c" * 32)
other, _ = EmailAddress.objects.get_or_create(reader="d" * 32, email="ann.bell+x@gmail.com")
Comment.objects.filter(pk=Comment.objects.filter(status="pending", notify=None).last().pk).update(notify=other)
print(address.get_stop_url(comment.pk))
"""
VIEWS = [(360, "dark"), (1280, "light")]


def look(page, name):
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        assert_accessible(page)


def test_a_request_is_answered_and_mails_end(page, site):
    link = site.run(SEED).split()[-1]
    sign_in(page, "moderator")
    page.goto("/admin/comments/comment/")
    page.get_by_role("link", name="Data requests").click()
    look(page, "empty")
    page.get_by_label("E-mail address").fill("AnnBell@googlemail.com")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="2 comments found")).to_be_visible()
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_role("heading", name="4 comments found")).to_be_visible()
    look(page, "found")
    with page.expect_download() as file:
        page.get_by_role("button", name="Export").click()
    assert file.value.suggested_filename == "comments-of-a-writer.json"
    page.get_by_label("Exclude").first.check()
    page.get_by_role("button", name="Erase…").click()
    look(page, "ask")
    page.get_by_role("button", name="Erase now").click()
    expect(page.get_by_text("Tick the box")).to_be_visible()
    look(page, "tick")
    page.get_by_label("They asked for this").check()
    page.get_by_role("button", name="Erase now").click()
    expect(page.get_by_text("Comments erased: 3. E-mail addresses deleted: 2.")).to_be_visible()
    look(page, "done")

    page.goto(link)
    look(page, "stop")
    page.get_by_role("button", name="Unsubscribe from all").click()
    look(page, "ended")
    page.get_by_role("button", name="Allow e-mails").click()
    look(page, "again")
    page.goto("/admin/comments/comment/")
    look(page, "list")
