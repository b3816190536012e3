"""Words, settings and the policy of one article in the admin: permissions, and the effect shown before saving."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments.admin.rules.forms import ThreadForm
from comments.models import Ban, Comment, CommentSettings, Policy, Thread, Word
from comments.tests.factories import comment_url, make_comment, sent
from comments.tests.rule_pages import BAN, ban_data, hidden, is_dry_run, text_of
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db

WORD = "/admin/comments/word/add/"
NEW_SETTINGS = "/admin/comments/commentsettings/add/"
SETTINGS = "/admin/comments/commentsettings/1/change/"


def settings_data(**fields):
    rules = {"policy": "hold", "close_after_days": 0, "trusted_after": 2, "links_held": 2, "report_threshold": 3}
    return rules | {"digest_hours": 4} | fields


# --- looking first ---


def test_a_new_word_is_shown_with_what_it_would_have_caught_before_it_is_saved(client, moderator):
    article = make_article(title="Tides & co")
    make_comment(article, status="approved", name="<b>Ann", body="A <i>ca\u00adsino</i> scene")
    make_comment(article, status="rejected", body="casino")
    make_comment(article, status="approved", body="fine")

    response = client.post(WORD, {"text": "Casino", "severity": "banned", "_save": "Save"})

    html = response.content.decode()
    assert response.status_code == 200
    assert not Word.objects.exists()
    assert "It would have caught 2 of the last 3 decisions: 1 approved, 1 rejected." in text_of(response)
    mark = '<mark title="“Casino” is on the list of banned words.">ca\u00adsino</mark>'
    assert f"A &lt;i&gt;{mark}&lt;/i&gt; scene" in " ".join(html.split())
    assert "&lt;b&gt;Ann" in html and "Tides &amp; co" in html and "<b>Ann" not in html

    saved = client.post(WORD, hidden(response) | {"_confirmed": "Save anyway"})
    assert saved.status_code == 302
    word = Word.objects.get()
    assert (word.text, word.tokens, word.severity, word.created_by) == ("Casino", "casino", "banned", moderator)


def test_going_back_keeps_everything_that_was_typed_and_says_no_error(client, moderator):
    typed = {"text": 'C"asino <b>', "severity": "banned", "_addanother": "x"}
    shown = client.post(WORD, typed)

    back = client.post(WORD, hidden(shown) | {"_back": "Edit again"})

    html = back.content.decode()
    assert hidden(shown) == typed
    assert 'value="C&quot;asino &lt;b&gt;"' in html
    assert '<option value="banned" selected>' in html
    assert "errornote" not in html and "errorlist" not in html
    assert not Word.objects.exists()


def test_with_both_buttons_at_once_nothing_is_saved(client, moderator):
    client.post(WORD, {"text": "casino", "severity": "banned", "_confirmed": "1", "_back": "1"})

    assert not Word.objects.exists()


def test_where_nothing_was_decided_yet_that_is_said(client, moderator):
    response = client.post(WORD, {"text": "casino", "severity": "banned"})

    assert is_dry_run(response) and response.context["effect"].looked_at == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (".*", "at least one letter"), ("\u200b\u200b", "at least one letter"), ("+", "at least one letter"),
        ("", "required"), ("a b c d e f g h i", "at most 8 words"), ("x" * 81, "at most 80"),
        ("CASINО", "“casino” is already on the list"), ("c-a-s-i-n-o", "on the list"), ("a\x00b", "Null"),
        ("two\nlines", "one line"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_refused_in_words(client, moderator, text, words):
    Word.objects.create(text="casino")
    Word.objects.create(text="c a s i n o")

    response = client.post(WORD, {"text": text, "severity": "suspect", "_confirmed": "1"})

    assert response.status_code == 200
    assert words in text_of(response)
    assert Word.objects.count() == 2


def test_a_word_that_looks_like_a_pattern_is_a_word(client, moderator, post_from_site):
    client.post(WORD, {"text": "(a+)+$", "severity": "suspect", "_confirmed": "1"})
    assert Word.objects.get().tokens == "a"

    for number, body in enumerate(["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "such a thing"]):
        post_from_site(comment_url(make_article()), sent(body=body), REMOTE_ADDR=f"192.0.2.{number}")
    assert [comment.is_suspect for comment in Comment.objects.order_by("pk")] == [False, True]


def test_a_changed_word_shows_the_difference_and_an_unchanged_one_nothing(client, moderator):
    make_comment(status="approved", body="casino")
    make_comment(status="approved", body="roulette")
    word = Word.objects.create(text="casino")
    path = reverse("admin:comments_word_change", args=[word.pk])

    changed = client.post(path, {"text": "roulette", "severity": "suspect"})
    effect = changed.context["effect"]
    assert (effect.total, effect.looked_at, effect.let_go) == (1, 2, 1)
    harder = client.post(path, {"text": "casino", "severity": "banned"})
    assert (harder.context["effect"].total, harder.context["effect"].looked_at) == (1, 2)
    assert client.post(path, {"text": "casino", "severity": "suspect"}).status_code == 302


def test_links_are_looked_at_first_and_other_settings_are_not(client, editor):
    make_comment(status="approved", body="See https://a.example")

    shown = client.post(NEW_SETTINGS, settings_data(links_held=1, digest_hours=8))
    assert shown.context["effect"].caught == {"approved": 1}
    assert not CommentSettings.objects.exists()
    assert client.post(NEW_SETTINGS, hidden(shown) | {"_confirmed": "1"}).status_code == 302
    assert (CommentSettings.current().links_held, CommentSettings.current().digest_hours) == (1, 8)

    assert client.post(SETTINGS, settings_data(links_held=1, policy="trust")).status_code == 302
    assert CommentSettings.objects.get().policy == "trust"


@pytest.mark.parametrize(
    "wrong",
    [{"links_held": 0}, {"links_held": 101}, {"policy": "inherit"}, {"close_after_days": 15}, {"trusted_after": -1},
     {"digest_hours": 10**30}, {"report_threshold": "x"}],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(client, editor, wrong):
    response = client.post(NEW_SETTINGS, settings_data(**wrong) | {"_confirmed": "1"})

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not CommentSettings.objects.exists()


def test_there_is_one_row_of_settings(client, editor):
    assert [client.get(path).status_code for path in (NEW_SETTINGS, SETTINGS)] == [200, 302]
    client.post(NEW_SETTINGS, settings_data())

    assert [client.get(path).status_code for path in (NEW_SETTINGS, SETTINGS)] == [403, 200]
    assert client.post(NEW_SETTINGS, settings_data(policy="closed")).status_code == 403
    assert CommentSettings.objects.get().policy == "hold"


# --- one article ---


def article_data(article, **fields):
    data = {name: getattr(article, name) or "" for name in ("title", "slug", "summary", "body")}
    data |= {"category": article.category_id, "series": "", "cover": "", "tags": []}
    return data | fields


def thread_data(**fields):
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "0-policy": "inherit", "0-close_after_days": ""} | fields
    return {f"thread-{name}": value for name, value in rows.items()}


def test_an_editor_gives_one_article_a_policy_of_its_own(client, editor, post_from_site):
    article = make_article()
    path = reverse("admin:articles_article_change", args=[article.pk])
    page = client.get(path).content.decode()
    assert 'name="thread-0-policy"' in page and f'<option value="" selected>{Policy.INHERIT.label}</option>' in page
    client.post(path, article_data(article, **thread_data()))
    assert not Thread.objects.exists(), "nothing was changed"

    saved = client.post(
        path, article_data(article, **thread_data(**{"0-policy": "closed", "0-close_after_days": "14"}))
    )
    assert saved.status_code == 302
    thread = Thread.objects.get()
    assert (thread.policy, thread.close_after_days, thread.comment_count) == ("closed", 14, 0)
    assert post_from_site(comment_url(article), sent()).status_code == 403

    again = {"INITIAL_FORMS": 1, "0-policy": "inherit", "0-close_after_days": "", "0-article": article.pk}
    assert client.post(path, article_data(article, **thread_data(**again))).status_code == 302
    assert (Thread.objects.get().policy, Thread.objects.get().close_after_days) == ("inherit", None)
    assert post_from_site(comment_url(article), sent()).status_code == 303


def test_a_change_of_policy_purges_the_articles_page(monkeypatch):
    article = make_article()
    purged = []
    monkeypatch.setattr("publishing.cache.pages.invalidate", lambda *names: purged.extend(names))

    ThreadForm({"policy": "closed"}, instance=Thread(article=article)).save()
    assert purged == [f"thread:{article.pk}"]


def test_an_article_saved_without_that_part_keeps_its_policy(client, editor):
    article = make_article()
    Thread.objects.create(article=article, policy="trust", comment_count=0)

    path = reverse("admin:articles_article_change", args=[article.pk])
    token = client.get(path).context["adminform"].form.initial["token"]
    saved = client.post(path, article_data(article, title="New", token=token, step="publish"))
    assert saved.status_code == 302
    assert (Article.objects.get().title, Thread.objects.get().policy) == ("New", "trust")


@pytest.mark.parametrize(
    "wrong", [{"0-policy": "open"}, {"0-close_after_days": "15"}, {"0-policy": ""}, {"TOTAL_FORMS": "x"}]
)
def test_a_policy_that_there_is_not_is_refused(client, editor, wrong):
    article = make_article()

    response = client.post(
        reverse("admin:articles_article_change", args=[article.pk]), article_data(article, **thread_data(**wrong))
    )
    assert response.status_code == 200
    assert not Thread.objects.filter(policy="open").exists()


def test_an_author_sees_and_changes_no_policy(client):
    user = make_user("author")
    client.force_login(user)
    article = make_article(status="draft", authors=[make_author(user=user)])
    path = reverse("admin:articles_article_change", args=[article.pk])
    assert "thread-0-policy" not in client.get(path).content.decode()

    client.post(path, article_data(article, **thread_data(**{"0-policy": "closed"})))
    assert not Thread.objects.exists()


# --- who gets there ---


def test_moderators_see_words_and_bans_and_editors_the_settings(client, moderator):
    front = client.get("/admin/").content.decode()
    assert "/admin/comments/word/" in front and "/admin/comments/ban/" in front
    assert "commentsettings" not in front and "/admin/articles/" not in front

    client.force_login(make_user("editor"))
    front = client.get("/admin/").content.decode()
    assert "/admin/comments/word/" not in front and "/admin/comments/ban/" not in front
    assert "commentsettings" in front


@pytest.mark.parametrize("role", ["author", "editor"])
def test_who_does_not_moderate_bans_nobody(client, role):
    client.force_login(make_user(role))

    assert client.post(BAN, ban_data(_confirmed="1")).status_code == 403
    assert client.post(WORD, {"text": "x", "severity": "banned", "_confirmed": "1"}).status_code == 403
    assert client.get(f"{BAN}?comment=1&kind=reader").status_code == 403
    assert not Ban.objects.exists() and not Word.objects.exists()


def test_a_moderator_changes_no_settings(client, moderator):
    assert client.get(NEW_SETTINGS).status_code == 403
    assert client.post(NEW_SETTINGS, settings_data(policy="closed", _confirmed="1")).status_code == 403
    assert not CommentSettings.objects.exists()


@pytest.mark.parametrize("label", ["word", "ban"])
def test_strange_lookups_are_answered_clearly(client, moderator, label):
    path = f"/admin/comments/{label}/"

    assert client.get(path + "?q=%25_%5C'").status_code == 200
    for query in ("?value__startswith=a", "?tokens__regex=((", "?created_by__password__startswith=p", "?o=99999"):
        assert client.get(path + query).status_code in (200, 302, 400)


@pytest.mark.parametrize("path", ["/admin/comments/word/", "/admin/comments/ban/"])
def test_an_empty_list_of_rules_says_what_they_do_instead_of_counting_nothing(client, moderator, path):
    page = client.get(path).content.decode()

    assert 'id="nothing"' in page and f'href="{path}add/"' in page
    assert 'id="nav-sidebar"' not in page and 'id="changelist-search"' not in page
    assert "Show all" not in page and "result_list" not in page


def test_a_list_of_words_can_be_narrowed_and_says_when_nothing_is_left(client, moderator):
    Word(text="casino", severity="banned", created_by=moderator).save()
    path = "/admin/comments/word/"

    page = client.get(path).content.decode()
    assert "casino" in page and "Reject the comment" in page and f" by {moderator.username}" in page
    assert re.search(r'class="paginator">\s*1\s+word\s*</p>', page) and 'id="changelist-filter"' not in page

    for query in ("?severity__exact=suspect", "?q=roulette"):
        page = client.get(path + query).content.decode()
        assert 'id="no-results"' in page and f'<a href="{path}">Show all</a>' in page
        assert 'id="changelist-search"' in page


def test_the_list_of_bans_says_when_each_ends(client, moderator):
    ends = {"No end date": None, "Until": timezone.now() + timedelta(days=3), "Ended": timezone.now()}
    for number, end in enumerate(ends.values()):
        Ban(kind="email", value=str(number), label="x", reason="y", expires_at=end, created_by=moderator).save()

    page = client.get("/admin/comments/ban/").content.decode()

    for words, end in ends.items():
        assert f"{words} {end:%-d %B %Y}" in page if end else words in page
