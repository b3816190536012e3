"""What is in a file besides its front matter: Markdown, an HTML page, or reStructuredText."""

from collections.abc import Callable

from ....records import Post
from . import html_page, markdown_text, rst


def read(suffix: str, head: dict, body: str) -> tuple[dict, str, Callable[[Post], str]] | str:
    """The head with what the text itself tells, the text, and what makes Markdown of it; or why it is no post."""
    if suffix in (".html", ".htm", ".xhtml"):
        return html_page.read(head, body)
    if suffix == ".rst":
        return rst.read(head, body)
    return head, body, markdown_text.to_markdown
