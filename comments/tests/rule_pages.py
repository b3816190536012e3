"""What the tests of the desks of words and bans send, and what they read there."""

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


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
