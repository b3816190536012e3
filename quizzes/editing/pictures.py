"""Uploads in frozen texts: an edition never changes, but a picture may be deleted or get another file."""

import json

from articles.models import Uploads
from publishing.text import pictures


def are_in(bundle: dict) -> bool:
    return "<img" in json.dumps(bundle)


def current(bundle: dict) -> dict:
    """The bundle with its pictures as they are now; those that were deleted as words. One query if it has any."""
    if not are_in(bundle):
        return bundle
    stored = Uploads(json.dumps(bundle, ensure_ascii=False))

    def changed(value):
        match value:
            case str():
                return pictures.with_current(value, stored.resolve)
            case list():
                return [changed(one) for one in value]
            case dict():
                return {key: changed(one) for key, one in value.items()}
        return value

    return changed(bundle)
