"""Somebody who types into the form of an article, in a real browser, while things go wrong around it."""

import re

from playwright.sync_api import expect

SAVED = re.compile("^(Saved|Merged)")
# Nothing is saved sooner than two seconds after the last key; a busy machine takes longer.
PATIENCE = 30_000
PARAGRAPHS = ["The first paragraph.", "The second paragraph.", "The third paragraph."]
TEXT = "\n\n".join(PARAGRAPHS)


def status(page):
    return page.locator("#writing [role=status]")


def begin(page, body=TEXT, title="Typed in a browser"):
    """Begin a new article; returns the address of its form."""
    page.goto("/admin/articles/article/add/")
    page.locator("#id_title").fill(title)
    page.locator("#id_body").fill(body)
    expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    return page.url


def put_caret(page, words):
    """Behind these words of the text."""
    page.locator("#id_body").evaluate(
        """(field, words) => {
          const place = field.value.indexOf(words) + words.length;
          field.focus();
          field.setSelectionRange(place, place);
        }""",
        words,
    )


class Typist:
    """Types numbered words at the end of one paragraph."""

    def __init__(self, page, name, paragraph):
        self.page, self.name, self.typed = page, name, []
        put_caret(page, paragraph)

    def type(self, words=1):
        for _ in range(words):
            word = f"{self.name}{len(self.typed):03}"
            self.page.keyboard.type(f" {word}", delay=20)
            self.typed.append(word)

    def sign_in(self, username, password):
        """In the dialog over the text."""
        dialog = self.page.locator("#sign-in")
        expect(dialog).to_be_visible(timeout=PATIENCE)
        dialog.get_by_label("Username").fill(username)
        dialog.get_by_label("Password").fill(password)
        dialog.get_by_role("button", name="Sign in and save").click()
        expect(dialog).to_be_hidden(timeout=PATIENCE)
        self.page.locator("#id_body").focus()

    def found(self, body):
        """The words of theirs in this text, in order."""
        return re.findall(rf"\b{self.name}\d+", body)


def type_through(faults, context, rounds=1):
    """Two tabs type into two paragraphs of one article, with the faults between; `context` is signed in.

    Returns both typists and the text that is stored once all is saved.
    """
    page, other_page = context.new_page(), context.new_page()
    address = begin(page)
    other_page.goto(address)
    one, two = Typist(page, "one", PARAGRAPHS[0]), Typist(other_page, "two", PARAGRAPHS[2])
    for fault in faults:
        for _ in range(rounds):
            one.type(4)
            two.type(4)
            page.wait_for_timeout(500)
        fault(one, two)
    for typist in (one, two):
        typist.type(2)
    last = context.new_page()
    for _ in range(PATIENCE // 1000):
        page.wait_for_timeout(1000)
        last.goto(address)
        body = last.locator("#id_body").input_value()
        if all(typist.typed[-1] in body for typist in (one, two)):
            break
    return one, two, body


def kill(site, one, two):
    """The server is gone while both type, and comes back."""
    site.kill()
    one.type(3)
    two.type(3)
    expect(status(one.page)).to_have_text(re.compile("stored in this browser"), timeout=PATIENCE)
    one.type(2)
    site.start()
    for typist in (one, two):
        expect(status(typist.page)).to_have_text(SAVED, timeout=PATIENCE)


def end_session(site, username, password, one, two):
    """They sign in again in the dialog over the text of one tab; the other one is told."""
    site.execute("DELETE FROM django_session")
    one.type(2)
    two.type(2)
    expect(status(two.page)).to_have_text(re.compile("You are signed out"), timeout=PATIENCE)
    one.sign_in(username, password)
    expect(two.page.locator("#sign-in")).to_be_hidden(timeout=PATIENCE)
    two.page.locator("#id_body").focus()
