"""Data requests: what one person wrote is found by address, name or words, and exported or erased."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.utils import timezone

from comments.mail import notify
from comments.models import Comment, EmailAddress, Status
from comments.models.people import WRITER
from comments.privacy import writers
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article, make_user
from publishing.text.mailboxes import hashes

pytestmark = pytest.mark.django_db

URL = "/admin/comments/comment/requests/"
ADDRESS = "ann.bell@gmail.com"
SPELT = "AnnBell+x@googlemail.com"
ANN, BOB, EVE = "a" * 32, "b" * 32, "e" * 32


def written(reader=ANN, email="", *, confirmed=True, **fields):
    comment = make_comment(fields.pop("article", None), status=fields.pop("status", "approved"), **fields)
    address = None
    if email:
        moment = timezone.now() if confirmed else None
        address, _ = EmailAddress.objects.get_or_create(reader=reader, email=email, defaults={"confirmed_at": moment})
    Comment.objects.filter(pk=comment.pk).update(reader=reader, notify=address)
    comment.refresh_from_db()
    return comment


def found(**search):
    return set(writers.Search(**search).comments())


# --- finding ---


def test_by_address_however_it_is_spelt():
    mine = {written(email=ADDRESS), written(BOB, email="annbell@gmail.com")}
    written(EVE, email="anna.bell@gmail.com")

    assert found(email=SPELT) == mine


def test_by_address_after_all_mails_were_ended():
    mine = {written(email=ADDRESS), written(email=ADDRESS)}
    notify.Subscription.from_token(EmailAddress.objects.get().get_stop_url().split("/")[-2]).stop_everything()
    assert not EmailAddress.objects.exists()

    assert found(email=SPELT) == mine


def test_by_address_after_a_change_of_the_secret_key(settings):
    comment = written()
    Comment.objects.filter(pk=comment.pk).update(writer_hash=hashes(ADDRESS, WRITER)[0])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

    assert found(email=ADDRESS) == {comment}


def test_an_unconfirmed_address_does_not_make_an_owner():
    mine, typed = written(email=ADDRESS), written(EVE, email=ADDRESS, confirmed=False)
    search = writers.Search(email=ADDRESS)

    assert (found(email=ADDRESS), search.more(unconfirmed=True)) == ({mine}, 1)
    assert found(email=ADDRESS, unconfirmed=True) == {mine, typed}


def test_all_comments_of_the_same_browsers():
    mine, without = written(email=ADDRESS), written()
    written(BOB)
    imported = make_comment(status="approved")

    assert writers.Search(email=ADDRESS).more(same_browsers=True) == 1
    assert found(email=ADDRESS, same_browsers=True) == {mine, without}
    assert found(text=imported.body, same_browsers=True) == {imported}


def test_by_name_and_words_which_all_have_to_fit():
    mine = written(name="Ann Bell", body="A sentence about okapis.")
    written(BOB, name="Ann Bell", body="Another one.")
    written(EVE, name="Ann Bellamy", body="A sentence about okapis.")

    assert found(name="ann bell", text="about Okapis") == {mine}


def test_not_what_came_after_it_was_shown_nor_what_is_left_out():
    first, second, third = (written(name="Ann Bell") for _ in range(3))

    assert found(name="Ann Bell", until=second.pk, without=(first.pk,)) == {second}


# --- erasing ---


def test_erasing_takes_comments_and_addresses_and_leaves_the_rest(moderator):
    article = make_article()
    mine = written(email=ADDRESS, article=article, body="Okapis.")
    answer = written(BOB, article=article, parent=mine, body="An answer that stays.")
    waiting = written(email=ADDRESS, article=article, status="pending")
    other = written(EVE, email="eve@reader.example", article=article)

    assert writers.erase(writers.Search(email=SPELT), moderator) == (2, 0, 1)

    for comment in (mine, waiting, answer, other):
        comment.refresh_from_db()
    assert (mine.name, mine.body, mine.status, mine.is_visible) == ("", "", "approved", True)
    assert (waiting.body, waiting.status) == ("", Status.REMOVED)
    assert answer.body and other.body and EmailAddress.objects.get().email == "eve@reader.example"
    entry = LogEntry.objects.get()
    assert entry.change_message == "Erased comments: 2, articles: 1, e-mail addresses: 1."
    assert entry.user == moderator and "bell" not in repr(vars(entry)).lower()


def test_by_name_an_address_goes_only_with_its_last_comment(moderator):
    for name in ("Ann Bell", "A. B."):
        written(email=ADDRESS, name=name)

    assert writers.erase(writers.Search(name="Ann Bell"), moderator) == (1, 0, 0)
    assert writers.erase(writers.Search(name="A. B."), moderator) == (1, 0, 1)


def test_a_request_that_fails_half_way_erases_nothing(moderator, monkeypatch):
    comments = [written(name="Ann Bell") for _ in range(3)]
    real, done = writers.erasure._erase_in, []

    def once(*arguments):
        if done:
            raise OSError("the disk is full")
        done.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(writers.erasure, "_erase_in", once)
    with pytest.raises(OSError, match="disk"):
        writers.erase(writers.Search(name="Ann Bell"), moderator)

    assert done and not Comment.objects.exclude(erased_at=None).exists()
    assert Comment.objects.filter(pk__in=[comment.pk for comment in comments], name="Ann Bell").count() == 3
    assert not LogEntry.objects.exists()


def test_many_are_erased_in_parts_and_the_address_with_the_last(moderator, monkeypatch):
    monkeypatch.setattr(writers, "MOST", 2)
    for _ in range(3):
        written(email=ADDRESS)

    assert writers.erase(writers.Search(email=ADDRESS), moderator) == (2, 1, 0)
    assert writers.erase(writers.Search(email=ADDRESS), moderator) == (1, 0, 1)


def test_in_parts_nothing_is_lost_that_was_found_by_its_browser(moderator, monkeypatch):
    monkeypatch.setattr(writers, "MOST", 2)
    written(name="Ann Bell")
    for _ in range(4):
        written()
    search = writers.Search(name="Ann Bell", same_browsers=True)

    assert [writers.erase(search, moderator)[:2] for _ in range(4)] == [(2, 3), (2, 1), (1, 0), (0, 0)]


def test_by_command():
    written(email=ADDRESS)
    written()
    other = written(EVE, email=ADDRESS, confirmed=False)

    call_command("erase_comments", email=SPELT, verbosity=0)

    assert [comment.pk for comment in Comment.objects.filter(erased_at=None)] == [other.pk]
    assert not EmailAddress.objects.exists()
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_comments", email="ann")


# --- the page ---


def html_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_it_is_for_those_who_decide(client):
    for role, status in [("author", 403), ("moderator", 200), ("owner", 200)]:
        client.force_login(make_user(role))
        assert client.get(URL).status_code == client.post(URL, {"name": "Ann Bell"}).status_code == status
    assert client.put(URL).status_code == 405
    client.logout()
    assert client.get(URL).status_code == 302


def test_looking_erases_and_records_nothing(client, moderator):
    comment = written(email=ADDRESS, body="A sentence about okapis.")
    written(body="From the same browser.")
    written(EVE, email=ADDRESS, confirmed=False)

    page = client.post(URL, {"email": SPELT})

    assert page.context["summary"].total == 1 and "about okapis" in html_of(page)
    assert (page.context["more_of_browsers"], page.context["more_unconfirmed"]) == (1, 1)
    page = client.post(URL, {"email": SPELT, "same_browsers": "1"})
    assert page.context["summary"].total == 2 and "From the same browser." in html_of(page)
    page = client.post(URL, {"email": SPELT, "until": comment.pk, "_erase": "Erase…"})
    summary = page.context["summary"]
    assert (summary.total, summary.visible, summary.addresses) == (1, 1, 2)
    assert summary.articles == [(comment.article.title, 1)] and comment.article.title in html_of(page)
    assert not Comment.objects.exclude(erased_at=None).exists() and not LogEntry.objects.exists()


def test_erasing_needs_the_tick_and_leaves_out_what_was_ticked(client, moderator):
    first, second = written(name="Ann Bell"), written(BOB, name="Ann Bell")
    page = client.post(URL, {"name": "Ann Bell"})
    assert page.context["summary"].browsers == 2 and 'id="different-people"' in html_of(page)
    data = {"name": "Ann Bell", "until": second.pk, "without": [first.pk]}
    later = written(EVE, name="Ann Bell")

    html = html_of(client.post(URL, data | {"_erase": "Erase…"}))
    assert f'<input type="hidden" name="without" value="{first.pk}"' in html and "of 1 comment<" in html
    unsure = client.post(URL, data | {"_erase_now": "Erase now"})
    assert unsure.status_code == 422 and "sure" in unsure.context["sure"].errors
    assert not Comment.objects.exclude(erased_at=None).exists()
    response = client.post(URL, data | {"_erase_now": "Erase now", "sure": "on"}, follow=True)

    assert [comment.pk for comment in Comment.objects.exclude(erased_at=None)] == [second.pk]
    assert later.pk not in Comment.objects.exclude(erased_at=None).values_list("pk", flat=True)
    html = html_of(response)
    assert [message.level_tag for message in response.context["messages"]] == ["success"]
    assert LogEntry.objects.get().change_message in html


def test_the_file_of_a_request_is_that_of_the_writer(client, moderator):
    comment = written(email=ADDRESS, body="A sentence about okapis.")
    written(EVE, email="eve@reader.example")

    response = client.post(URL, {"email": SPELT, "_export": "Export"})

    data = response.json()
    assert response.headers["Content-Disposition"] == 'attachment; filename="comments-of-a-writer.json"'
    assert [row["number"] for row in data["comments"]] == [comment.pk]
    assert [row["email"] for row in data["email_addresses"]] == [ADDRESS]
    assert data["browsers"] == [ANN]
    assert LogEntry.objects.get().change_message == "Exported comments: 1."


def test_more_than_fits_into_a_file_is_said(client, moderator, monkeypatch):
    monkeypatch.setattr(writers, "MOST", 1)
    for _ in range(2):
        written(name="Ann Bell")

    page = client.post(URL, {"name": "Ann Bell", "_export": ""})

    assert page.status_code == 422 and page.context["problem"]
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Fill in at least one field"),
        ({"email": "ann"}, "valid email"),
        ({"text": "abc"}, "at least 4"),
        ({"name": "a\x00b"}, "ull characters"),
        ({"name": "Ann Bell", "until": "9" * 40}, "less than or equal"),
        ({"name": "Ann Bell", "until": "x"}, "whole number"),
        ({"name": "Ann Bell", "without": ["1 OR 1"]}, "has changed since"),
        (
            {"name": "Ann Bell", "without": [str(number + 1) for number in range(201)]},
            "has changed since",
        ),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_does_nothing(client, moderator, data, message):
    written(name="Ann Bell")

    html = html_of(client.post(URL, data | {"_erase_now": "", "sure": "on"}), 422)

    assert message in html
    assert not Comment.objects.exclude(erased_at=None).exists()


def test_nothing_chosen_is_nothing_to_erase(client, moderator):
    assert "Nothing is selected" in html_of(client.post(URL, {"name": "Nobody", "_erase": ""}), 422)


def test_finding_costs_the_same_for_two_and_for_twelve(client, moderator, count_queries):
    costs = []
    for number in (2, 12):
        for index in range(number):
            written(f"{number}{index:030}", name=f"Ann {number}", created_at=timezone.now() - timedelta(days=index))
        client.get(URL)
        with count_queries() as queries:
            html = html_of(client.post(URL, {"name": f"Ann {number}"}))
        assert f"{number} comments found" in html
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_queues_link_to_it(client, moderator):
    assert f'href="{URL}"' in client.get("/admin/comments/comment/").content.decode()
