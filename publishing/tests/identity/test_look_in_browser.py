from playwright.sync_api import expect

from publishing.tests.browser import sign_in


def test_what_is_typed_is_seen_in_the_preview_and_by_no_reader(page):
    sign_in(page, "editor")
    page.goto("/admin/publishing/publication/1/change/")
    preview = page.frame_locator("iframe[title='Preview: Front page']")
    mark = preview.locator(".masthead .wordmark path").nth(1)
    expect(mark).to_be_attached()
    page.get_by_label("Accent:", exact=True).fill("#ffd400")
    page.get_by_label("Copyright line:").fill("© those who write here")

    expect(preview.get_by_text("© those who write here")).to_be_attached()
    expect(mark).to_have_css("fill", "rgb(127, 105, 0)")
    page.keyboard.press("Tab")
    page.get_by_title("Preview: Front page").focus()
    page.keyboard.press("End")
    expect(preview.get_by_text("© those who write here")).to_be_in_viewport()
    expect(page.get_by_text("#ffd400 has only 1.2 : 1")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("© those who write here")).to_have_count(0)
