"""What is in a file besides its front matter: Markdown, an HTML page, or reStructuredText."""

from collections.abc import Callable

from ....records import Post
from .. import names
from . import html_page, markdown_text, rst


def read(source, name: names.Name, head: dict, body: str) -> tuple[dict, str, Callable[[Post], str]] | str:
    """The head with what the text itself tells, the text, and what makes Markdown of it; or why it is no post."""
    if name.suffix in names.HTML:
        return html_page.read(source, name, head, body)
    if name.suffix in names.RST:
        return rst.read(head, body)
    return head, body, markdown_text.converter(source, name, head)
