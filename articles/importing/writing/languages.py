"""The language of a post, as its head says it, or the site that it comes from."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.text import languages
from publishing.transfer.notes import Kind

from ..records import Post


def language_of(post: Post, body: str) -> str:
    """A tag for the article, or "" where its letters tell as much.

    What is no language is told and kept with the article; so is a direction against that of the script.
    """
    text = f"{post.title}\n{body}"
    tag = _said(post) or _of_site(post, text)
    found = languages.language_of_text(text, tag)
    direction = post.direction.strip().lower()
    if direction in ("ltr", "rtl") and direction != languages.direction_of(found):
        name = languages.name_of(found)
        post.notes.add(
            Kind.HEAD,
            _("the direction “%(direction)s” was left out: it follows the script, here of %(name)s")
            % {"direction": direction, "name": name},
        )
    return tag


def _said(post: Post) -> str:
    try:
        return languages.clean_tag(post.language)
    except ValidationError as error:
        post.notes.add(Kind.HEAD, _("%(problem)s It was left out.") % {"problem": " ".join(error.messages)})
        post.extra["language"] = post.language
        return ""


def _of_site(post: Post, text: str) -> str:
    """That of the site it comes from, if it says more than the letters: a French text on an English site."""
    try:
        tag = languages.clean_tag(post.language_of_site)
    except ValidationError:
        return ""
    found = languages.language_of_text(text)
    is_told = tag.partition("-")[0] == found.partition("-")[0]
    return "" if is_told or languages.script_of(tag) != languages.script_of(found) else tag
