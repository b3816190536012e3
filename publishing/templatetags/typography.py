"""Builtin of templates: `{{ publication.name|typeset }}`, `{{ article.title|typeset:article.text_language }}`."""

from django import template

from publishing.text.typography import typeset

register = template.Library()


@register.filter(name="typeset")
def typeset_text(text, language=""):
    """Plain text, a title or a name, with the quotes and dashes of a language, by default the site's.

    Whatever is no text is its words.
    """
    return typeset(str(text), language) if text else ""
