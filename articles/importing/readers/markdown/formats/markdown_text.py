"""Markdown of any generator."""

import re
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import PurePosixPath

from ....records import Post
from ....syntax import to_ours
from .. import fields, names

# Pelican's links to files of the source: "{filename}/other.md", "{static}/images/a.png", "|filename|a.md".
_PELICAN = re.compile(r"(?<=[(<\"'=\s])(\{|%7B|\|)(?:filename|static|attach|photo|image|index)(\}|%7D|\|)(?=[\w./])")


def converter(source, name: names.Name, head: dict) -> Callable[[Post], str]:
    dialect = "mdx" if name.suffix == ".mdx" else source.site.generator
    below = source.placed(name.path).path.removeprefix("content/")
    is_template = not any(fnmatch(below, pattern) for pattern in source.site.untemplated)

    def to_markdown(post: Post) -> str:
        variables = _variables(source, post, head)
        text = to_ours(post.text, post.notes, dialect, variables, source.has_page, is_template=is_template)
        return without_prefixes(text).strip() + "\n"

    return to_markdown


def without_prefixes(text: str) -> str:
    """Addresses without the marks that Pelican puts before them."""
    return _PELICAN.sub("", text)


def _variables(source, post: Post, head: dict) -> dict[str, str]:
    """What templates may say of a post and of its site."""
    found = {f"page.{key}": fields.text(value) for key, value in head.items() if isinstance(value, (str, int))}
    found["page.title"] = post.title
    if source.site.generator == "jekyll":
        found |= {"page.name": PurePosixPath(post.path).name, "page.path": post.path}
    if post.published_at:
        found["page.date"] = post.published_at.isoformat()
    if post.old_addresses:
        found["page.url"] = post.old_addresses[0]
    # Addresses stay relative to the root of the site, so that what they lead to can be found here.
    return found | {f"site.{key}": value for key, value in source.site.variables.items()}
