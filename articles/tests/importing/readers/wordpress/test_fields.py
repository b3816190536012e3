"""Fields of posts in a WordPress export. Without a database."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from articles.importing.options import Options
from articles.importing.records import PAGE, Picture

from .conftest import SITE, UPLOADS, attachment, export, item

TERMS = (
    "<wp:category><wp:term_id>1</wp:term_id><wp:category_nicename>news</wp:category_nicename>"
    "<wp:cat_name><![CDATA[News &amp; Views]]></wp:cat_name><wp:category_description>All that is new."
    "</wp:category_description></wp:category>"
    "<wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>film</wp:category_nicename>"
    "<wp:category_parent>news</wp:category_parent><wp:cat_name>Film</wp:cat_name></wp:category>"
    "<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>art</wp:category_nicename>"
    "<wp:cat_name>Art</wp:cat_name></wp:category>"
    "<wp:tag><wp:term_id>4</wp:term_id><wp:tag_slug>c-sharp</wp:tag_slug><wp:tag_name>C#</wp:tag_name></wp:tag>"
)
AUTHORS = (
    "<wp:author><wp:author_id>3</wp:author_id><wp:author_login>ann</wp:author_login>"
    "<wp:author_display_name>Ann Ash</wp:author_display_name>"
    "</wp:author><wp:author><wp:author_login>ben</wp:author_login><wp:author_display_name>ben@mail.example"
    "</wp:author_display_name><wp:author_first_name>Ben</wp:author_first_name></wp:author>"
)
NEWS, FILM, ART = ("category", "news", "News &amp; Views"), ("category", "film", "Film"), ("category", "art", "Art")
NONE = ("category", "uncategorized", "Uncategorized")


def first(read, *elements, **options):
    return read(*elements, options=Options(**options)).posts[0]


def told(post):
    return " ".join(note.text for note in post.notes)


def test_a_post_has_its_title_slug_text_summary_and_dates(read):
    post = first(read, item("<p>Text</p>", title="Q&amp;A <em>now</em> &#8217;", excerpt="A <b>short</b> text &amp; so",
                            post_name="%e6%97%a5%e6%9c%ac", post_modified_gmt="2024-02-03 04:05:06"))  # fmt: skip

    assert (post.key, post.title, post.slug, post.text) == ("post-7", "Q&A now ’", "日本", "<p>Text</p>")
    assert post.summary == "A short text & so"
    assert post.published_at == datetime(2024, 1, 2, 11, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert (post.status, post.path, list(post.notes)) == ("published", "/2024/01/one/", [])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "2024-01-02 11:00"),
        ({"post_date_gmt": "0000-00-00 00:00:00"}, "2024-01-02 17:00"),
        ({"post_date_gmt": "", "post_date": "", "pubDate": "Tue, 02 Jan 2024 10:00:00 +0100"}, "2024-01-02 09:00"),
        ({"post_date_gmt": "", "post_date": "", "pubDate": "Mon, 30 Nov -001 00:00:00 +0000"}, None),
        ({"post_date_gmt": "2024-02-30 00:00:00", "post_date": ""}, None),
    ],
)
def test_dates_are_those_in_utc_else_local_ones_else_those_of_the_feed(read, fields, expected):
    post = first(read, item(**fields), zone=ZoneInfo("America/New_York"))

    assert (post.published_at and f"{post.published_at:%Y-%m-%d %H:%M}") == expected
    assert ("is not a date" in told(post)) == ("02-30" in str(fields))


def test_a_post_without_a_date_has_that_of_the_file_if_wanted(read):
    undated = item(post_date="", post_date_gmt="")

    assert first(read, undated).published_at is None
    assert first(read, undated, date_from="mtime").published_at is not None


@pytest.mark.parametrize(
    ("fields", "reason", "has_date"),
    [
        ({"status": "draft"}, "a draft", False),
        ({"status": "auto-draft"}, "a draft", False),
        ({"status": "pending"}, "waiting for review", False),
        ({"status": "private"}, "private", True),
        ({"status": "future"}, "scheduled for 2024-01-02 11:00 UTC in the source", True),
        ({"status": "wc-on-hold"}, "“wc-on-hold”", False),
        ({"post_password": "secret"}, "protected by a password", True),
    ],
)
def test_whatever_is_not_public_is_a_draft_with_a_note(read, fields, reason, has_date):
    post = first(read, item(**fields))

    assert (post.status, bool(post.published_at)) == ("draft", has_date)
    assert reason in told(post) and "secret" not in told(post)


@pytest.mark.parametrize(
    ("terms", "meta", "categories"),
    [
        ([ART, NEWS], [], ["Art", "News & Views"]),
        ([NEWS, FILM, ART], [], ["Film", "News & Views", "Art"]),
        ([NEWS, FILM], [("_yoast_wpseo_primary_category", "1")], ["News & Views", "Film"]),
        ([NEWS, FILM, ART], [("rank_math_primary_category", "3")], ["Art", "News & Views", "Film"]),
        ([NONE, ART], [], ["Art"]),
        ([NONE], [], ["Uncategorized"]),
        ([("category", "", "Film"), FILM], [], ["Film"]),
        ([], [], []),
    ],
)
def test_the_first_category_is_the_primary_or_the_most_specific_one(read, terms, meta, categories):
    assert first(read, TERMS, item(terms=terms, meta=meta)).categories == categories


def test_tags_series_and_terms_of_other_taxonomies_come_in_and_those_of_the_design_do_not(read):
    terms = [
        ("post_tag", "c-sharp", "C#"),
        ("tag", "", "old"),
        ("series", "deep", "Deep Dives"),
        ("genre", "noir", "Noir"),
        ("post_format", "post-format-aside", "Aside"),
        ("nav_menu", "top", "Top"),
    ]
    post = first(read, TERMS, item(terms=terms, meta=[("_series_part", "3")]))

    assert (post.tags, post.series, post.series_position) == (["C#", "old", "Noir"], "Deep Dives", 3)
    assert "terms of genre became tags" in told(post)


@pytest.mark.parametrize(
    ("creator", "terms", "names"),
    [
        ("ann", [], ["Ann Ash"]),
        ("ben", [], ["Ben"]),
        ("nobody", [], ["nobody"]),
        (">ann", [], ["Ann Ash"]),
        ("cleo@mail.example", [], ["cleo"]),
        ("ann", [("author", "cap-ben", "ben"), ("author", "cap-ann", "ann"), ("author", "cap-ann", "ann")],
         ["Ben", "Ann Ash"]),
        ("ann", [("author", "cap-guest", "guest")], ["A Guest"]),
        ("", [], []),
    ],
)  # fmt: skip
def test_authors_are_people_with_the_names_that_they_show(read, creator, terms, names):
    guest = item("", post_id="50", post_type="guest-author", meta=[
        ("cap-user_login", "guest"), ("cap-display_name", "A Guest"), ("cap-description", "Writes.")])  # fmt: skip
    found = read(AUTHORS, item(creator=creator, terms=terms), guest)

    assert found.posts[0].authors == names
    people = {person.name: person for person in found.reader.people()}
    assert people["A Guest"].biography == "Writes."
    assert people["Ann Ash"].old_addresses == ["/author/ann/", "/?author=3"]


def test_a_cover_has_the_words_of_its_file(read):
    meta = [("_thumbnail_id", "20")]
    found = read(item(meta=meta), attachment("20", "cat.jpg", alt="A cat", caption="<em>Tom</em>, 2024"))

    assert found.posts[0].cover == Picture(f"{UPLOADS}cat.jpg", "A cat", "Tom, 2024")
    assert "its cover, number 20, is not in the export" in told(first(read, item(meta=meta)))


def test_an_upload_that_another_host_served_is_the_file_that_lies_beside_the_export(read):
    cover = attachment("20", "cat.jpg", attachment_url="https://cdn.example/wp-content/uploads/2024/01/cat.jpg")
    image = '<img class="wp-image-20" src="https://cdn.example/wp-content/uploads/2024/01/cat-9x9.jpg">'
    data = export(cover, item(image,
                              meta=[("_thumbnail_id", "20")]))  # fmt: skip
    found = read(**{"export__xml": data, "uploads/2024/01/cat__jpg": b"picture"})

    assert found.posts[0].cover.address == "/uploads/2024/01/cat.jpg"
    assert found.posts[0].to_markdown(found.posts[0]) == "![](/uploads/2024/01/cat.jpg)\n"
    assert found.reader.media() == [""]


def test_an_address_of_this_machine_is_only_an_address(read):
    cover = attachment("20", "x.jpg", attachment_url="http://127.0.0.1:9/x.jpg")
    post = read(cover, item('<img class="wp-image-20" src="http://127.0.0.1:9/x-10x10.jpg">',
                            meta=[("_thumbnail_id", "20")])).posts[0]  # fmt: skip

    assert post.cover.address == "http://127.0.0.1:9/x.jpg"
    assert "http://127.0.0.1:9/x.jpg" in post.to_markdown(post)


@pytest.mark.parametrize(
    ("key", "value", "title", "description"),
    [
        ("_yoast_wpseo_title", "Better words", "Better words", ""),
        ("_yoast_wpseo_title", "%%title%% %%page%% %%sep%% %%sitename%%", "", ""),
        ("_yoast_wpseo_title", "%%title%%: %%category%% %%cf_own%%", "One: Art", ""),
        ("rank_math_title", "%title% %sep% Read 100% of it %sep% %sitename%", "One – Read 100% of it", ""),
        ("_aioseo_title", "#post_title #separator_sa #site_title", "", ""),
        ("_aioseo_title", "We are #1", "We are #1", ""),
        ("_yoast_wpseo_metadesc", "All of %%excerpt%%", "", "All of it"),
        ("rank_math_description", "Plain &amp; simple", "", "Plain & simple"),
    ],
)
def test_words_for_search_engines_have_their_variables_resolved(read, key, value, title, description):
    post = first(read, TERMS, item(excerpt="it", terms=[ART], meta=[(key, value)]))

    assert (post.seo_title, post.seo_description) == (title, description)


def test_sticky_posts_are_featured_and_a_canonical_address_elsewhere_is_kept(read):
    elsewhere = [("_yoast_wpseo_canonical", "https://first.example/one/")]
    post = first(read, item(is_sticky="1", meta=elsewhere))
    own = first(read, item(meta=[("_yoast_wpseo_canonical", f"{SITE}/one/")]))

    assert (post.is_featured, post.canonical_url) == (True, "https://first.example/one/")
    assert (own.is_featured, own.canonical_url) == (False, "")


def test_old_addresses_are_the_link_former_slugs_and_the_number(read):
    post = first(read, item(guid=f"{SITE}/?p=7", meta=[("_wp_old_slug", "uno"), ("_wp_old_slug", "eins")]))

    assert post.old_addresses == [
        f"{SITE}/2024/01/one/", f"{SITE}/2024/01/uno/", f"{SITE}/2024/01/eins/", "/?p=7",
    ]  # fmt: skip
    assert first(read, item(guid=f"{SITE}/", link=f"{SITE}/?p=7")).old_addresses == ["/?p=7"]


def test_a_site_in_a_folder_finds_its_posts_by_number_at_the_root_and_its_lists_below_the_folder(read):
    found = read(export__xml=export(TERMS, item(link="https://old.example/blog/one/"), site=f"{SITE}/blog/"))

    assert found.reader.site == f"{SITE}/blog"
    assert found.posts[0].old_addresses == [f"{SITE}/blog/one/", "/?p=7"]
    assert found.reader.labels()[2].old_addresses[0] == "/blog/category/art/"


def test_a_post_without_a_title_has_the_name_of_its_address_unless_that_is_a_number(read):
    assert (first(read, item(title="", post_name="a-walk")).title, first(read, item(title="")).name) == ("", "one")

    post = first(read, item("<!-- wp:paragraph --><p>A short remark on the weather of this day and of all others</p>",
                            title="", post_name="123"))  # fmt: skip
    assert (post.title, post.name) == ("A short remark on the weather of this day…", "")


def test_a_page_is_a_page_and_is_found_by_its_number(read):
    post = first(read, item(post_type="page", link=f"{SITE}/about/us/", post_name="us"))

    assert (post.kind, post.slug, post.path) == (PAGE, "us", "/about/us/")
    assert post.old_addresses == [f"{SITE}/about/us/", "/?page_id=7", "/?p=7"]


def test_labels_have_their_slugs_descriptions_and_old_addresses(read):
    labels = {label.name: label for label in read(TERMS, item()).reader.labels()}

    assert labels["News & Views"].description == "All that is new."
    assert labels["Film"].old_addresses == ["/category/news/film/", "/category/film/", "/?cat=2"]
    assert (labels["C#"].kind, labels["C#"].slug) == ("tag", "c-sharp")
    assert labels["C#"].old_addresses == ["/tag/c-sharp/", "/?tag=c-sharp"]


@pytest.mark.parametrize(
    ("content", "meta"),
    [
        ("a <!-- wp:premium-content/container --><p>b</p><!-- /wp:premium-content/container -->", []),
        ("a [members_only]b[/members_only]", []),
        ("a", [("_jetpack_newsletter_access", "paid_subscribers")]),
        ("a", [("_members_access_role", "editor")]),
    ],
)
def test_what_only_members_see_in_a_part_is_a_draft(read, content, meta):
    post = first(read, item(content, meta=meta))

    assert (post.status, "only for some readers" in told(post)) == ("draft", True)
    everybody = item("a [member of us] [private]", meta=[("_jetpack_newsletter_access", "everybody")])
    assert first(read, everybody).status == "published"


def test_the_base_of_categories_and_tags_is_the_one_that_links_show(read):
    content = f'<a href="{SITE}/rubrik/art/">x</a> <a href="/rubrik/film">y</a> <a href="/thema/c-sharp/">z</a> ' * 2
    labels = {label.name: label for label in read(TERMS, item(content)).reader.labels()}

    assert labels["Film"].old_addresses[:2] == ["/rubrik/news/film/", "/rubrik/film/"]
    assert "/thema/c-sharp/" in labels["C#"].old_addresses


def test_the_base_of_a_site_in_a_folder_may_have_several_parts(read):
    content = f'<a href="{SITE}/blog/archives/category/news/film/">x</a>'
    labels = read(export__xml=export(TERMS, item(content), site=f"{SITE}/blog")).reader.labels()

    assert labels[2].old_addresses[0] == "/blog/archives/category/art/"


def test_a_summary_without_an_excerpt_is_what_stands_before_more(read):
    assert first(read, item("<p>Before.</p><!--more-->After")).summary == "Before."
    assert first(read, item(f"{'Long. ' * 100}<!--more-->After")).summary == ""


def test_a_digest_changes_with_what_the_post_shows_and_with_nothing_else(read):
    cover, post = [("_thumbnail_id", "20")], item
    one = first(read, post(meta=cover), attachment("20", "cat.jpg"))
    same = first(read, post(meta=[*cover, ("_edit_lock", "1")]), attachment("20", "cat.jpg"), attachment("21", "b.jpg"))
    other = first(read, post(meta=cover), attachment("20", "cat.jpg", alt="A cat"))

    assert one.digest == same.digest != other.digest
