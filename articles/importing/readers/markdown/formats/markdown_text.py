"""Markdown of any generator."""

from ....records import Post


def to_markdown(post: Post) -> str:
    return post.text.strip() + "\n"
