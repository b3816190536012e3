"""Changes of categories, tags, authors, series and pictures."""

from io import StringIO
from unittest.mock import patch

from articles.models import Recording, Series
from articles.models.cards import fetching
from articles.tests.recordings.files import sound
from publishing.tests.pictures import picture, uploaded

from .magazine import SEARCH, SITEMAP, Changes

changes = Changes()
change, saved = changes.change, changes.saved

saved("a category is described", "Category", lambda m: m.opinion, description="What we think.", short=True)
saved("an author has a biography", "Author", lambda m: m.ines, biography="Writes.")
saved("an author has a picture", "Author", lambda m: m.ines, picture=lambda m: m.image)
saved("an author has links", "Author", lambda m: m.ines, link_lines="https://example.org/",
      in_vain="^/authors/$")  # fmt: skip
saved("an author has another name", "Author", lambda m: m.omar, name="Omar H. Haddad")
saved("a tag has another name", "Tag", lambda m: m.tags[0], name="HTTP/2")
saved("a tag has another address", "Tag", lambda m: m.tags[2], slug="renamed", in_vain=f"feed|atom|{SEARCH}")
saved("a series has another title", "Series", lambda m: m.series, title="By machine")
saved("a series is described", "Series", lambda m: m.series, description="In order.")
saved("a picture is described", "Image", lambda m: m.image, alt="A hand loom", in_vain="^/authors/$")
saved("a picture is credited", "Image", lambda m: m.image, credit="Omar Haddad", in_vain=SEARCH)


@change("a picture is replaced", "Image", in_vain=SEARCH)
def _(m):
    m.image.refresh_from_db()
    m.image.file = uploaded(picture(size=(600, 400)))
    m.image.save()


@change("a text plays a recording", "Article", in_vain=f"{SEARCH}|^/archive/")
def _(m):
    m.recording = Recording.objects.create(file=sound(), title="An interview")
    m.articles[1].body = f"![]({m.recording.file.url})"
    m.articles[1].save()


saved(
    "a recording has another title",
    "Recording",
    lambda m: m.recording,
    title="The interview",
    in_vain=f"{SEARCH}|^/archive/",
)


@change("a recording is deleted", "Recording", in_vain=f"{SEARCH}|^/archive/")
def _(m):
    m.recording.delete()


saved("a text has an address alone", "Article", lambda m: m.articles[1], body="https://example.org/report",
      in_vain=f"{SEARCH}|^/archive/")  # fmt: skip


@change("the card of an address arrives", "LinkCard", in_vain=SEARCH)
def _(m):
    with patch.object(fetching, "fetch", return_value=fetching.Page("A report", "What they found.", "example.org")):
        m.articles[1].link_cards.get().fetch()


@change("a card is to be fetched again, and those that nobody has are deleted", "LinkCard")
def _(m):
    m.act("fetch_again", m.articles[1].link_cards.get())
    m.command("delete_unused_cards", verbosity=0)


# Feeds show one file of a picture.
@change("renditions of pictures are made", "Image", in_vain=f"{SEARCH}|feed|atom")
def _(m):
    m.command("make_renditions", stdout=StringIO())


saved("a category has another address", "Category Redirect", lambda m: m.opinion, slug="moved", is_on_every_page=True)
saved("a category has its old address again", "Category Redirect", lambda m: m.opinion, slug="opinion",
      is_on_every_page=True)  # fmt: skip
saved("an author has another address", "Author Redirect", lambda m: m.omar, slug="omar", in_vain="feed|atom")
saved("a series has another address", "Series Redirect", lambda m: m.series, slug="moved", in_vain="feed|atom")
saved("a category has another place", "Category", lambda m: m.practice, position="9", is_on_every_page=True, short=True)


@change("a tag is merged into another one", "Tag MergedLabel", in_vain=f"{SITEMAP}|{SEARCH}", short=True)
def _(m):
    m.merge(m.tags[0], m.tags[2])


@change("that is undone", "Tag MergedLabel", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.unmerge(m.tags[2])


@change("an author is merged into another one, with a new name", "Author Byline", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.merge(m.ines, m.omar, name="Ines O. Haddad")


@change("the merge of an author is undone", "Author Byline", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.unmerge(m.omar)


@change("a series is merged into another one", "Series Article", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.merge(m.add(Series, title="Another", slug="another"), m.series)


@change("the merge of a series is undone", "Series Article", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.unmerge(m.series)


@change("a category is merged into another one, and that is undone", "Category Article", is_on_every_page=True)
def _(m):
    m.merge(m.opinion, m.practice)
    m.unmerge(m.practice)


@change("a tag is deleted", "Tag", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.delete(m.tags[1])


@change("a series is deleted", "Series", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.delete(m.series)


@change("a picture is deleted", "Image", in_vain=SEARCH)
def _(m):
    m.delete(m.image)


@change("an author is deleted", "Author Byline", in_vain=f"{SITEMAP}|{SEARCH}")
def _(m):
    m.save(m.articles[1], series_position="", byline=[])
    # Its series is gone.
    m.save(m.articles[0], series_position="")
    for author in (m.ines, m.omar):
        for article in author.articles.all():
            m.save(article, byline=[])
    m.delete(m.omar)


@change("a category is deleted that had articles", "Category", is_on_every_page=True)
def _(m):
    for article in m.practice.articles.all():
        m.save(article, category=m.opinion)
    m.delete(m.practice)
