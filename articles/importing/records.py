"""What a reader yields and the writer stores: plain records without Django."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from publishing.transfer.files import Files
from publishing.transfer.notes import Notes

ARTICLE, PAGE = "article", "page"


@dataclass
class Picture:
    """A picture of a post. `address` is as the source has it: relative to the post, to the site, or of another host."""

    address: str
    alt: str = ""
    caption: str = ""


@dataclass
class Person:
    """An author. Posts name them by `name`."""

    name: str
    slug: str = ""
    biography: str = ""
    picture: str = ""
    # Words and address of each.
    links: list[tuple[str, str]] = field(default_factory=list)
    old_addresses: list[str] = field(default_factory=list)


@dataclass
class Label:
    """What is known of a category, a tag or a series besides the name, by which posts name it."""

    # "category", "tag" or "series".
    kind: str
    name: str
    slug: str = ""
    description: str = ""
    old_addresses: list[str] = field(default_factory=list)


@dataclass
class Post:
    """An article or a page of a source.

    `key` identifies it there and stays the same if the source is moved: a path, "post-123". `digest` is a checksum of
    all that it is read from. `path` is the file's name among the `Files` (for pictures and links relative to it), else
    the path of its old address.

    `text` is the source's own text; `to_markdown` makes Markdown of it, in which pictures and links have the addresses
    of the source. It is called only for a post that is stored, and may raise Refused. It adds to `notes`.
    """

    key: str
    digest: str
    path: str
    title: str = ""
    text: str = ""
    to_markdown: Callable[["Post"], str] = lambda post: post.text
    kind: str = ARTICLE
    # What the source calls it, in any script. Without one, the writer uses `name`, then the title.
    slug: str = ""
    # The name of its file or folder, without a date and an ending.
    name: str = ""
    # As in articles.models.Status. Whatever says that a post is not public makes it "draft", with a note.
    status: str = "published"
    # Aware. A published post without one becomes a draft.
    published_at: datetime | None = None
    updated_at: datetime | None = None
    # Empty: the first paragraph.
    summary: str = ""
    # The first is ours; others become tags.
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    series: str = ""
    series_position: int | None = None
    cover: Picture | None = None
    is_featured: bool = False
    is_sensitive: bool = False
    seo_title: str = ""
    seo_description: str = ""
    canonical_url: str = ""
    # Tags as the source writes them: of the post, and of all its site; "ltr" or "rtl".
    language: str = ""
    language_of_site: str = ""
    direction: str = ""
    # Paths or whole addresses, with "?p=123", where it was found until now; the likeliest first.
    old_addresses: list[str] = field(default_factory=list)
    # Keys of the head without a field.
    extra: dict = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    # Pictures of the web that were not fetched, counted when its pictures are prepared.
    on_web: int = 0


@dataclass
class Unread:
    """A file or an entry that is no post; `reason` says why."""

    key: str
    reason: str
    # Pictures, templates and settings are counted; a post that could not be read is a loss.
    is_loss: bool = True


class Reader(Protocol):
    """Reads a source of one kind. Each method may be called several times and reads anew, one post in memory."""

    # For people: "WordPress export".
    label: str
    # What comes before `Post.key` in `Article.source`: of a site its address ("https://old.example"), of a folder its
    # name. Two sources with equal keys have different ones.
    site: str
    files: Files

    def posts(self) -> Iterator[Post | Unread]:
        """In a fixed order. Cheap: no text is converted. Raises Refused if the source ends in the middle."""

    def people(self) -> list[Person]: ...

    def labels(self) -> list[Label]: ...

    def redirects(self) -> Iterator[tuple[str, str]]:
        """Old and new addresses, both of the old site."""

    def media(self) -> list[str]:
        """Folders among the files to which addresses from the root of the site lead, such as "static/"."""
