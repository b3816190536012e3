"""What is typed is saved, merged with what others saved, and readers see it when it is published."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
NEW = reverse("admin:articles_article_autosave_new")


def autosave_url(article):
    return reverse("admin:articles_article_autosave", args=[article.pk])


def change_url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


class Tab:
    """A form of an article that someone has open."""

    def __init__(self, client, user, article):
        client.force_login(user)
        self.client, self.article = client, article
        self.form = client.get(change_url(article)).context["adminform"].form
        version = self.form.version
        self.fields = {name: value for name, value in version.fields.items() if value not in (None, False)}
        self.fields["byline"] = self.fields.pop("authors")
        self.fields["token"] = version.digest

    def autosave(self, **typed):
        answer = self.client.post(autosave_url(self.article), self.fields | typed)
        if answer.status_code == 200:
            self.fields |= typed | {"token": answer.json()["token"]}
        return answer

    def press(self, step, **typed):
        return self.client.post(change_url(self.article), self.fields | typed | {"step": step, "at_0": "", "at_1": ""})


@pytest.fixture
def open_tab(django_db_blocker):
    def open_it(article, role="editor", user=None):
        return Tab(Client(headers={"host": "127.0.0.1"}), user or make_user(role), article)

    return open_it


def versions(article):
    return list(article.versions.order_by("number").values_list("state", "kind", "fields__body"))


def test_what_is_typed_into_a_live_article_is_saved_and_readers_see_it_when_it_is_published(open_tab, client):
    article = make_article(body="Live.")
    tab = open_tab(article)

    tab.autosave(body="Typed.")
    assert "Live." in client.get(article.get_absolute_url()).content.decode()
    assert open_tab(article).form.initial["body"] == "Typed."

    tab.press("publish")
    assert "Typed." in client.get(article.get_absolute_url()).content.decode()
    assert versions(article) == [("old", "first", "Live."), ("live", "published", "Typed.")]


def test_many_saves_are_one_version_and_no_entry_in_the_log(open_tab):
    article = make_article(body="Live.")
    tab = open_tab(article)

    for number in range(20):
        assert tab.autosave(body=f"Typed {number}.").status_code == 200

    assert versions(article) == [("live", "first", "Live."), ("working", "autosaved", "Typed 19.")]
    assert not LogEntry.objects.exists()


def test_two_people_who_change_different_paragraphs_both_find_their_text(open_tab):
    article = make_article(status="draft", published_at=None, body="One.\n\nTwo.\n\nThree.")
    one, two = open_tab(article), open_tab(article)

    one.autosave(body="One!\n\nTwo.\n\nThree.", summary="Of one.")
    answer = two.autosave(body="One.\n\nTwo.\n\nThree!")

    assert answer.json()["fields"]["body"] == "One!\n\nTwo.\n\nThree!"
    assert answer.json()["fields"]["summary"] == "Of one."


def test_the_same_paragraph_is_a_conflict_with_both_texts_and_both_stay_in_the_history(open_tab):
    article = make_article(status="draft", published_at=None, body="One.\n\nTwo.")
    one, two = open_tab(article), open_tab(article)

    one.autosave(body="One of one.\n\nTwo.")
    answer = two.autosave(body="One of two.\n\nTwo.")

    assert answer.status_code == 409
    piece = answer.json()["conflict"]["body"][0]
    assert (piece["mine"].strip(), piece["theirs"].strip()) == ("One of two.", "One of one.")
    bodies = set(article.versions.values_list("fields__body", flat=True))
    assert bodies >= {"One of one.\n\nTwo.", "One of two.\n\nTwo."}

    # With the token of the other text, the choice is saved.
    assert two.autosave(body="One of two.\n\nTwo.", token=answer.json()["token"]).status_code == 200
    assert open_tab(article).form.initial["body"] == "One of two.\n\nTwo."


def test_a_text_that_no_version_has_is_asked_for_before_it_is_merged(open_tab):
    article = make_article(status="draft", published_at=None, body="One.\n\nTwo.\n\nThree.")
    one = open_tab(article)
    one.autosave(body="Once.\n\nTwo.\n\nThree.")
    two = open_tab(article, user=make_user("editor"))
    base = [("title", article.title), ("slug", article.slug), ("summary", article.summary)]
    base += [("category", article.category_id), ("body", "Once.\n\nTwo.\n\nThree.")]
    one.autosave(body="Once more.\n\nTwo.\n\nThree.")

    assert two.autosave(body="Once.\n\nTwo.\n\nThird.").json() == {"base": None}
    answer = two.autosave(body="Once.\n\nTwo.\n\nThird.", base=json.dumps(base))
    assert answer.status_code == 200, answer.json()
    assert answer.json()["fields"]["body"] == "Once more.\n\nTwo.\n\nThird."


def test_a_form_that_is_stale_is_shown_again_with_both_texts(open_tab):
    article = make_article(body="One.")
    one, two = open_tab(article), open_tab(article)
    one.press("publish", body="One of one.")

    answer = two.press("publish", body="One of two.")

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Someone else saved this article" in html
    assert "One of one." in html
    assert "One of two." in html
    article.refresh_from_db()
    assert article.body == "One of one."
    again = two.press("publish", body="One of two.", token=answer.context["adminform"].form.data["token"])
    assert again.status_code == 302
    article.refresh_from_db()
    assert article.body == "One of two."


def test_the_first_save_of_a_new_article_makes_a_draft_once(client):
    user = make_user("author")
    make_author(user=user)
    client.force_login(user)
    typed = {"title": "New \u202e one", "body": "Text.", "created_in": str(uuid4())}

    first, again = client.post(NEW, typed), client.post(NEW, typed)

    article = Article.objects.get()
    assert first.json()["change"] == again.json()["change"] == change_url(article)
    assert (article.status, article.title, article.slug) == ("draft", "Untitled", "untitled")
    form = client.get(change_url(article)).context["adminform"].form
    assert (form.initial["body"], form.initial["title"]) == ("Text.", "New \u202e one")
    assert form.initial["byline"] == [user.author.pk]


def test_a_form_that_is_sent_again_changes_its_own_article_and_nobody_elses(client):
    author, other = make_user("author"), make_user("author")
    add = reverse("admin:articles_article_add")
    typed = {"title": "T", "slug": "t", "body": "First.", "step": "save", "created_in": str(uuid4())}

    client.force_login(author)
    client.post(add, typed)
    client.post(add, typed | {"body": "Second.", "slug": "t-again"})
    mine = Article.objects.get()
    assert mine.body == "Second."
    client.force_login(other)
    client.post(NEW, typed | {"body": "Of another."})

    mine.refresh_from_db()
    assert mine.body == "Second."
    assert Article.objects.exclude(pk=mine.pk).get().versions.working().get().fields["body"] == "Of another."


def test_what_cannot_be_stored_is_refused_beside_the_field(open_tab):
    article = make_article(status="draft", published_at=None)
    tab = open_tab(article)

    for typed in ({"body": "a\x00b"}, {"title": "x" * 2001}, {"tags": ["1", "x"]}, {"base": "{"}, {"base": "[1]"}):
        answer = tab.autosave(**typed)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(typed))
    assert not article.versions.working().exists()


def test_an_author_saves_only_own_articles_and_keeps_the_byline(open_tab):
    user = make_user("author")
    other = make_author()
    mine = make_article(status="draft", published_at=None, authors=[make_author(user=user)])
    theirs = make_article(status="draft", published_at=None)
    tab = open_tab(mine, user=user)

    tab.autosave(featured="on", byline=[other.pk], body="Mine.")
    assert tab.client.post(autosave_url(theirs), tab.fields).status_code == 404

    fields = mine.versions.working().get().fields
    assert (fields["featured"], fields["authors"], fields["body"]) == (False, [user.author.pk], "Mine.")


@pytest.mark.parametrize(
    ("status", "step", "after"),
    [
        ("draft", "review", "review"),
        ("review", "send_back", "draft"),
        ("draft", "publish", "published"),
        ("published", "unpublish", "draft"),
        ("published", "archive", "archived"),
        ("archived", "publish", "published"),
    ],
)
def test_a_step_changes_the_state_and_is_logged(open_tab, status, step, after):
    article = make_article(status=status)

    answer = open_tab(article).press(step, note="Because.")

    article.refresh_from_db()
    assert answer.status_code == 302
    assert article.status == after
    assert LogEntry.objects.count() == 1


def test_the_log_names_only_what_changed(open_tab):
    article = make_article(status="draft", published_at=None, body="One.\n\nTwo.")

    open_tab(article).press("save", body="One.\r\n\r\nTwo.", summary="Another.")

    assert LogEntry.objects.get().change_message == "Saved. Changed: summary"


def test_an_article_appears_at_the_time_that_was_scheduled_and_not_before(open_tab, client):
    article = make_article(status="draft", published_at=None, authors=[make_author()])
    at = timezone.localtime() + timedelta(days=2)

    tab = open_tab(article)
    past = tab.press("schedule", at_0="2020-01-01", at_1="08:00")
    assert "Choose a time in the future." in past.content.decode()
    tab.client.post(
        change_url(article), tab.fields | {"step": "schedule", "at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M}"}
    )

    article.refresh_from_db()
    assert article.is_scheduled
    assert client.get(article.get_absolute_url()).status_code == 404


def test_a_discarded_change_stays_in_the_history(open_tab):
    article = make_article(body="Live.")
    tab = open_tab(article)
    tab.autosave(body="Typed.")

    tab.press("discard")

    assert open_tab(article).form.initial["body"] == "Live."
    assert versions(article) == [("live", "first", "Live."), ("old", "autosaved", "Typed.")]


@pytest.mark.parametrize("step", ["review", "schedule"])
def test_without_a_change_there_is_nothing_to_review_or_to_schedule(open_tab, step):
    article = make_article(authors=[make_author(user=(user := make_user("author")))])
    tab = open_tab(article, user=user if step == "review" else make_user("editor"))
    at = timezone.localtime() + timedelta(days=2)

    answer = tab.client.post(
        change_url(article), tab.fields | {"step": step, "at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M}"}
    )

    assert "Nothing has been changed since it was published." in answer.content.decode()
    assert set(article.versions.values_list("state", "kind")) <= {("live", "first")}


def test_a_scheduled_change_is_not_marked_by_a_step_without_a_change(open_tab):
    article = make_article(authors=[make_author(user=(user := make_user("author")))], body="Live.")
    at = timezone.localtime() + timedelta(days=2)
    editor = open_tab(article)
    editor.autosave(body="Planned.")
    editor.client.post(
        change_url(article), editor.fields | {"step": "schedule", "at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M}"}
    )

    answers = [open_tab(article, user=user).press(step) for step in ("review", "save")]

    assert [answer.status_code for answer in answers] == [200, 302]
    planned = article.versions.get(state="scheduled")
    assert (planned.kind, planned.by.groups.get().name) == ("saved", "Editor")


def test_the_last_line_end_of_a_text_is_kept(open_tab):
    article = make_article(status="draft", published_at=None, body="Text.\n")

    open_tab(article).press("save")

    article.refresh_from_db()
    assert article.body == "Text.\n"
    assert versions(article) == [("live", "saved", "Text.\n")]
