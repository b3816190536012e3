"""Links between the posts of a source: in every notation they lead to the new address, or are told of."""

import pytest

from articles.importing.links import Addresses, rewrite
from articles.importing.options import Options
from articles.importing.pictures import Finder
from articles.importing.records import Label, Person, Post
from publishing.tests.growth import growth
from publishing.transfer.files import open_source
from publishing.transfer.notes import Notes

from .test_pictures import Source

OTHER = "/articles/other-post/"


def post(path, *old, name="", slug=""):
    name = name or path.rpartition("/")[2].partition(".")[0]
    return Post(key=path, digest="", path=path, name=name, slug=slug, old_addresses=list(old))


HERE = post("content/posts/2024-05-01-here.md", "/blog/2024/05/01/here/", name="here")


class Site:
    """A source of a few posts; `rewritten` gives the text of one of them, and keeps what is told."""

    def __init__(self, folder, site="https://old.example"):
        for name in ("files/paper.pdf", "content/posts/left-out.md", "content/posts/sound.mp3"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        self.addresses = Addresses(Finder(Source(open_source(folder), site), Options()))
        self.add(HERE, "/articles/here/")
        self.add(post("content/posts/2024-04-01-other-post.md", "/blog/2024/04/01/other-post/", "/?p=123"), OTHER)
        self.add(post("content/posts/bundle/index.md", "/blog/bundle.html", "/legacy/bundle/"), "/articles/bundle/")
        self.add(post("content/en/same.md"), "/articles/same/")
        self.add(post("content/fr/same.md"), "/articles/same-2/")
        self.add(post("content/about.md", "/about/"), "/about/")

    def add(self, post, address):
        self.addresses.add(post, address)

    def rewritten(self, text, post=HERE):
        self.notes = Notes()
        result = rewrite(text, post, self.addresses, self.notes)
        self.told = [note.text for note in self.notes]
        return result


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


@pytest.mark.parametrize(
    ("address", "new"),
    [
        ("2024-04-01-other-post.md", OTHER),
        ("./2024-04-01-other-post.mdx#part", f"{OTHER}#part"),
        ("other-post", OTHER),
        ("2024-04-01-other-post", OTHER),
        ("../posts/bundle/index.md", "/articles/bundle/"),
        ("bundle/", "/articles/bundle/"),
        ("../../04/01/other-post/", OTHER),
        ("../bundle", "/articles/bundle/"),
        ("@/posts/bundle/index.md", "/articles/bundle/"),
        ("@/posts/2024-04-01-other-post.md#x", f"{OTHER}#x"),
        ("@/other-post", OTHER),
        ("@/bundle#x", "/articles/bundle/#x"),
        ("/posts/bundle.md", "/articles/bundle/"),
        ("/blog/2024/04/01/other-post", OTHER),
        ("/blog/2024/04/01/other-post/index.html", OTHER),
        ("/blog/2024/04/01/other-post.html#a-%C3%A9", f"{OTHER}#a-%C3%A9"),
        ("/legacy/bundle", "/articles/bundle/"),
        ("https://old.example/blog/2024/04/01/other-post/", OTHER),
        ("http://www.old.example/Blog/bundle.html?utm=1", "/articles/bundle/"),
        ("//old.example/?p=123", OTHER),
        ("/?p=123#comments", f"{OTHER}#comments"),
        ("?page_id=123", OTHER),
        ("/2024/other-post/", OTHER),
        ("about.html", "/about/"),
        ("/about", "/about/"),
        ("en/same.md", "/articles/same/"),
        ("/feed.xml", "/feed.xml"),
        ("https://old.example/rss", "/feed.xml"),
        ("/", "/"),
        ("https://old.example", "/"),
        ("/2024/05/", "/archive/2024/5/"),
        ("/category/big-news/", "/categories/news/"),
        ("/tags/c%2B%2B", "/tags/cpp/"),
        ("/by/ann", "/authors/ann/"),
        ("/moved", OTHER),
    ],
)
def test_a_link_leads_to_the_new_address(site, address, new):
    site.addresses.add_label("category", Label("category", "Big news", slug="big-news"), "news", "/categories/news/")
    site.addresses.add_label("tag", Label("tag", "C++"), "cpp", "/tags/cpp/")
    site.addresses.add_label("author", Person("Ann", old_addresses=["/by/ann/"]), "ann", "/authors/ann/")
    site.addresses.add_redirect("/moved/", "/blog/2024/04/01/other-post/")

    assert site.rewritten(f"[a]({address}) b") == f"[a]({new}) b"
    assert site.told == []


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('[a](other-post.md "T")', f'[a]({OTHER} "T")'),
        ("[a](<other-post.md>)", f"[a]({OTHER})"),
        ("[a][r] [r]\n\n[r]: other-post.md 'T'", f"[a][r] [r]\n\n[r]: {OTHER} 'T'"),
        ('<a class="x" href="other-post.md">a</a>', f'<a class="x" href="{OTHER}">a</a>'),
        ("<p>\n<a href='other-post.md#x'>a</a>\n</p>", f"<p>\n<a href='{OTHER}#x'>a</a>\n</p>"),
        ("[**a** `[b](c)`](other-post.md)", f"[**a** `[b](c)`]({OTHER})"),
        ("<https://old.example/legacy/bundle/>", "[https://old.example/legacy/bundle/](/articles/bundle/)"),
        ("See https://old.example/?p=123.", f"See [https://old.example/?p=123]({OTHER})."),
        ("[https://old.example/?p=123](https://x.example/)", "[https://old.example/?p=123](https://x.example/)"),
        ("- > [a](other-post.md)\n", f"- > [a]({OTHER})\n"),
        ("| [a](other-post.md) |\n|---|\n", f"| [a]({OTHER}) |\n|---|\n"),
    ],
)
def test_every_notation_of_a_link_is_read(site, text, new):
    assert site.rewritten(text) == new


@pytest.mark.parametrize(
    "text",
    [
        "`[a](other-post.md)`",
        "```\n[a](other-post.md)\n<a href='other-post.md'>\n```",
        "    [a](other-post.md)",
        "[a](https://elsewhere.example/?p=123)",
        "[a](#part) [b](mailto:a@b.example) [c](tel:123) [d](javascript:x) [e](http://[)",
        "\\[a](other-post.md)",
        "<!-- [a](other-post.md) -->",
        "[unused]: other-post-that-is-not-there.md",
    ],
)
def test_code_other_sites_and_fragments_stay_as_they_are(site, text):
    assert site.rewritten(text) == text
    assert site.told == []


def test_what_leads_nowhere_is_told_once_and_leads_to_the_old_site(site):
    text = "[a](gone.md) [b](gone.md#x) [c](/?p=999) [d](left-out.md) [e](/files/paper.pdf) [f](sound.mp3)"

    assert site.rewritten(text) == (
        "[a](https://old.example/blog/2024/05/01/here/gone.md) [b](https://old.example/blog/2024/05/01/here/gone.md#x)"
        " [c](https://old.example/?p=999) [d](https://old.example/blog/2024/05/01/here/left-out.md)"
        " [e](https://old.example/files/paper.pdf) [f](https://old.example/blog/2024/05/01/here/sound.mp3)"
    )
    no_place = "has no place here: it is neither a picture nor audio or video; the link leads to the old site"
    assert site.told == [
        "gone.md is no post of the source; the link leads to the old site",
        "/?p=999 is no post of the source; the link leads to the old site",
        "left-out.md was not imported; the link leads to the old site",
        f"/files/paper.pdf {no_place}",
        f"sound.mp3 {no_place}",
    ]
    assert [note.kind for note in site.notes] == ["link", "link", "link", "file", "file"]
    assert [note.is_loss for note in site.notes] == [True, False, True, True, True]


def test_a_reference_that_is_not_found_leads_to_the_root_of_the_old_site(site, tmp_path):
    assert site.rewritten("[a](@/docs/cli#x) [b](@ann)") == (
        "[a](https://old.example/docs/cli#x) [b](https://old.example/blog/2024/05/01/here/@ann)"
    )
    assert site.told[0] == "/docs/cli is no post of the source; the link leads to the old site"
    assert Site(tmp_path, site="folder").rewritten("[a](@/docs)") == "[a](/docs)"


def test_without_an_old_site_a_link_that_leads_nowhere_is_a_loss(tmp_path):
    site = Site(tmp_path, site="folder")

    assert site.rewritten("[a](/guide/) [b](same)") == "[a](/guide/) [b](same)"
    assert site.told == [f"{name} is no post of the source; the link leads nowhere" for name in ("/guide/", "same")]
    assert all(note.is_loss for note in site.notes)


def test_other_people_at_the_same_host_are_other_sites(tmp_path):
    site = Site(tmp_path, site="https://host.example/@me")
    site.add(post("x", "https://host.example/@me/x-12"), "/articles/x/")

    text = "[a](https://host.example/@you/x-12) [b](https://host.example/@me/x-12)"
    assert site.rewritten(text) == "[a](https://host.example/@you/x-12) [b](/articles/x/)"
    assert site.told == []


def test_new_addresses_of_pictures_stay_and_old_ones_that_look_like_them_are_told(site):
    site.addresses.finder.ours.add("/media/0123.webp")

    assert site.rewritten("[a](/media/0123.webp) [b](/media/report.pdf)").startswith("[a](/media/0123.webp) [b](https:")
    assert site.told == ["/media/report.pdf is no post of the source; the link leads to the old site"]


def test_the_old_site_is_learnt_from_the_addresses_of_posts(tmp_path):
    site = Site(tmp_path, site="folder")
    site.add(post("content/x.md", "https://learnt.example/x/"), "/articles/x/")

    assert site.rewritten("[a](https://www.learnt.example/legacy/bundle/)") == "[a](/articles/bundle/)"


@pytest.mark.parametrize(
    "part",
    ["[a](other-post.md) ", "[", "![", "[a](", "[a](<", '[a](b "', "`", "``", "<a href='", '<a b="', "[a][", "](x.md)",
     "[[a](", "<img src=\"x\" ", "https://old.example/x ", "![a](x.png) ", "<!--", "[r]: x\n\n", "(((", "[a](b((("],
)  # fmt: skip
def test_the_time_is_linear_in_the_length_of_the_text(site, part):
    assert growth(site.rewritten, lambda times: part * times, 1000, 8, most=24) < 24
