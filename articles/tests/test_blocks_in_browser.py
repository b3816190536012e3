"""Boxes, pull quotes, tables and footnotes put into a text by buttons and keys, in a real Chromium."""

from publishing.tests.browser import sign_in


def test_each_block_is_inserted_where_one_writes_and_taken_back_by_undo(page, site):
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/", wait_until="networkidle")
    body = page.locator("#id_body")
    body.press_sequentially("First.\n\nSecond.")

    def inserted(do):
        """What is selected after `do`, and the text; undone until it is as before."""
        body.evaluate("area => area.setSelectionRange(2, 4)")
        do()
        text = body.input_value()
        selected = body.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
        for _ in range(2):
            if body.input_value() != "First.\n\nSecond.":
                page.keyboard.press("Control+Z")
        assert body.input_value() == "First.\n\nSecond."
        return selected, text

    def press(name):
        return lambda: page.get_by_role("button", name=name, exact=True).click()

    note = ("First.", ":::note\nFirst.\n:::\n\nSecond.")
    assert inserted(press("Note")) == inserted(lambda: page.keyboard.press("Control+Shift+O")) == note
    pull = ("First.", ":::pull\nFirst.\n:::\n\nSecond.")
    assert inserted(press("Pull quote")) == inserted(lambda: page.keyboard.press("Control+Shift+L")) == pull
    footnote = ("Text of the footnote", "Firs[^1]t.\n\nSecond.\n\n[^1]: Text of the footnote\n\n")
    assert inserted(press("Footnote")) == inserted(lambda: page.keyboard.press("Control+Shift+F")) == footnote
    table = "| Column | Column |\n|---|---|\n| Cell | Cell |"
    assert inserted(press("Table")) == ("Column", f"First.\n\n{table}\n\nSecond.")

    body.fill("Only.")
    page.keyboard.press("Control+End")
    press("Note")()
    page.keyboard.type("Typed over.")
    assert body.input_value() == "Only.\n\n:::note\nTyped over.\n:::\n\n"
    page.get_by_role("button", name="Preview", exact=True).click()
    page.locator(".markdown-preview aside.note").get_by_text("Typed over.").wait_for()
    assert page.locator(".markdown-preview aside.note .label").inner_text() == "Note"
