from datetime import timedelta
from itertools import count

from django.utils import timezone

from publishing.sponsors.models import Advertiser, Creative

_numbers = count(1)


def make_advertiser(name="Acme"):
    return Advertiser.objects.get_or_create(name=name)[0]


def make_creative(*, advertiser=None, **fields):
    """A text that has run for an hour, unless the fields say otherwise."""
    number = next(_numbers)
    fields = {
        "name": f"Advertisement {number}",
        "kind": "text",
        "headline": f"Buy this, {number}",
        "text": "It is good.",
        "target": "https://acme.example/shop?from=here",
        "starts_at": timezone.now() - timedelta(hours=1),
    } | fields
    return Creative.objects.create(advertiser=advertiser or make_advertiser(), **fields)
