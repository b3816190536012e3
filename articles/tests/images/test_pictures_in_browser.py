"""Pictures put into a text in the writing screen, in a real Chromium."""

from publishing.tests.browser import sign_in
from publishing.tests.pictures import picture

PASTE = """(bytes) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([new Uint8Array(bytes)], "loom.png", { type: "image/png" }));
  document.querySelector("#id_body").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_a_pasted_picture_is_described_uploaded_inserted_and_taken_back_by_undo(page, site):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/", wait_until="networkidle")
    body = page.locator("#id_body")
    body.press_sequentially("Before.")

    page.evaluate(PASTE, list(picture(size=(700, 350))))
    page.get_by_role("button", name="Upload and insert").click()
    page.get_by_text("Describe what the picture shows").wait_for()
    page.get_by_label("What it shows").fill("A loom")
    page.get_by_label("Caption").fill("From Lyon")
    page.get_by_role("button", name="Upload and insert").click()
    page.locator(".picture-dialog:not(.link-dialog)").wait_for(state="hidden")
    inserted = body.input_value()
    page.keyboard.press("Control+Z")
    assert inserted.startswith("Before.\n\n![A loom](/media/")
    assert inserted.endswith('.webp "From Lyon")\n\n')
    assert body.input_value() == "Before."

    page.get_by_role("button", name="Picture", exact=True).click()
    page.get_by_label("Or choose from the library").fill("loom")
    page.get_by_role("button", name="A loom").first.click()
    assert body.input_value() == inserted
    assert faults == []
