"""Take the pictures of the docs from a running demo: `make run` in one terminal, `make screenshots` in another.

Pages of readers are taken at four widths and in both schemes, as `docs/images/pages/<page>-<width>-<scheme>.webp`.
"""

import io
import shutil
import sys
import zipfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
ARTICLE = "/articles/the-smallest-framework-that-could-possibly-teach-you/"
QUIZ = "/quizzes/read-the-traceback/"
RESULT = "result"
SIZES = ((360, 740), (768, 1024), (1280, 960), (1920, 1080))
SCHEMES = ("light", "dark")
PAGES = {
    "home": "/",
    "article": ARTICLE,
    "author": "/authors/ines-okafor/",
    "quiz": QUIZ,
    RESULT: QUIZ,
    "search": "/search/?q=cookies",
    "page": "/about/",
    "follow": "/follow/",
}
THREAD = [("thread", 1280, 1000), ("phone-thread", 360, 740)]
DESK = {
    "inbox": "/admin/",
    "quiz-bank": "/admin/quizzes/question/",
    "desk": "/admin/articles/article/",
    "writing": "/admin/articles/article/4/change/",
    "moderation": "/admin/comments/comment/",
    "moderation-card": "/admin/comments/comment/desk/suspect/",
    "slots": f"/preview/slots{ARTICLE}",
}


# A blog of before, with what can be missing.
OLD_BLOG = {
    "posts/2024-03-02-a-quiet-parser.md": "---\ntitle: A quiet parser\ntags: [parsing]\n---\nIt says nothing.",
    "posts/2024-05-19-tabs-again.md": "---\ntitle: Tabs, again\n---\n![A chart](chart.png) See [part one](tabs.md).",
    "posts/2024-09-30-late-binding.md": "---\ntitle: Late binding\ncategory: Essays\n---\nNames are looked up late.",
    "posts/2025-01-07-half-done.md": "---\ntitle: Half done\ndraft: true\n---\nNot yet.",
    "posts/on-naming.md": "---\ntitle: On naming\n---\nA name is a promise.",
    "posts/2025-02-11-a-lint-a-day.md": "---\ntitle: A lint a day\n---\nOne warning each morning.",
    "posts/agenda.org": "* Agenda",
}


def submit(page) -> None:
    """Answer what can be answered by choosing, and go to the result."""
    for question in page.locator("form.quiz fieldset").all():
        if question.locator("input[type=radio], input[type=checkbox]").count():
            question.locator("input").nth(1).check()
    page.locator("[data-submit]").click()
    page.locator("[name=confirm]").click()
    page.wait_for_url("**/results/**")
    page.wait_for_load_state("networkidle")


def keep(page, name: str) -> None:
    """What the window shows, as a small file."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(IMAGES / f"{name}.webp", quality=72, method=6)


def preview_of_a_move(page) -> None:
    """As far as the preview, which the worker makes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in OLD_BLOG.items():
            archive.writestr(name, text)
    page.goto("/admin/moving/transfer/in/")
    upload = {"name": "old-blog.zip", "mimeType": "application/zip", "buffer": file.getvalue()}
    page.locator("input[type=file]").set_input_files(upload)
    page.get_by_role("button", name="Preview").click()
    page.locator(".moving-done").wait_for(timeout=120_000)


def effects_of_a_closure(page) -> None:
    """As far as the page that asks for confirmation."""
    page.goto("/admin/maintenance/window/plan/closed/")
    page.get_by_role("button", name="Show what this does").click()
    page.get_by_role("heading", name="Confirm maintenance").wait_for()


def main(address: str, password: str) -> None:
    (IMAGES / "pages").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )

        def opened(width, height, scheme="light"):
            size = {"width": width, "height": height}
            return browser.new_context(base_url=address, viewport=size, color_scheme=scheme).new_page()

        for width, height in SIZES:
            for scheme in SCHEMES:
                page = opened(width, height, scheme)
                for name, path in PAGES.items():
                    page.goto(path, wait_until="networkidle")
                    if name == RESULT:
                        submit(page)
                    keep(page, f"pages/{name}-{width}-{scheme}")
                page.context.close()
        for name, width, height in THREAD:
            page = opened(width, height)
            page.goto(f"{ARTICLE}#comments", wait_until="networkidle")
            keep(page, name)
        page = opened(1280, 800)
        page.goto("/admin/login/")
        page.get_by_label("Username").fill("owner")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        for name, path in DESK.items():
            page.goto(path, wait_until="networkidle")
            keep(page, name)
        preview_of_a_move(page)
        keep(page, "moving")
        effects_of_a_closure(page)
        keep(page, "maintenance")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
