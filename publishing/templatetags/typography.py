"""Builtin of templates: `{{ article.title|typeset }}`."""

from django import template

from publishing.text.typography import typeset

register = template.Library()


@register.filter(name="typeset")
def typeset_text(text):
    """Plain text, a title or a name, with curly quotes and dashes. Whatever is no text is its words."""
    return typeset(str(text)) if text else ""
