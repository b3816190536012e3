"""Screening: what holds or rejects a comment before anybody sees it, with the reason and the place in the text."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from comments.models import Comment, CommentSettings, ModerationEntry, Word
from comments.models.draft import Draft
from comments.models.thread import reason_of
from comments.screening import checks
from comments.screening.checks import Hold
from comments.tests.factories import comment_url, make_comment, sent
from publishing.models import Publication
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


def list_words(banned=(), suspect=()):
    for severity, words in (("banned", banned), ("suspect", suspect)):
        for word in words:
            Word.objects.create(text=word, severity=severity)


def holds_of(body="Fine.", name="Marisol", same_text=()):
    return checks.screen(Draft(name=name, body=body), list(same_text))


def shown(hold, text):
    return text[hold.start : hold.end]


def send(post_from_site, article=None, **fields):
    """Send a comment from another network than those before; returns it."""
    address = f"192.0.2.{Comment.objects.count() + 1}"
    response = post_from_site(comment_url(article or make_article()), sent(**fields), REMOTE_ADDR=address)
    assert response.status_code == 303
    return Comment.objects.latest("pk")


# --- words ---


def test_a_banned_word_rejects_with_an_entry_that_names_the_rule(client, post_from_site):
    list_words(banned=["viagra"])
    article = make_article()

    comment = send(post_from_site, article, body="Cheap V\u00adI\u200bAGRA here")

    assert (comment.status, comment.reason, comment.is_suspect) == ("rejected", "other", True)
    (hold,) = comment.holds
    assert (hold["rule"], hold["field"], comment.body[hold["start"] : hold["end"]]) == (
        "banned-word", "body", "V\u00adI\u200bAGRA",
    )  # fmt: skip
    assert "“viagra”" in comment.hold_reasons[0]
    entry = ModerationEntry.objects.get()
    assert (entry.old_status, entry.new_status, entry.rule, entry.moderator) == ("", "rejected", "banned-word", None)
    assert "Cheap" not in client.get(article.get_absolute_url()).content.decode()


def test_a_suspect_word_holds(post_from_site):
    list_words(suspect=["casino"])

    comment = send(post_from_site, body="A CASINO, you say?")

    assert (comment.status, comment.is_suspect, comment.holds[0]["rule"]) == ("pending", True, "suspect-word")
    assert not ModerationEntry.objects.exists()


def test_what_is_innocent_is_held_for_nothing(post_from_site):
    list_words(banned=["cialis", "ass"], suspect=["sin"])

    comment = send(post_from_site, body="A specialist in classic cars, from Sussex, sings: https://cars.example")

    assert (comment.status, comment.is_suspect, comment.holds) == ("pending", False, [])


def test_words_are_looked_for_in_the_name_too():
    list_words(banned=["cheap pills"])

    (hold,) = holds_of(name="Cheap-Pills")
    assert (hold.rule, hold.field, hold.rejects) == ("banned-word", "name", True)
    assert shown(hold, "Cheap-Pills") == "Cheap-Pills"


def test_each_place_and_each_list_is_a_finding_of_its_own():
    list_words(banned=["viagra"], suspect=["casino"])
    body = "casino viagra, Casino"

    assert [(hold.rule, shown(hold, body)) for hold in holds_of(body)] == [
        ("suspect-word", "casino"), ("banned-word", "viagra"), ("suspect-word", "Casino"),
    ]  # fmt: skip
    assert len(holds_of("casino " * 500)) == checks.MOST_FINDINGS


def test_a_new_word_holds_at_once_and_one_taken_off_the_list_no_more():
    assert holds_of("casino") == []
    word = Word.objects.create(text="Casino")
    assert [hold.rule for hold in holds_of("casino")] == ["suspect-word"]
    word.delete()
    assert holds_of("casino") == []


def test_an_edit_is_screened_again(client, post_from_site):
    from comments.writing import submitting

    list_words(banned=["viagra"])
    comment = send(post_from_site)

    submitting.revise(comment, Draft(name="Marisol", body="Now with viagra"))

    comment.refresh_from_db()
    assert (comment.status, comment.holds[0]["rule"]) == ("rejected", "banned-word")
    assert ModerationEntry.objects.latest("pk").rule == "banned-word"


# --- links ---


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("See https://a.example and http://b.example/x?y=1.", 2),
        ("HTTPS://A.EXAMPLE\nhttps://b.example", 2),
        ("https://a.example", 0),
        ("`https://a.example` and `https://b.example` and https://c.example", 0),
        ("javascript://a and ftp://b.example and ://x", 0),
        ("www.a.example, b.example, //c.example, mail@d.example", 0),
        ("https://a.example " * 200, checks.MOST_FINDINGS),
    ],
)
def test_links_are_counted_as_they_are_drawn(body, number):
    assert [hold.rule for hold in holds_of(body)] == ["links"] * number


def test_each_link_is_pointed_at_and_its_host_named():
    body = "`https://code.example` https://a.example/%E2%82%AC, then https://b.example/?a=1&b=2 https://a.example/%E2%82%AC"

    holds = holds_of(body)

    assert [shown(hold, body) for hold in holds] == [
        "https://a.example/%E2%82%AC", "https://b.example/?a=1&b=2", "https://a.example/%E2%82%AC",
    ]  # fmt: skip
    assert reason_of(asdict(holds[1])) == "Link 2 of 3: b.example"
    assert holds[0].start < holds[1].start < holds[2].start


def test_the_number_of_links_is_a_setting():
    CommentSettings(links_held=1).save()
    assert [hold.rule for hold in holds_of("https://a.example")] == ["links"]
    CommentSettings(links_held=3).save()
    assert holds_of("https://a.example https://b.example") == []


# --- the same text ---


def test_the_same_text_by_another_reader_or_elsewhere_is_held(client, post_from_site):
    first = send(post_from_site, body="Buy  my\nBOOK")
    client.cookies.clear()

    second = send(post_from_site, body="buy my book", name="Somebody Else")
    client.cookies.clear()
    third = send(post_from_site, body="Buy my book")

    assert first.holds == []
    assert [second.holds[0]["rule"], third.holds[0]["rule"]] == ["duplicate", "duplicate"]
    assert second.hold_reasons == [f"The same text as comment {first.pk} in 24 hours."]
    assert "and 1 more" in third.hold_reasons[0]


def test_the_same_text_after_a_day_is_nothing_new(post_from_site):
    make_comment(body="Thanks!", created_at=timezone.now() - timedelta(hours=24, seconds=1))

    assert send(post_from_site, body="Thanks!").holds == []


# --- names ---


STAFF_LIKE = {
    "a Cyrillic o": "Mоderator",
    "full width": "Ｅｄｉｔｏｒ",
    "a user name in another case": "INES.OKAFOR",
    "a full name in another case": "ines okafor",
    "a full name with a small l": "lnes 0kafor",
    "a byline": "Matteo Vélez",
    "a byline, decomposed": "Matteo Ve\u0301lez",
    "a byline without its accent": "matteo velez",
    "the publication": "THE  Lantern!",
    "anonymous": "Anonymous",
    "deleted": "[deleted]",
    "a role among other words": "Ann (moderator)",
    "a role with a digit": "Adm1n",
    "editor spelled": "E.d.i.t.o.r",
}


@pytest.mark.parametrize("name", STAFF_LIKE.values(), ids=STAFF_LIKE.keys())
def test_a_name_that_passes_for_one_of_ours_is_held(name):
    User.objects.create_user("ines.okafor", first_name="Ines", last_name="Okafor", is_staff=True)
    make_author("Matteo Vélez")
    Publication(name="The Lantern").save()

    (hold,) = holds_of(name=name)
    assert (hold.rule, hold.field, hold.start, hold.end) == ("staff-name", "name", 0, len(name))


def test_the_name_of_a_new_colleague_is_reserved_at_once(client):
    client.force_login(make_user("owner"))
    assert holds_of(name="Ada Obi") == []
    new = {"name": "Ada Obi", "email": "ada@magazine.example", "role": "Moderator"}
    client.post("/admin/auth/user/add/", new)

    assert [hold.rule for hold in holds_of(name="Ada Obi")] == ["staff-name"]


@pytest.mark.parametrize("name", ["Ines", "Edith", "Mod", "Stafford", "Tom Edison", "李", "😀", "Rooted"])
def test_a_name_of_its_own_is_not_held(name):
    User.objects.create_user("ines.okafor", first_name="Ines", last_name="Okafor", is_staff=True)

    assert holds_of(name=name) == []


def test_who_has_left_the_staff_and_who_has_no_name_reserve_nothing():
    User.objects.create_user("petra", is_staff=True, is_active=False)
    User.objects.create_user("reader-with-an-account")
    make_user("editor")

    assert holds_of(name="Petra") == holds_of(name="reader-with-an-account") == []


def test_a_reader_under_a_staff_name_waits_among_the_suspect(post_from_site):
    comment = send(post_from_site, name="Mоderator")

    assert (comment.status, comment.is_suspect, comment.name) == ("pending", True, "Mоderator")


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("https://spam.example", "https://spam.example"),
        ("Buy www.pills.com", "www.pills.com"),
        ("pills.com", "pills.com"),
    ],
)
def test_an_address_in_a_name_is_held(name, link):
    holds = holds_of(name=name)

    assert [(hold.rule, shown(hold, name)) for hold in holds] == [("link-in-name", link)]


@pytest.mark.parametrize("name", ["J.R. Smith", "St.John", "Ph.D", "Anna-Maria", "O'Neil", "K.Dick"])
def test_a_full_stop_in_a_name_is_no_address(name):
    assert holds_of(name=name) == []


# --- for moderators ---


def test_a_text_is_given_in_pieces_with_what_was_found_in_each():
    text = "One two three"
    holds = [Hold("a", "A", "body", 4, 13), asdict(Hold("b", "B", "body", 8, 13)), Hold("c", "C", "name", 0, 3)]

    assert checks.highlight(text, holds, "body") == [
        ("One ", False, ""), ("two ", True, "A"), ("three", True, "A; B"),
    ]  # fmt: skip
    assert checks.highlight(text, holds, "name") == [("One", True, "C"), (" two three", False, "")]


@pytest.mark.parametrize(("start", "end"), [(-5, 2), (3, 99), (50, 60), (2, 2), (4, 1), (0, 5)])
def test_findings_of_an_earlier_text_break_nothing(start, end):
    pieces = checks.highlight("<b>x</b>"[:5], [Hold("a", "A", "body", start, end)], "body")

    assert "".join(piece.text for piece in pieces) == "<b>x<"
    assert checks.highlight("", [Hold("a", "A", "body", start, end)], "body") == []


def test_screening_asks_the_database_nothing_while_the_rules_stand(count_queries):
    list_words(banned=["viagra"])
    holds_of("viagra https://a.example https://b.example")

    with count_queries() as queries:
        assert len(holds_of("viagra https://a.example https://b.example", name="Editor")) == 4
    assert queries == []
