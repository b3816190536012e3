import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture

from articles.models import PREVIEW_SALT, Series, Tag, update_related
from articles.models.shown import labels_changing
from publishing.cache.values import CachedValue
from publishing.tests.factories import make_article, make_author, make_category, make_user

pytestmark = pytest.mark.django_db

BODY = """
An opening paragraph.

## What it gives you

- **Routing**: an address and its function.

### 1. The first page is free

```python
def app():
    return "hello"  # done
```
"""


def structured_data(html, kind):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return next(data for data in map(json.loads, blocks) if data["@type"] == kind)


def page_of(client, article):
    return client.get(article.get_absolute_url()).content.decode()


def test_every_part_of_the_head_is_there_in_its_order(client):
    moment = timezone.datetime(2026, 6, 9, 8, tzinfo=timezone.get_default_timezone())
    article = make_article(
        title="The smallest framework", summary="That is the lesson.", body=BODY, published_at=moment,
        authors=[make_author("Ines Okafor")],
    )  # fmt: skip

    html = page_of(client, article)

    parts = [
        "Opinion",
        "The smallest framework</h1>",
        "That is the lesson.",
        "9 June 2026",
        "1 min read",
    ]
    places = [html.index(part, html.index("<main")) for part in parts]
    assert places == sorted(places)
    assert "0 views" not in html


def test_views_and_hearts_are_shown_as_soon_as_one_is_not_zero(client):
    article = make_article()
    article.counts.views = 1
    article.counts.save()

    html = page_of(client, article)

    assert "1 view<" in html
    assert "0 hearts<" in html


def test_the_body_has_headings_lists_with_bold_lead_ins_and_highlighted_code(client):
    html = page_of(client, make_article(body=BODY))

    assert '<h2 id="what-it-gives-you">What it gives you<' in html
    assert '<h3 id="1-the-first-page-is-free">1. The first page is free<' in html
    assert "<li><strong>Routing</strong>: an address" in html
    assert '<span class="k">def </span><span class="f">app</span>' in html


@pytest.mark.parametrize("status", ["draft", "review", "archived"])
def test_what_is_not_published_is_not_there(client, status):
    assert client.get(make_article(status=status).get_absolute_url()).status_code == 404


def test_a_scheduled_article_goes_live_by_the_clock_alone(client, clock):
    article = make_article(published_at=timezone.now() + timedelta(minutes=5))
    assert client.get(article.get_absolute_url()).status_code == 404

    clock.shift(timedelta(minutes=5, seconds=1))

    assert client.get(article.get_absolute_url()).status_code == 200
    assert article.title in client.get("/").content.decode()


def test_a_page_is_not_kept_beyond_the_next_publication(client):
    shown = make_article()
    make_article(published_at=timezone.now() + timedelta(seconds=90))

    control = client.get(shown.get_absolute_url())["Cache-Control"]

    assert 85 <= int(re.search(r"s-maxage=(\d+)", control)[1]) <= 90


def test_machines_are_told_title_author_dates_and_the_way_from_the_home_page(client):
    article = make_article(
        title="Once", authors=[make_author("Ines Okafor")], tags=[Tag.objects.create(name="http", slug="http")]
    )

    html = page_of(client, article)
    data = structured_data(html, "Article")
    trail = structured_data(html, "BreadcrumbList")

    assert data["headline"] == "Once"
    assert data["author"][0]["name"] == "Ines Okafor"
    assert data["datePublished"] == article.published_at.isoformat()
    assert data["keywords"] == ["http"]
    assert [step["position"] for step in trail["itemListElement"]] == [1, 2, 3]
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in html
    assert '<meta property="og:title" content="Once">' in html
    assert f'<meta property="og:image" content="http://testserver{article.get_absolute_url()}card-' in html


def test_what_was_published_elsewhere_first_names_that_address(client):
    article = make_article(canonical_url="https://elsewhere.example/once/")

    html = page_of(client, article)

    assert '<link rel="canonical" href="https://elsewhere.example/once/">' in html


def test_a_title_cannot_break_out_of_any_context(client):
    html = page_of(client, make_article(title='</script><script>alert(1)</script>" onload="x'))

    assert "<script>alert" not in html
    assert '" onload="' not in html


def shared_image(client, article):
    html = page_of(client, article)
    return re.search(r'property="og:image" content="http://testserver([^"]+)"', html)[1]


def test_the_sharing_card_is_a_picture(client):
    answer = client.get(make_article().get_absolute_url() + "card.png")

    picture = Picture.open(BytesIO(answer.content))
    assert answer["Content-Type"] == "image/png"
    assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_a_sharing_card_is_cached_for_a_year_at_a_versioned_address(client):
    article = make_article()

    address = shared_image(client, article)
    article.title = "Another title"
    article.save()
    changed = shared_image(client, article)

    assert address != changed
    assert client.get(address).status_code == 302
    assert client.get(address)["Location"] == changed
    cached = client.get(changed)
    assert {"public", "max-age=31536000", "immutable"} <= set(cached["Cache-Control"].split(", "))
    assert cached.content == client.get(article.get_absolute_url() + "card.png").content
    article.archive(by=None)
    assert client.get(changed).status_code == 410


def test_a_series_links_to_the_parts_before_and_after(client):
    series = Series.objects.create(title="HTTP by hand", slug="http-by-hand")
    first, second, third = (
        make_article(title=f"Part {number}", series=series, series_position=number) for number in (1, 2, 3)
    )

    html = page_of(client, second)

    assert first.get_absolute_url() in html
    assert third.get_absolute_url() in html
    assert series.get_absolute_url() in html


def related(client, article):
    return client.get(article.get_absolute_url()).context["related"]


def test_related_articles_share_tags_first_and_category_next_and_are_never_missing(client):
    http = Tag.objects.create(name="http", slug="http")
    article = make_article(tags=[http])
    same_category = make_article()
    same_tag = make_article(
        tags=[http], category=make_category("Tools"), published_at=timezone.now() - timedelta(days=99)
    )
    newest = make_article(category=make_category("Practice"))
    make_article(tags=[http], status="draft")

    assert related(client, article) == [same_tag, same_category, newest]


def test_an_article_is_related_to_a_newer_one_and_to_one_that_got_its_tags_later(client):
    http, wsgi = (Tag.objects.create(name=name, slug=name) for name in ("http", "wsgi"))
    old = make_article(tags=[http, wsgi], published_at=timezone.now() - timedelta(days=99))
    for _ in range(8):
        other = make_article(category=make_category("Tools"))
    newer = make_article(tags=[http])

    assert related(client, old)[0] == newer
    with labels_changing(other):
        other.tags.set([http, wsgi])
    update_related(other)
    assert related(client, old)[:2] == [other, newer]
    assert related(client, other)[0] == old


def test_pages_change_with_their_related_articles_and_not_with_a_draft():
    http = Tag.objects.create(name="http", slug="http")
    pages = [CachedValue(object, names=(f"article:{make_article(tags=[http]).pk}",)) for _ in range(4)]
    before = [page.get() for page in pages]

    make_article(tags=[http], status="draft")
    assert [page.get() for page in pages] == before
    make_article(tags=[http])
    assert not set(before) & {page.get() for page in pages}


def test_a_related_article_appears_by_the_clock_and_disappears_when_archived(client, clock):
    http = Tag.objects.create(name="http", slug="http")
    article = make_article(tags=[http])
    others = [make_article() for _ in range(3)]
    scheduled = [
        make_article(tags=[http], published_at=timezone.now() + timedelta(minutes=minute)) for minute in range(1, 8)
    ]

    assert related(client, article) == others[::-1]
    clock.shift(timedelta(minutes=1, seconds=1))
    assert related(client, article) == [scheduled[0], *others[:0:-1]]
    scheduled[0].archive(by=None)
    assert related(client, article) == others[::-1]
    others[2].delete()
    assert related(client, article) == others[1::-1]


def test_an_author_without_a_login_has_a_page(client):
    author = make_author("Jonas Hallberg")
    article = make_article(authors=[author])

    html = client.get(author.get_absolute_url()).content.decode()

    assert "Jonas Hallberg" in html
    assert article.title in html


def test_a_preview_link_shows_a_draft_to_someone_without_an_account_for_seven_days(client, clock):
    address = make_article(status="draft", title="Half done").get_preview_url()

    answer = client.get(address)

    assert "Half done" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"
    clock.shift(timedelta(days=7, seconds=1))
    assert client.get(address).status_code == 404


def test_a_preview_link_does_not_outlive_the_archiving_of_its_article(client):
    article = make_article(title="Taken down")
    before = article.get_preview_url()
    article.archive(by=None)

    answer = client.get(before)
    assert (answer.status_code, answer["Cache-Control"]) == (410, "private, no-store")
    assert "Taken down" not in answer.text
    assert "Taken down" in client.get(article.get_preview_url()).text, "an editor may still look at it"


def test_a_preview_link_of_before_they_ended_with_the_article_is_not_valid(client):
    old = signing.dumps(make_article(status="draft").pk, salt=PREVIEW_SALT)

    assert client.get(reverse("articles:preview", args=[old])).status_code == 404


def test_a_tampered_preview_link_shows_nothing(client):
    address = make_article(status="draft").get_preview_url()

    assert client.get(address[:-3] + "xx/").status_code == 404


def test_editor_and_stranger_get_the_same_bytes_of_a_public_page(client):
    article = make_article()
    stranger = client.get(article.get_absolute_url())
    client.force_login(make_user("editor"))

    editor = client.get(article.get_absolute_url())

    assert editor.content == stranger.content
    assert editor["ETag"] == stranger["ETag"]
    assert not editor.cookies


def test_the_end_says_who_wrote_it_in_one_sentence_and_where_they_are(client):
    author = make_author("Ines Okafor")
    author.biography = "Ines edits *Opinion* for J. Doe & Co. She changed her mind about tabs. Twice."
    author.link_lines = "Her site https://ines.example/"
    author.save()
    article = make_article(authors=[author], tags=[Tag.objects.create(name="http", slug="http")])

    html = page_of(client, article)
    end = html[html.index('class="spread end"') : html.index('id="comments"')]

    assert "<p>Ines edits Opinion for J. Doe &amp; Co.</p>" in end
    assert 'href="https://ines.example/"' in end
    places = [end.index(part) for part in ('id="hearts"', "/tags/http/", "Ines Okafor</a></h2>")]
    assert places == sorted(places)

    author.biography = "Another one."
    author.save()
    assert "<p>Another one.</p>" in page_of(client, article)
