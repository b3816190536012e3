"""The look of the publication where a template has no context of a request, as in widgets."""

from django import template

from ..identity import face

register = template.Library()


@register.simple_tag
def identity_stylesheet():
    """The address of the colours of the publication and its categories."""
    return face.current().stylesheet
