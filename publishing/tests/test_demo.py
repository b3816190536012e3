"""What the demo publication shows of pictures, faces and slots."""

import re
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from articles.models import Article, Author, Image, Page
from publishing.management.commands.load_demo import OPINION
from publishing.sponsors.models import Slot
from publishing.tests.factories import make_article

WITH_COVER = ("git-bisect-while-the-tea-brews", "the-log-line-you-will-want-at-3-a-m", "caching-is-a-conversation")
WITH_FIGURE = (
    "a-request-is-a-paragraph-of-text",
    "read-the-traceback-from-the-bottom",
    "what-a-cookie-promises",
)
ALL = [*WITH_COVER, *WITH_FIGURE, "why-a-dict-remembers-its-order", "transactions-locks-and-lost-updates"]


def read(site, path):
    return urlopen(f"{site.url}{path}").read().decode()


@pytest.mark.parametrize("slug", ALL)
def test_an_article_has_drawn_pictures_with_alternative_text_and_a_credit(site, slug):
    article = read(site, f"/articles/{slug}/").partition("<article")[2].partition("</article>")[0]

    assert re.search(r'<img src="/media/[^"]+" alt="[^"]{20,}"', article)
    assert "Drawn for The Indent" in article


def test_one_article_has_a_slot_and_has_been_read_and_nothing_else(site):
    opinion, other, home = (read(site, path) for path in (f"/articles/{OPINION}/", f"/articles/{ALL[0]}/", "/"))

    assert re.findall(r'<aside class="slot slot-([a-z-]+)"', opinion) == ["article-top", "article-top"]
    assert "until AdSense is connected" in opinion
    assert 'class="slot' not in other + home


def test_every_author_has_a_face_and_a_link(site):
    for slug in ("ines-okafor", "jonas-hallberg", "mei-castellan", "rafael-lund"):
        page = read(site, f"/authors/{slug}/")
        assert re.search(r'<img class="face[^"]*"\s+src="/media/[0-9a-f]+\.webp" alt=""', page)
        assert re.search(r'<a href="https://[^"]+" rel="me noopener">', page)


def test_the_pages_of_the_templates_are_filled_in_and_the_head_has_six_entries(site):
    home = read(site, "/")

    for path in ("/about/", "/imprint/", "/privacy/"):
        assert "Fill in" not in read(site, path)
        assert f'href="{path}"' in home.partition('class="colophon"')[2]
    menu = home.partition("<nav")[2].partition("</nav>")[0]
    # Once in the line, and once in the menu of narrow windows.
    assert list(dict.fromkeys(re.findall(r">(\w+)</a>", menu))) == [
        "Opinion",
        "Practice",
        "Tools",
        "Internals",
        "Quizzes",
        "About",
    ]


@pytest.mark.django_db
def test_a_publication_that_has_an_article_is_not_changed_by_the_next_start(capsys):
    article, slots = make_article(title="Ours"), list(Slot.objects.values())

    call_command("prepare_demo")

    assert list(Article.objects.all()) == [article]
    assert (Author.objects.count(), Image.objects.count(), Page.objects.count()) == (0, 0, 0)
    assert list(Slot.objects.values()) == slots
    assert "Demo logins" not in capsys.readouterr().out
