"""Texts of posts: blocks, classic text and shortcodes as plain HTML, and that as Markdown."""

from .converting import Source, first_words, references, summary, to_html, to_markdown

__all__ = ["Source", "first_words", "references", "summary", "to_html", "to_markdown"]
