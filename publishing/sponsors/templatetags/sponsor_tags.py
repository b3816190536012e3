from django import template
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from publishing.models import Publication
from publishing.sponsors import placement
from publishing.sponsors.models import LABEL, Key
from publishing.text import markdown

register = template.Library()


# The widths of the window at which one of two places of a slot is there (static/css/site/article.css).
WIDE, NARROW = "wide", "narrow"
# In a preview.
UNSEEN = _("An empty slot. Readers do not see it.")


def _slot(context, key, at=""):
    request = context.get("request")
    if request is None:
        return ""
    request.has_slot_places = True
    if key not in getattr(request, "slots", ()):
        return ""
    is_unseen = key in getattr(request, "unseen_slots", ())
    sentence = UNSEEN if is_unseen else Publication.current().slot_sentence
    return render_to_string("sponsors/_slot.html", {"key": key, "at": at, "label": LABEL, "sentence": sentence})


@register.simple_tag(takes_context=True)
def sponsored_slot(context, key, at=""):
    """The slot `key`; nothing if this request does not have it. No query while nothing has changed.

    With `at` it is there in wide windows only, or in narrow ones.
    """
    if key not in Key.values:
        raise template.TemplateSyntaxError(f"There is no slot “{key}”; choose from {', '.join(Key.values)}.")
    return _slot(context, key, at)


@register.simple_tag(takes_context=True)
def sponsored_body(context, html, offsets, parts=()):
    """An article's stored HTML with `parts` (pairs for `markdown.interleave`), and slots at `offsets` if it has them.

    In narrow windows with the slot above the article too: slots that would be near it are in wide ones only.
    """
    top, inner = _slot(context, Key.ARTICLE_TOP.value, NARROW), _slot(context, Key.ARTICLE_BODY.value)
    place = placement.top_inside(html) if top else None
    inserts = [*parts] if place is None else [*parts, (place, top)]
    for offset in markdown.ends_of_paragraphs(html, offsets) if inner else []:
        is_near = place is not None and placement.is_near(html, place, offset)
        inserts.append((offset, _slot(context, Key.ARTICLE_BODY.value, WIDE) if is_near else inner))
    return markdown.interleave(html, inserts)
