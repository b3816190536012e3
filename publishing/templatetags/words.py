"""Builtins of templates: Django's tags for translation, made cheap, and the language of a page or of a text in it."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.base import Node, render_value_in_context
from django.templatetags import i18n
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from publishing.text import languages
from publishing.web import words

register = template.Library()


class _Translated(Node):
    """Words or a sentence, looked up once for each language: a page has a hundred of them."""

    def __init__(self, node):
        self.node, self.texts = node, {}

    def text(self, context) -> str:
        # A page is asked once for its language.
        page = context.render_context
        try:
            language = page.language
        except AttributeError:
            language = page.language = get_language()
        text = self.texts.get(language)
        if text is None:
            text = self.texts[language] = self.translated(context)
        return text


class _Words(_Translated):
    """`translate` with a constant."""

    def translated(self, context):
        return self.node.render(context)

    # Nothing can be wrong with it that would have to be shown.
    render = render_annotated = _Translated.text


class _Sentence(_Translated):
    """`blocktranslate` with one form, at half of the cost of Django's."""

    def __init__(self, node, parser):
        super().__init__(node)
        self.message, names = node.render_token_list(node.singular)
        self.values = {name: node.extra_context.get(name) or parser.compile_filter(name) for name in names}

    def translated(self, context):
        return gettext(self.message)

    def render(self, context):
        values = {name: render_value_in_context(value.resolve(context), context) for name, value in self.values.items()}
        try:
            return self.text(context) % values
        except (KeyError, TypeError, ValueError):
            # A translation with a fault.
            return self.message % values


@register.tag
def blocktranslate(parser, token):
    node = i18n.do_block_translate(parser, token)
    return node if node.countervar or node.message_context or node.asvar else _Sentence(node, parser)


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
def words_of_scripts() -> str:
    """The address of what scripts say."""
    return words.address()


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
