"""What the writer does with the posts of any reader."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from articles.importing import running
from articles.importing.options import Options
from articles.importing.records import PAGE, Label, Person, Post, Unread
from articles.models import Article, Author, Category, Page, Tag
from articles.trash import moving
from publishing.models import Redirect
from publishing.transfer.notes import Refused, Result

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2019, 5, 1, 8, tzinfo=UTC)


class Source:
    """A reader of posts that a test has made."""

    label = "Posts"

    def __init__(self, *posts, people=(), labels=(), redirects=(), site="blog"):
        self._posts, self._people, self._labels, self._redirects = posts, people, labels, redirects
        self.site = site

    def posts(self):
        for made in self._posts:
            yield made() if callable(made) else made

    def people(self):
        return list(self._people)

    def labels(self):
        return list(self._labels)

    def redirects(self):
        return iter(self._redirects)

    def media(self):
        return []


def post(key="one.md", text="The text.\n", digest="", **fields):
    """A function that makes the post anew, as a reader does."""
    digest = digest or sha256(repr((text, sorted(fields.items(), key=str))).encode()).hexdigest()
    values = {"name": key.removesuffix(".md"), "published_at": LONG_AGO, "title": key} | fields
    return lambda: Post(key=key, digest=digest, path=key, text=text, **values)


@pytest.fixture
def imported(monkeypatch, tmp_path):
    """Imports posts and returns the outcomes, with the summary as an attribute."""

    def run(*posts, options=None, **known):
        def reader_of(files, options):
            source = Source(*posts, **known)
            source.files = files
            return source

        monkeypatch.setattr(running, "reader_of", reader_of)
        site_import = running.Import(tmp_path, options or Options())
        site_import.prepare()
        outcomes = list(site_import.outcomes())
        return SimpleNamespace(
            outcomes=outcomes,
            results=[str(outcome.result) for outcome in outcomes],
            told=" ".join(f"{outcome.reason} {' '.join(note.text for note in outcome.notes)}" for outcome in outcomes),
            summary=site_import.summary,
            run=site_import,
        )

    return run


def slugs():
    return list(Article.objects.order_by("pk").values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["日本語の記事", "別の記事"], ["ribenyunojishi", "bienojishi"]),
        (["Первая", "Łukasz", "Ærlig-øl"], ["pervaya", "lukasz", "aerlig-ol"]),
        (["App-1.2", "App-1.3"], ["app-1-2", "app-1-3"]),
        (["same", "same", "same"], ["same", "same-2", "same-3"]),
        (["🎉", "…"], ["tada", "1"]),
    ],
)
def test_a_name_in_any_script_has_an_address_and_a_taken_one_gets_a_number(imported, names, expected):
    done = imported(*(post(f"{number}.md", slug=name, title="One") for number, name in enumerate(names)))

    assert slugs() == expected
    assert done.results == ["created"] * len(names)


def test_an_address_that_was_written_here_stays_and_the_post_is_told_its_own(imported):
    Article.objects.create(title="Ours", slug="one")

    assert "its address ends in one-2, since one is taken" in imported(post()).told
    assert slugs() == ["one", "one-2"]


def test_c_and_its_children_are_three_tags_and_one_name_in_two_spellings_is_one(imported):
    imported(
        post("a.md", tags=["C", "C++", "C#", ".NET"]), post("b.md", tags=["c", "c#"], authors=["日本", "Ann", "ann"])
    )

    assert set(Tag.objects.values_list("slug", flat=True)) == {"c", "c-plus-plus", "c-sharp", "dot-net"}
    assert set(Author.objects.values_list("slug", flat=True)) == {"riben", "ann"}


def test_names_and_texts_that_are_too_long_or_cannot_be_stored_are_mended_with_a_note(imported):
    done = imported(
        post(title="T" * 300, text="A\x08b\x00\n\n" + "x " * 10, tags=["t" * 70], categories=["K\u202e" * 50]),
        post("two.md", canonical_url="javascript:alert(1)", seo_title="S" * 90),
    )

    article = Article.objects.get(slug="one")
    assert done.results == ["created", "created"]
    assert article.body.startswith("Ab\n")
    assert len(article.title) == 200
    assert len(article.tags.get().name) == 60
    assert article.category.name == "K" * 50
    assert "2 characters taken out of the text" in done.told
    assert "shortened from 70 to 60" in done.told
    assert "left out: canonical_url" in done.told


def test_the_summary_is_the_first_paragraph_of_words(imported):
    imported(post(text="# T\n\nhttps://video.example/1\n\n![x](https://p.example/x.png)\n\nThe *first* words.\n"))

    assert Article.objects.get().summary == "The first words."


def test_a_summary_has_no_marks_of_footnotes_and_of_links_whose_addresses_come_later(imported):
    text = "The [first] and [the next][2] words[^1], `[^a]`.\n\n[first]: https://a.example/\n[2]: https://b.example/\n"
    imported(post(text=f"{text}\n[^1]: A note.\n"))

    assert Article.objects.get().summary == "The first and the next words, [^a]."


def test_the_first_category_is_ours_and_others_are_tags(imported):
    imported(post(categories=["News", "Film"], tags=["one"]))

    article = Article.objects.get()
    assert article.category.name == "News"
    assert {tag.name for tag in article.tags.all()} == {"Film", "one"}


def test_what_is_known_of_people_and_labels_comes_with_them_and_their_old_addresses_redirect(imported, client):
    imported(
        post(authors=["Ann"], categories=["News"]),
        people=[
            Person(
                "Ann", "ann-a", "Writes *much*.", links=[("Site", "https://ann.example/")], old_addresses=["/u/ann/"]
            )
        ],
        labels=[Label("category", "News", "nouvelles", "All news.", ["/category/nouvelles/"])],
    )

    author, category = Author.objects.get(), Category.objects.get()
    assert (author.slug, author.biography, author.links) == (
        "ann-a",
        "Writes *much*.",
        [("Site", "https://ann.example/")],
    )
    assert (category.slug, category.description) == ("nouvelles", "All news.")
    assert client.get("/u/ann/")["Location"] == "/authors/ann-a/"
    assert client.get("/category/nouvelles/")["Location"] == "/categories/nouvelles/"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": "draft"}, ""),
        ({"published_at": None}, "no date"),
        ({"published_at": timezone.now() + timedelta(days=9)}, "was to be published on"),
    ],
)
def test_what_is_not_public_there_is_a_draft_here(imported, client, fields, told):
    done = imported(post(**fields))

    assert Article.objects.get().status == "draft"
    assert client.get("/articles/one/").status_code == 404
    assert told in done.told


def test_old_addresses_lead_to_the_article(imported, client):
    imported(post(old_addresses=["/2019/05/one.html", "https://old.example/?p=12"]))

    assert client.get("/2019/05/one.html")["Location"] == "/articles/one/"
    assert client.get("/2019/05/one.html/")["Location"] == "/articles/one/"
    assert client.get("/?p=12")["Location"] == "/articles/one/"
    assert client.get("/?p=13").status_code == 404
    assert client.get("/?utm_source=x").status_code == 200


def test_links_between_posts_and_old_feeds_and_redirects_lead_to_what_is_here(imported, client):
    imported(
        post("a.md", text="See [b](b.md), [c](/2019/c/) and [gone](gone.md).\n"),
        post("b.md", categories=["News"], old_addresses=["/2019/b/"]),
        post("c.md", old_addresses=["/2019/c/"]),
        labels=[Label("category", "News", old_addresses=["/category/news/"])],
        redirects=[("/very/old/", "/2019/b/")],
    )

    assert "See [b](/articles/b/), [c](/articles/c/) and" in Article.objects.get(slug="a").body
    assert client.get("/very/old/")["Location"] == "/articles/b/"
    for old in ("/feed/", "/blog/rss.xml", "/feeds/all.atom.xml"):
        assert client.get(old)["Location"] == "/feed.xml"
    assert client.get("/category/news/feed/")["Location"] == "/categories/news/feed.xml"


def test_the_same_again_changes_nothing_also_from_a_folder_of_another_name(imported):
    first, second = post("a.md"), post("b.md", text="Other.\n")
    imported(first, second)
    before = list(Article.objects.values())

    assert imported(first, second).results == ["unchanged", "unchanged"]
    assert imported(first, second, site="moved").results == ["unchanged", "unchanged"]
    assert list(Article.objects.values()) == before


def test_another_source_with_equal_names_is_another_source(imported):
    hello = post("hello.md", text="Welcome.")
    imported(post("a.md"), post("b.md"), hello)
    more = [post(f"{number}.md") for number in range(3)]
    assert imported(hello, *more, site="third").results == ["created"] * 4

    assert imported(post("a.md", text="X.", title="X"), post("b.md", text="Y.", title="Y"), site="other").results == [
        "created",
        "created",
    ]


def test_a_changed_source_updates_what_was_not_touched_here(imported):
    imported(post(tags=["old"]))

    assert imported(post(text="Better.\n", title="Better", tags=["new"])).results == ["updated"]

    article = Article.objects.get()
    assert (article.title, article.body, article.slug) == ("Better", "Better.\n", "one")
    assert [tag.name for tag in article.tags.all()] == ["new"]
    assert [version.note for version in article.versions.all()] == ["Imported", "Imported"]


def test_what_was_changed_here_stays_and_what_the_source_changed_comes_twice_in_a_row(imported):
    imported(post(text="One.\n\nTwo.\n"))
    article = Article.objects.get()
    article.title, article.featured = "Our title", True
    article.save()

    assert imported(post(text="One!\n\nTwo.\n")).results == ["updated"]
    assert imported(post(text="One!\n\nTwo!\n")).results == ["updated"]

    article.refresh_from_db()
    assert (article.title, article.body, article.featured) == ("Our title", "One!\n\nTwo!\n", True)


def test_what_changed_on_both_sides_is_left_alone_kept_as_a_version_and_replaced_only_if_asked(imported):
    imported(post())
    Article.objects.get()
    article = Article.objects.get()
    article.body = "Ours.\n"
    article.save()
    changed = post(text="Theirs.\n")

    for _ in range(2):
        done = imported(changed)
        assert done.results == ["conflict"]
        assert done.summary.has_loss
        assert Article.objects.get().body == "Ours.\n"
        assert [version.fields["body"] for version in article.versions.filter(kind="conflict")] == ["Theirs.\n"]

    assert imported(changed, options=Options(overwrite=True)).results == ["updated"]
    assert Article.objects.get().body == "Theirs.\n"


def test_state_and_moment_never_go_back(imported):
    undated = post(published_at=None)
    imported(undated)
    Article.objects.get().publish(by=None)
    moment = Article.objects.get().published_at

    imported(post(published_at=None, text="Changed.\n"))
    imported(post(published_at=LONG_AGO, text="Changed again.\n"))
    imported(post(status="draft", text="Third.\n"))

    article = Article.objects.get()
    assert (article.status, article.published_at, article.body) == ("published", moment, "Third.\n")


def test_a_draft_whose_source_is_published_is_published_but_not_what_was_withdrawn_here(imported):
    imported(post(status="draft"), post("two.md"))
    Article.objects.get(slug="two").archive(by=None)

    imported(post(), post("two.md", text="New.\n"))

    assert Article.objects.get(slug="one").status == "published"
    assert Article.objects.get(slug="two").status == "archived"


def test_what_lies_in_the_trash_stays_there(imported, django_user_model):
    imported(post())
    moving.trash(Article.objects.get(), by=django_user_model.objects.create(username="ed"))

    assert "lies in the trash" in imported(post(text="New.\n")).told
    assert not Article.objects.exists()


def test_pages_come_as_pages_beside_the_routes_of_the_site(imported, client):
    pages = (post("about.md", kind=PAGE), post("search.md", kind=PAGE))
    assert imported(*pages).results == ["created", "created"]
    assert client.get("/about/").status_code == client.get("/search-2/").status_code == 200
    assert imported(*pages).results == ["unchanged", "unchanged"]

    page = Page.objects.get(slug="about")
    page.body = "Ours.\n"
    page.save()

    changed = post("about.md", kind=PAGE, text="Theirs.\n")
    assert imported(changed).results == ["conflict"]
    assert imported(changed, options=Options(overwrite=True)).results == ["updated"]
    assert Page.objects.get(slug="about").body == "Theirs.\n"


def test_a_dry_run_tells_the_same_and_stores_nothing(imported):
    posts = (
        post("a.md", tags=["x" * 70]),
        post("b.md", slug="a"),
        post("c.md", text="x" * 500_001),
        post("p.md", kind=PAGE),
    )

    dry = imported(*posts, options=Options(dry_run=True))
    assert not (Article.objects.exists() or Tag.objects.exists() or Page.objects.exists() or Redirect.objects.exists())
    real = imported(*posts)

    assert dry.outcomes == real.outcomes
    assert dry.results == ["created", "created", "skipped", "created"]


def test_one_bad_post_costs_no_other_and_each_is_told(imported):
    def broken():
        made = post("broken.md")()
        made.to_markdown = lambda post: 1 / 0
        return made

    done = imported(
        post("a.md", series="S", series_position=1),
        post("b.md", series="S", series_position=1),
        broken,
        Unread("c.md", "not closed"),
        Unread("d.png", "a picture", is_loss=False),
        post("a.md"),
        post("empty.md", text="", title="", name=""),
    )

    assert sorted(done.results) == ["created"] * 3 + ["skipped"] * 3
    assert "another article is part 1 of the series" in done.told
    assert sorted(Article.objects.values_list("series_position", flat=True), key=str) == [1, None, None]
    assert "division by zero" in done.told
    assert "another post with this key" in done.told
    assert done.summary.others == {"a picture": 1}
    assert done.summary.results[Result.SKIPPED] == 3


def test_imported_articles_are_counted_found_and_related(imported, client):
    category = Category.objects.create(name="Articles", slug="articles")
    assert client.get("/categories/articles/").status_code == 200

    imported(post("a.md", tags=["t"], text="A walrus.\n", authors=["Ann"]), post("b.md", tags=["t"]))

    assert "a.md" in client.get(category.get_absolute_url()).text
    assert "a.md" in client.get("/search/?q=walrus").text
    assert "a.md" in client.get("/authors/ann/").text
    assert "a.md" in client.get("/articles/b/").text
    assert client.get("/tags/t/").text.count("card") > 1


def test_links_between_them_and_from_here_lead_to_them(imported):
    ours = Article.objects.create(title="Ours", slug="ours", body="[x](/articles/one/)")
    imported(post())

    assert ours.links.get().key == Article.objects.get(slug="one").pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sqlite")
def test_a_full_disk_ends_the_import_with_a_sentence_nothing_is_half_and_it_goes_on_later(imported):
    posts = [post(f"{number}.md", text=f"{number} " + "word " * 2000, tags=["t"]) for number in range(60)]
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 200}")
    try:
        with pytest.raises(Refused, match="no space left"):
            imported(*posts)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 4294967294")

    came = Article.objects.count()
    assert 0 < came < 60
    assert Article.objects.filter(versions__state="live", tags__slug="t", counts__isnull=False).count() == came
    assert imported(*posts).results.count("created") == 60 - came
