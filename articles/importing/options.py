"""What a person chooses for an import."""

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

# Where the date of a post comes from that has none in its head, its name or its folders.
DATE_FROM = ("none", "mtime", "git")
# What a pattern of old addresses may contain.
PARTS = ("stem", "slug", "year", "month", "day", "category", "path")


def is_pattern(old_url: str) -> bool:
    """Whether it has no other braces than those of `PARTS`."""
    try:
        old_url.format(**dict.fromkeys(PARTS, ""))
    except (KeyError, IndexError, ValueError, AttributeError):
        return False
    return True


@dataclass(frozen=True)
class Options:
    # For posts that name none.
    category: str = "Articles"
    # Such as "/blog/{year}/{month}/{stem}/": where the posts were published; gets a redirect.
    old_url: str = ""
    date_from: str = "none"
    # Of dates without one; None: that of this site.
    zone: ZoneInfo | None = None
    # Folders outside of the source with the pictures to which addresses from the root of the site lead.
    media: tuple[Path, ...] = field(default=())
    # Get pictures of other hosts.
    fetch: bool = False
    # Replace articles that were changed here, too.
    overwrite: bool = False
    dry_run: bool = False
