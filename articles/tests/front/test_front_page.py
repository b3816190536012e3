"""What stands where on the front page, for readers."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, FrontPage
from articles.models.counts import count_view
from comments.models import Status
from comments.moderation import decisions
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article, make_author, make_category, make_user
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db


def fill(number, **fields):
    """Articles "No. 1" to "No. number", the newest first."""
    now = timezone.now()
    return [
        make_article(title=f"No. {n}", published_at=now - timedelta(days=n), **fields) for n in range(1, number + 1)
    ]


def parts(client):
    """The titles in each part of the front page, and whether the part is there."""
    main = client.get("/").content.decode().partition("<main")[2].partition("</main>")[0]
    pieces = re.split(
        r'(class="frame front|class="shelf stack|<ul class="list"|class="band|id="latest|id="ranking|id="quizzes)', main
    )
    names = {'class="frame front': "lead", 'class="shelf stack': "seconds", '<ul class="list"': "headlines"}
    found = {}
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        name = names.get(name, name.replace('class="', "").replace('id="', ""))
        found[name] = re.findall(r"<h[23][^>]*>\s*<a[^>]*>([^<]+)</a>", text)
    return found


def titles(*numbers):
    return [f"No. {number}" for number in numbers]


def test_an_empty_publication_says_so(client):
    answer = client.get("/")

    assert answer.status_code == 200
    assert "No articles yet" in answer.text


def test_what_is_empty_is_left_out(client):
    fill(1)
    assert parts(client) == {"lead": titles(1)}

    for number, expected in {3: {"lead", "seconds"}, 8: {"lead", "seconds", "headlines"}}.items():
        fill(number - Article.objects.count())
        assert set(parts(client)) == expected


def test_articles_stand_in_the_order_of_importance_and_none_twice(client):
    fill(14)
    opinion = make_category("Column")
    for number in range(5):
        make_article(
            title=f"Column {number}", category=opinion, authors=[make_author("Noor Haddad")],
            published_at=timezone.now() - timedelta(days=20 + number),
        )  # fmt: skip
    FrontPage(opinion=opinion).save()
    make_quiz(title="A quiz")

    assert parts(client) == {
        "lead": titles(1),
        "seconds": titles(2, 3),
        "headlines": titles(4, 5, 6, 7, 8),
        "band": ["Noor Haddad", "Column 0", "Column 1", "Column 2"],
        "latest": titles(9, 10, 11, 12, 13, 14),
        "quizzes": ["A quiz"],
    }
    older = client.get("/?page=2").text
    assert re.findall(r"<h2>\s*<a[^>]*>([^<]+)</a>", older) == ["Column 3", "Column 4"]
    assert client.get("/?page=3").status_code == 404


def test_a_band_leaves_articles_to_the_top_of_a_small_publication(client):
    fill(4)
    FrontPage(opinion=make_category("Opinion")).save()

    assert parts(client) == {"lead": titles(1), "seconds": titles(2, 3), "band": ["No. 4"]}


def test_the_newest_featured_article_leads_until_editors_choose_another_one(client):
    articles = fill(9)
    Article.objects.filter(title="No. 5").update(featured=True)
    assert parts(client)["lead"] == titles(5)

    FrontPage(lead=articles[8], second=articles[6]).save()
    top = parts(client)

    assert (top["lead"], top["seconds"], top["headlines"]) == (titles(9), titles(7, 1), titles(2, 3, 4, 5, 6))


def test_a_choice_ends_at_its_moment_and_never_shows_what_is_not_public(client, clock):
    articles = fill(4)
    draft = make_article(title="A draft", status="draft")
    FrontPage(lead=articles[3], lead_until=timezone.now() + timedelta(minutes=2), second=draft).save()

    answer = client.get("/")
    assert parts(client)["lead"] == titles(4)
    assert "A draft" not in answer.text
    assert int(re.search(r"s-maxage=(\d+)", answer.headers["Cache-Control"])[1]) <= 120

    clock.shift(timedelta(minutes=2, seconds=1))
    assert parts(client)["lead"] == titles(1)


def test_cards_say_who_wrote_it_the_whole_day_and_how_many_comments_there_are(client):
    article = make_article(authors=[make_author("Mei Castellan"), make_author("Rafael Lund")])
    comment = make_comment(article, status=Status.APPROVED)
    card = client.get("/").text
    day = f"{article.published_at.day} {article.published_at:%B %Y}"

    assert "Mei Castellan and Rafael Lund" in card
    assert f">{day}</time>" in card
    assert f'<a href="{article.get_absolute_url()}#comments">1 comment</a>' in card

    decisions.remove(comment, by=None)
    silent = client.get("/").text.partition("<main")[2]

    assert "0 comments" not in silent
    assert "0 views" not in silent
    assert 'id="comments"' in client.get(article.get_absolute_url()).text


def test_the_ranking_is_of_this_week_and_changes_by_the_hour(client, clock):
    articles = fill(12)

    def read(*read_articles):
        for number, article in enumerate(read_articles):
            count_view(article, [f"reader {number} {timezone.now()}"])

    read(articles[2], articles[2], articles[2], articles[7])
    assert "ranking" not in parts(client)

    clock.shift(timedelta(hours=1))
    read(articles[11])
    assert parts(client)["ranking"] == titles(3, 12, 8)
    read(articles[11], articles[11], articles[11])
    assert parts(client)["ranking"] == titles(3, 12, 8)

    clock.shift(timedelta(hours=1))
    assert parts(client)["ranking"] == titles(12, 3, 8)

    clock.shift(timedelta(days=8))
    assert "ranking" not in parts(client)


# --- the form in the admin ---


@pytest.fixture
def desk(client):
    client.force_login(make_user("editor"))
    return client


def send(desk, **values):
    page = desk.get(reverse("admin:articles_frontpage_changelist"), follow=True)
    return desk.post(page.redirect_chain[-1][0], values), page.text


def test_editors_choose_lead_and_seconds_and_see_what_is_at_the_top(desk):
    articles = fill(5)
    FrontPage().save()

    answer, _ = send(desk, lead=articles[3].pk, lead_until_0="2999-01-01", lead_until_1="12:00", third=articles[4].pk)

    assert answer.status_code == 302
    assert parts(desk)["lead"] == titles(4)
    assert parts(desk)["seconds"] == titles(1, 5)
    _, page = send(desk)
    assert re.findall(r">(No\. \d)</a>, ([a-z ]+)<", page) == [
        ("No. 4", "chosen"), ("No. 1", "by the clock"), ("No. 5", "chosen"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"lead": 0, "third": 0}, "Choose each article for one place."),
        ({"lead_until_0": "soon"}, "Enter a valid date."),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_is_stored(desk, values, sentence):
    article = fill(1)[0]
    FrontPage().save()

    answer, _ = send(desk, **{name: article.pk if value == 0 else value for name, value in values.items()})

    assert sentence in answer.text
    assert FrontPage.objects.filter(lead=None, third=None, lead_until=None).exists()


def test_the_first_choice_makes_the_row(desk):
    article = fill(2)[1]

    send(desk, second=article.pk)

    assert FrontPage.objects.get().second == article
