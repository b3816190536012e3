"""Folders of Markdown, HTML pages or reStructuredText, from any generator."""

from publishing.transfer.files import Files

from ...options import Options
from . import names
from .reader import MarkdownReader


def recognise(files: Files, options: Options) -> MarkdownReader | None:
    """For anything with a text in it that can be read."""
    if any(name[name.rfind(".") :].lower() in names.READ for name in files.names):
        return MarkdownReader(files, options)
    return None
