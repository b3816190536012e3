"""What differs between two versions."""

LABELS = {
    "title": "title",
    "slug": "slug",
    "summary": "summary",
    "body": "text",
    "category": "category",
    "tags": "tags",
    "authors": "authors",
    "series": "series",
    "series_position": "position in the series",
    "featured": "featured",
    "cover": "cover",
    "seo_title": "title for search engines",
    "seo_description": "description for search engines",
    "canonical_url": "canonical address",
}


def changed_labels(before: dict, after: dict) -> list[str]:
    """The names of the fields that differ, in the words of an editor."""
    return [label for name, label in LABELS.items() if before.get(name) != after.get(name)]
