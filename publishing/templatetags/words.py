"""Builtins of templates: Django's tags for translation, and the language of a page or of a text in it."""

from django import template
from django.conf import settings
from django.template.base import Node
from django.templatetags import i18n
from django.utils.safestring import SafeString, mark_safe
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
def language_of(text) -> SafeString:
    """` lang="…" dir="…"` of an element with words of an article or a page, if they are not in the site's language."""
    language = text.text_language
    return SafeString() if not language or language == settings.LANGUAGE_CODE else " " + _attributes(language)


def _attributes(language: str) -> SafeString:
    # A tag that was validated has only ASCII letters, digits and hyphens.
    return mark_safe(f'lang="{language}" dir="{languages.direction_of(language)}"')  # noqa: S308
