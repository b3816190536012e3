"""The front page of the admin, and the words of its scripts."""

from django import template

from publishing.inbox import everything, words
from publishing.inbox.sections import inbox_of

register = template.Library()
register.filter("grouped", everything.grouped)
register.filter("main_lists", everything.main_lists)
register.simple_tag(words.address, name="words_address")


@register.simple_tag(takes_context=True)
def inbox(context):
    """The sections of the person who asks."""
    return inbox_of(context["request"])
