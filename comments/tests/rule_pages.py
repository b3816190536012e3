"""Helpers for tests of words and bans in the admin."""

import re
from html import unescape

BAN = "/admin/comments/ban/add/"


def ban_data(**fields):
    return {
        "kind": "network",
        "whom": "203.0.113.0/24",
        "reason": "Rude.",
        "expires_at_0": "",
        "expires_at_1": "",
    } | fields


def hidden(response):
    """What the page would send again, by name."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode())
    return {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


def is_dry_run(response):
    """Whether the page shows what the rule would have changed, before it is saved."""
    return "admin/comments/dry_run.html" in [template.name for template in response.templates]


def errors_of(response):
    """What is wrong with the form of a page of the admin, by field."""
    return response.context["adminform"].form.errors


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
