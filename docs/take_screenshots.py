"""Take the pictures of the README from a running demo: `make run` in one terminal, `make screenshots` in another."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ARTICLE = "/articles/the-smallest-framework-that-could-possibly-teach-you/"
PICTURES = [
    # name, path, width, height, colour scheme
    ("home", "/", 1280, 1000, "light"),
    ("article", ARTICLE, 1280, 1500, "light"),
    ("article-dark", ARTICLE, 1280, 1000, "dark"),
    ("quiz", "/quizzes/read-the-traceback/", 1280, 1000, "light"),
    ("phone-quiz", "/quizzes/read-the-traceback/", 360, 740, "dark"),
    ("phone", ARTICLE, 360, 740, "light"),
    ("phone-home", "/", 360, 740, "dark"),
    ("thread", ARTICLE + "#comments", 1280, 1000, "light"),
    ("phone-thread", ARTICLE + "#comments", 360, 740, "light"),
]
QUIZ = "/quizzes/read-the-traceback/"
DESK = [
    ("inbox", "/admin/"),
    ("quiz-bank", "/admin/quizzes/question/"),
    ("desk", "/admin/articles/article/"),
    ("writing", "/admin/articles/article/4/change/"),
    ("moderation", "/admin/comments/comment/"),
    ("moderation-card", "/admin/comments/comment/desk/suspect/"),
]


def submit(page) -> None:
    """Answer what can be answered by choosing, and go to the result."""
    page.goto(QUIZ, wait_until="networkidle")
    for question in page.locator("form.quiz fieldset").all():
        if question.locator("input[type=radio], input[type=checkbox]").count():
            question.locator("input").nth(1).check()
    page.locator("[data-submit]").click()
    page.locator("[name=confirm]").click()
    page.wait_for_url("**/results/**")
    page.wait_for_load_state("networkidle")


def main(address: str, password: str) -> None:
    folder = Path(__file__).parent / "images"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        for name, path, width, height, scheme in PICTURES:
            context = browser.new_context(
                base_url=address, viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page = context.new_page()
            page.goto(path, wait_until="networkidle")
            page.screenshot(path=folder / f"{name}.png")
            context.close()
        page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 1000}).new_page()
        submit(page)
        page.screenshot(path=folder / "quiz-result.png")
        page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}).new_page()
        page.goto("/admin/login/")
        page.get_by_label("Username").fill("owner")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        for name, path in DESK:
            page.goto(path, wait_until="networkidle")
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
