"""What pages say of AdSense to Google, and to readers."""

from django import template
from django.conf import settings
from django.utils.html import format_html

from publishing.sponsors.adsense import serving
from publishing.sponsors.models import AdSense, Consent

register = template.Library()


@register.simple_tag
def adsense_account():
    """The meta tag by which Google finds whose site it is, from the moment an id is stored; it loads nothing."""
    client = AdSense.current().client
    return format_html('<meta name="google-adsense-account" content="{}">', client) if client else ""


@register.inclusion_tag("sponsors/_choices.html", takes_context=True)
def privacy_choices(context):
    """The link by which readers change what they have agreed to, and the scripts; nothing until AdSense is connected.

    Put it below all slots.
    """
    if not serving.is_connected():
        return {"adsense": None}
    has_units = getattr(context.get("request"), "has_ad_units", False)
    row = AdSense.current()
    return {
        "adsense": row,
        "script": settings.ADSENSE_SCRIPT_URL,
        "has_units": has_units,
        "asks": has_units or row.consent == Consent.OWN,
    }
