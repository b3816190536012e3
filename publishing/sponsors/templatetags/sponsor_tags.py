from django import template
from django.template.loader import render_to_string

from publishing.models import Publication
from publishing.sponsors.models import LABEL, Key
from publishing.text import markdown

register = template.Library()


def _slot(context, key):
    request = context.get("request")
    if request is None:
        return ""
    request.has_slot_places = True
    if key not in getattr(request, "slots", ()):
        return ""
    return render_to_string(
        "sponsors/_slot.html", {"key": key, "label": LABEL, "sentence": Publication.current().slot_sentence}
    )


@register.simple_tag(takes_context=True)
def sponsored_slot(context, key):
    """The slot `key`; nothing if this request does not have it. No query while nothing has changed."""
    if key not in Key.values:
        raise template.TemplateSyntaxError(f"There is no slot “{key}”; choose from {', '.join(Key.values)}.")
    return _slot(context, key)


@register.simple_tag(takes_context=True)
def sponsored_body(context, html, offsets):
    """An article's stored HTML, with slots at `offsets` if this request has them."""
    slot = _slot(context, Key.ARTICLE_BODY.value)
    return markdown.interleave(html, offsets if slot else [], slot)
