"""What is typed into the form of an article is never lost, in a real Chromium."""

import re
import shutil
from functools import partial

import pytest
from playwright.sync_api import expect

from articles.tests.typist import PARAGRAPHS, PATIENCE, SAVED, begin, end_session, kill, put_caret, status, type_through
from publishing.tests.browser import SIGNED_IN, sign_in
from publishing.tests.pictures import picture
from publishing.tests.served import Site

PASSWORD = "for-this-test-run-only"
DROP = """(bytes) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(bytes)], "loom.png", { type: "image/png" }));
  document.querySelector("#id_body").dispatchEvent(
    new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def editor(page, site):
    """A page of an editor, with the faults that the browser reports."""
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: page.faults.append(said.text) if "Security Policy" in said.text else None)
    sign_in(page, "editor")
    yield page
    assert page.faults == []


@pytest.fixture
def own_site(tmp_path, demo):
    """A served site that a test may kill."""
    site = Site(tmp_path / "own")
    shutil.copytree(demo, site.directory)
    with site.served(workers=1):
        yield site


def test_what_two_tabs_type_survives_a_killed_server_and_the_end_of_the_session(browser, own_site):
    context = browser.new_context(base_url=own_site.url)
    known = SIGNED_IN.pop("editor", None)
    sign_in(context.new_page(), "editor")
    SIGNED_IN.pop("editor")
    if known:
        SIGNED_IN["editor"] = known

    faults = [partial(kill, own_site), partial(end_session, own_site, "editor", PASSWORD)]
    one, two, body = type_through(faults, context)

    first, second, third = body.strip().split("\n\n")
    assert (one.found(body), two.found(body)) == (one.typed, two.typed)
    assert first == f"{PARAGRAPHS[0]} {' '.join(one.typed)}"
    assert second == PARAGRAPHS[1]
    assert third == f"{PARAGRAPHS[2]} {' '.join(two.typed)}"
    context.close()


def test_what_a_killed_tab_held_is_offered_with_the_difference(editor):
    address = begin(editor)
    editor.context.set_offline(True)
    put_caret(editor, PARAGRAPHS[1])
    editor.keyboard.type(" Not saved.")
    editor.wait_for_timeout(1500)
    editor.close(run_before_unload=False)
    again = editor.context.new_page()
    editor.context.set_offline(False)

    again.goto(address)
    expect(again.get_by_text(re.compile(r"There is newer text from .*\d:\d\d"))).to_be_visible()
    again.get_by_role("button", name="Compare").click()
    pair = again.locator("#compare .pair")
    expect(pair).to_contain_text("The second paragraph. Not saved.")
    again.get_by_role("button", name="Use what is chosen").click()

    expect(again.locator("#id_body")).to_have_value(re.compile("The second paragraph. Not saved."))
    expect(status(again)).to_have_text(SAVED, timeout=PATIENCE)


def test_the_same_paragraph_shows_both_texts_and_one_click_chooses(editor):
    address = begin(editor)
    other = editor.context.new_page()
    other.goto(address)
    put_caret(other, PARAGRAPHS[1])
    other.keyboard.type(" Of the other tab.")
    expect(status(other)).to_have_text(SAVED, timeout=PATIENCE)

    put_caret(editor, PARAGRAPHS[1])
    editor.keyboard.type(" Of this tab.")
    dialog = editor.locator("#compare")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    expect(dialog).to_contain_text("The second paragraph. Of this tab.")
    dialog.get_by_text("The second paragraph. Of the other tab.").click()
    editor.get_by_role("button", name="Use what is chosen").click()

    expect(editor.locator("#id_body")).to_have_value(re.compile("second paragraph. Of the other tab.\n\nThe third"))
    expect(status(editor)).to_have_text(SAVED, timeout=PATIENCE)


def test_undo_takes_back_what_the_toolbar_did(editor):
    begin(editor, "A loom.")
    body = editor.locator("#id_body")
    body.select_text()
    for button, text in (("md-bold", "**A loom.**"), ("md-quote", "> A loom."), ("md-link", "[A loom.](url)")):
        editor.locator(button).click()
        expect(body).to_have_value(text)
        body.press("Control+z")
        expect(body).to_have_value("A loom.")
        body.select_text()


def test_leaving_asks_only_if_something_is_not_saved(editor):
    address, asked = begin(editor), []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    editor.goto("/admin/")
    assert asked == []

    editor.goto(address)
    put_caret(editor, PARAGRAPHS[0])
    editor.keyboard.type(" More.")
    editor.goto("/admin/")
    assert asked == ["beforeunload"]

    editor.goto(address)
    editor.get_by_label("Note", exact=True).fill("For whoever reviews it.")
    editor.goto("/admin/")
    assert asked == ["beforeunload"] * 2


def test_a_public_note_that_is_not_sent_is_not_left_without_a_question(editor, site):
    key = site.run("from articles.models import Article; print(Article.objects.published().first().pk)").strip()
    asked = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    editor.goto(f"/admin/articles/article/{key}/change/")
    editor.get_by_label("Public note").fill("The loom is from Lyon.")
    editor.goto("/admin/")

    assert asked == ["beforeunload"]


def test_a_picture_that_is_dropped_is_uploaded_and_inserted(editor):
    begin(editor, "Before.")
    put_caret(editor, "Before.")

    editor.evaluate(DROP, list(picture(size=(600, 300))))
    editor.get_by_label("What it shows").fill("A dropped loom")
    editor.get_by_role("button", name="Upload and insert").click()

    expect(editor.locator("#id_body")).to_have_value(re.compile(r"Before\.\n\n!\[A dropped loom\]\(/media/\S+\.webp"))


def test_a_note_follows_its_paragraph_and_is_answered_and_resolved(editor):
    address = begin(editor)
    put_caret(editor, PARAGRAPHS[1])
    editor.get_by_role("button", name="Note to colleagues").click()
    editor.get_by_label("Note, for colleagues only").fill("Which one? <b>")
    editor.get_by_role("button", name="Add the note").click()
    notes = editor.locator("#notes")
    expect(notes).to_contain_text("Which one? <b>")

    put_caret(editor, PARAGRAPHS[0])
    editor.keyboard.type("\n\nA new paragraph before it.")
    expect(status(editor)).to_have_text(SAVED, timeout=PATIENCE)
    notes.get_by_role("button", name="The second paragraph.").click()
    selected = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert editor.locator("#id_body").evaluate(selected) == "The second paragraph."

    again = editor.context.new_page()
    again.goto(address)
    notes = again.locator("#notes")
    notes.get_by_role("button", name="Answer", exact=True).click()
    notes.get_by_label("Answer").fill("The last one.")
    notes.get_by_role("button", name="Send the answer").click()
    expect(notes).to_contain_text("The last one.")
    notes.get_by_role("button", name="Resolve").click()
    expect(notes.get_by_text("Resolved: 1")).to_be_visible()
