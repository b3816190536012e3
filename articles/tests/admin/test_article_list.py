from datetime import UTC, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Tag
from articles.versions import saving, steps
from publishing.tests.factories import make_article, make_author, make_category, make_user
from publishing.tests.rows import failures

pytestmark = pytest.mark.django_db
LIST = reverse("admin:articles_article_changelist")


def listed(client, **query):
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return [article.title for article in answer.context["cl"].result_list]


def type_into(article, by, **changes):
    """What autosave stores."""
    now = saving.current(saving.locked(article.pk))
    saving.save_working(now, now.fields | changes, by=by, token=now.digest)


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def test_what_was_last_worked_on_comes_first_whether_it_was_saved_or_only_typed(client, editor):
    first, second, third = [make_article(title=title) for title in ("First", "Second", "Third")]
    assert listed(client) == ["Third", "Second", "First"]

    type_into(first, editor, body="Typed.")
    assert listed(client, whose="all") == ["First", "Third", "Second"]

    steps.archive(second, by=editor)
    assert listed(client, whose="all") == ["Second", "First", "Third"]

    steps.discard(first, by=editor)
    assert listed(client, whose="all") == ["Second", "Third", "First"]


def test_every_page_has_its_rows_in_one_order(client, editor, monkeypatch):
    monkeypatch.setattr("articles.admin.articles.ArticleAdmin.list_per_page", 3)
    articles = [make_article(title=f"{number}") for number in range(8)]
    for number in (2, 5):
        type_into(articles[number], editor, body="Typed.")

    pages = [listed(client, whose="all", p=number) for number in (1, 2, 3)]

    assert pages == [["5", "2", "7"], ["6", "4", "3"], ["1", "0"]]


def test_an_author_opens_what_is_theirs_and_finds_what_is_public_under_all(client):
    user = make_user("author")
    make_article(title="Mine", status="draft", published_at=None, authors=[make_author(user=user)])
    make_article(title="Published")
    make_article(title="Draft of another", status="draft", published_at=None)
    client.force_login(user)

    assert listed(client) == ["Mine"]
    assert listed(client, whose="all") == ["Published", "Mine"]
    assert listed(client, q="paragraph") == ["Published", "Mine"]


def test_what_an_editor_changes_in_the_text_of_another_is_theirs_too(client, editor):
    article = make_article(title="Of another")
    make_article(title="Untouched")
    type_into(article, editor, body="Typed.")

    assert listed(client) == ["Of another"]


def test_filters_choose_by_state_category_author_tag_and_date(client, editor):
    ines, tag = make_author(), Tag.objects.create(name="http", slug="http")
    now = timezone.now()
    wanted = make_article(
        title="Wanted", category=make_category("Tools"), authors=[ines], tags=[tag], published_at=now - timedelta(9)
    )
    make_article(title="Draft", status="draft", published_at=None)
    make_article(title="Coming", published_at=now + timedelta(9))
    make_article(title="Old", published_at=now - timedelta(99))
    day = timezone.localdate(wanted.published_at).isoformat()
    queries = {
        "category": ({"category": wanted.category_id}, ["Wanted"]),
        "author": ({"author": ines.pk}, ["Wanted"]),
        "tag": ({"tag": tag.pk}, ["Wanted"]),
        "date": ({"since": day, "until": day}, ["Wanted"]),
        "draft": ({"state": "draft"}, ["Draft"]),
        "scheduled": ({"state": "scheduled"}, ["Coming"]),
        "with a search": ({"tag": tag.pk, "q": "paragraph"}, ["Wanted"]),
        "not a date": ({"since": "soon"}, []),
        "not a tag": ({"tag": "x"}, []),
    }

    def check(name):
        query, titles = queries[name]
        assert listed(client, **query) == titles

    assert failures(queries, check) == {}


def test_the_search_finds_words_of_a_body_in_drafts_too(client, editor):
    make_article(title="About caches", status="draft", published_at=None, body="Then `lru_cache` forgets a café.")
    make_article(title="Something else")

    assert listed(client, q="cafe forgets") == ["About caches"]
    assert "Clear the filters" in client.get(LIST, {"q": "nowhere"}).content.decode()


def test_states_are_said_in_words_with_their_moment(client, editor):
    eve = timezone.datetime(2099, 12, 24, 6, tzinfo=UTC)
    june = timezone.datetime(2026, 6, 9, 8, tzinfo=UTC)
    make_article(published_at=eve)
    make_article(status="review", published_at=None)
    changed = make_article(published_at=june)
    type_into(changed, editor, body="Typed.")

    html = client.get(LIST, {"whose": "all"}).content.decode()

    for words in (
        "Scheduled Thu 24 Dec 2099, 06:00 UTC",
        "In review",
        "Published Tue 9 Jun 2026, 08:00 UTC, changes unpublished",
        f"by {editor.username}",
    ):
        assert words in html


def test_the_list_costs_twelve_queries_and_reads_no_body(client, count_queries):
    user = make_user("author")
    for number in range(12):
        article = make_article(authors=[make_author(user=user if number == 0 else None)])
        type_into(article, user, body="Typed.")
    client.force_login(user)
    for query in ({}, {"whose": "all"}, {"q": "paragraph"}, {"q": "paragraph", "category": make_category().pk}):
        client.get(LIST, query)
        with count_queries() as queries:
            assert listed(client, **query)
        assert len(queries) <= 12, queries
        assert not [sql for sql in queries if '."body"' in sql.split("FROM")[0] or '."fields"' in sql]


def test_the_filters_have_the_scripts_that_choose_by_typing(client, editor):
    html = client.get(LIST).content.decode()

    assert "admin/js/autocomplete" in html
    assert 'data-placeholder="Any author"' in html


def test_archiving_leaves_an_article_in_the_list(client, editor):
    make_article(title="Old")
    Article.objects.get().archive(by=editor)

    assert listed(client, state="archived", whose="all") == ["Old"]
