"""Helpers for tests of the moderation queues."""

import re

from django.urls import reverse

QUEUE = reverse("admin:comments_comment_changelist")
ALL = QUEUE + "?queue=all"


def fields_of(response):
    """The hidden inputs of a page of the admin, as a browser would send them."""
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", response.content.decode())
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def act(client, action, comments, address=ALL, **fields):
    data = fields_of(client.get(address)) | fields
    data |= {"action": action, "_selected_action": [comment.pk for comment in comments]}
    return client.post(address, data, follow=True)
