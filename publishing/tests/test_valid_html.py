"""Faults of HTML that no browser shows. `make check-pages` asks the Nu checker about every kind of page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from defusedxml import ElementTree
from django.utils import timezone

from articles.models import Article
from comments.tests.factories import make_comment
from publishing.maintenance import announcements
from publishing.models import Publication
from publishing.sponsors.tests.factories import fill
from publishing.text import markdown
from quizzes.tests.factories import make_quiz, paper_data

from .factories import make_article, make_author
from .test_house_rules import lines_with

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)")
TABLE = "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n\nA paragraph.\n\nAnother one.\n"


def faults(html):
    found = [f"datetime={value}" for value in re.findall(r'datetime="([^"]*)"', html) if not MOMENT.fullmatch(value)]
    hidden = [tag for tag in re.findall(r"<input[^>]*>", html) if 'type="hidden"' in tag and "autocomplete" in tag]
    return found + hidden + re.findall(r"<t[dh] [^>]*\balign=[^>]*>", html)


@pytest.mark.django_db
def test_moments_that_are_not_round_hidden_fields_and_aligned_cells(client, post_from_site):
    announcements.announce("banner", ends_at=timezone.now() + timedelta(hours=1, microseconds=123456))
    article = make_article(body=TABLE, published_at=datetime(2026, 6, 1, 8, 9, 10, 123456, tzinfo=UTC))
    author = make_author()
    author.biography = TABLE
    author.save()
    comment = make_comment(article, status="approved")
    quiz = make_quiz(questions=1)
    result = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Wrong")).headers["Location"]
    pages = [
        client.get(path)
        for path in (
            "/", "/archive/2026/6/", article.get_absolute_url(), author.get_absolute_url(), quiz.get_absolute_url(),
            result, comment.get_receipt_url(), f"/comments/{comment.pk}/report/", "/comments/mine/",
            f"{article.get_absolute_url()}comments/?reply={comment.pk}",
        )
    ]  # fmt: skip
    pages.append(post_from_site(f"{article.get_absolute_url()}comments/", {"name": "", "body": ""}))
    announcements.announce("closed", ends_at=timezone.now() + timedelta(hours=1, microseconds=123456))
    pages.append(client.get("/"))

    assert [page.status_code for page in pages] == [200] * 10 + [422, 503]
    texts = [page.content.decode() for page in pages]
    assert [faults(text) for text in texts] == [[]] * 12
    assert sum("datetime=" in text for text in texts) >= 8


def test_templates_write_moments_with_the_filter_for_them():
    # Templates of Hugo, in an export, begin with a dot.
    ours = r"""datetime="(?!\{\{ (\.|[\w.]+\|(machine_time|date:'Y-m-d') \}\}"))|date:['"]c"""
    assert lines_with(ours, ".html") == []


@pytest.mark.django_db
def test_an_article_that_was_stored_with_align_is_shown_with_classes_and_keeps_its_slots(client):
    fill("article-body")
    article = make_article(body="Words and words.\n\n" * 40 + TABLE + "More words.\n\n" * 40)
    assert '<td align="right">3</td>' in Article.objects.get().html

    html = client.get(article.get_absolute_url()).content.decode()

    assert '<th class="left">a</th>' in html
    assert '<td class="right">3</td>' in html
    assert faults(html) == []
    slots = [(offset, "\n") for offset in article.slot_offsets]
    assert markdown.stored(markdown.interleave(article.html, slots)) == markdown.interleave(article.safe_html, slots)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('<table><tr><td lang="de" align="RIGHT">x</td></tr></table>', '<td lang="de" class="right">'),
        ('<table><tr><th align="justify" scope="row">x</th></tr></table>', '<th scope="row">'),
        ('`<td align="right">`', '<code>&lt;td align="right"&gt;</code>'),
    ],
)
def test_only_cells_and_only_directions_that_the_style_sheet_knows(source, shown):
    assert shown in markdown.render_fragment(source)


@pytest.mark.django_db
def test_every_list_describes_itself_to_search_engines(client):
    Publication.objects.create(description="What we are about.")
    make_article(published_at=datetime(2026, 6, 1, tzinfo=UTC))
    for path in ("/", "/archive/", "/archive/2026/6/", "/quizzes/", "/search/", "/categories/opinion/"):
        html = client.get(path).content.decode()
        described = re.findall(r'<meta name="description" content="([^"]+)">', html)
        assert len(described) == (0 if path.startswith("/categories") else 1), path
        assert len(re.findall(r'<meta property="og:description" content="[^"]+">', html)) == 1


@pytest.mark.django_db
def test_a_refused_form_says_so_in_the_title_of_the_page(client, post_from_site):
    article, quiz = make_article(title="Loops"), make_quiz(title="Ten questions", questions=1)
    comment = make_comment(article, status="approved")
    refused = {
        f"{article.get_absolute_url()}comments/": {"name": "", "body": "", "homepage": ""},
        f"/comments/{comment.pk}/report/": {},
        "/comments/mine/erase/": {},
        quiz.get_absolute_url(): paper_data(quiz),
    }

    for path, data in refused.items():
        answer = post_from_site(path, data)
        assert answer.status_code == 422
        assert "<title> Not sent: " in " ".join(answer.content.decode().split()), path
    for path in (article.get_absolute_url(), quiz.get_absolute_url(), "/comments/mine/", f"/search/?q={'x' * 300}"):
        assert "Not sent:" not in client.get(path).content.decode()


@pytest.mark.django_db
def test_browsers_can_search_here_from_their_address_bar(client):
    Publication.objects.create(name='Fish & "Chips" <weekly>')

    answer = client.get("/opensearch.xml", headers={"host": "testserver"})

    assert answer["Content-Type"] == "application/opensearchdescription+xml"
    names = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    found = ElementTree.fromstring(answer.content)
    assert found.findtext("o:ShortName", namespaces=names) == 'Fish & "Chips" <'
    assert found.find("o:Url", names).get("template") == "http://testserver/search/?q={searchTerms}"
    for path in ("/", "/search/"):
        assert '<link rel="search" href="/opensearch.xml"' in client.get(path).content.decode()
