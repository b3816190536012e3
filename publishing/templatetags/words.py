"""Builtins of templates: Django's tags for translation, and the language of a page or of a text in it."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.base import Node
from django.templatetags import i18n
from django.utils.html import format_html
from django.utils.translation import get_language

from publishing.text import languages

register = template.Library()
register.tag("blocktranslate", i18n.do_block_translate)


class _Words(Node):
    """Words that never change: translated once for each language, since pages have dozens of them."""

    def __init__(self, node):
        self.node, self.texts = node, {}

    def render(self, context):
        language = get_language()
        text = self.texts.get(language)
        if text is None:
            text = self.texts[language] = self.node.render(context)
        return text


@register.tag
def translate(parser, token):
    node = i18n.do_translate(parser, token)
    words = node.filter_expression
    return _Words(node) if words.var.literal is not None and not words.filters and not node.asvar else node


@register.simple_tag
def page_language() -> str:
    """The `lang` of <html>, of the words around a text."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag
def page_direction() -> str:
    """The `dir` of <html>."""
    return languages.direction_of(page_language())


@register.simple_tag
def language_of(text) -> str:
    """`lang="…" dir="…"` of an element with words of an article or a page, if they are not in the site's language."""
    language = text.text_language
    return _attributes(language) if language and language != settings.LANGUAGE_CODE else ""


@register.simple_tag
def has_other_letters(*texts) -> bool:
    """Whether the words around the texts or one of these need letters.css. A text that a page does not have is ""."""
    return any(map(_is_other, (page_language(), *(getattr(text, "text_language", "") for text in texts))))


@lru_cache(maxsize=500)
def _is_other(language: str) -> bool:
    return languages.script_of(language) not in ("Latn", "Cyrl", "Grek")


@lru_cache(maxsize=500)
def _attributes(language: str):
    return format_html(' lang="{}" dir="{}"', language, languages.direction_of(language))
