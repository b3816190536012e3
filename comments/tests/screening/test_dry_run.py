"""What a new rule would have changed, on decisions that are known one by one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, CommentSettings, Word
from comments.models.draft import Draft, Sender
from comments.moderation import decisions
from comments.screening import bans, dry_run
from comments.tests.factories import make_comment
from comments.writing import submitting
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

ONE_LINK, TWO_LINKS = "See https://a.example", "See https://a.example and https://b.example"


@pytest.fixture
def corpus():
    """Ten comments of one article: six approved, two rejected, one spam, one that waits."""
    article = make_article(title="Tides")
    texts = {
        "approved": ["The casino scene", "A fine text", ONE_LINK, TWO_LINKS, "C-A-S-I-N-O", "CASİNO!"],
        "rejected": ["casino casino", "rude"],
        "spam": [f"casino {TWO_LINKS}"],
        "pending": ["casino, waiting"],
    }
    return [make_comment(article, status=status, body=body) for status, bodies in texts.items() for body in bodies]


def counts(outcome):
    return outcome.looked_at, outcome.total, outcome.caught["approved"], dict(outcome.caught)


def word(text, severity="suspect"):
    return Word(text=text, tokens=dry_run.checks.lookalikes.key(text), severity=severity)


@pytest.mark.usefixtures("corpus")
def test_a_word_is_held_against_what_was_decided():
    outcome = dry_run.of_word(word("Casino"))

    assert counts(outcome) == (9, 5, 3, {"approved": 3, "rejected": 1, "spam": 1})
    assert [caught.comment.body for caught in outcome.wrongly] == ["CASİNO!", "C-A-S-I-N-O", "The casino scene"]
    assert outcome.wrongly[2].body == [
        ("The ", False, ""), ("casino", True, "“Casino” is on the list of suspect words."), (" scene", False, ""),
    ]  # fmt: skip
    assert "".join(piece.text for piece in outcome.wrongly[0].body) == "CASİNO!"


@pytest.mark.usefixtures("corpus")
def test_a_word_that_nobody_wrote_catches_nothing():
    assert counts(dry_run.of_word(word("roulette"))) == (9, 0, 0, {})


@pytest.mark.usefixtures("corpus")
def test_of_a_changed_word_only_the_difference_is_shown():
    outcome = dry_run.of_word(word("fine"), word("Casino"))

    assert counts(outcome) == (9, 1, 1, {"approved": 1})
    assert outcome.let_go == 5


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(
    ("links", "before", "caught", "let_go"), [(1, 2, 1, 0), (2, 3, 2, 0), (3, 2, 0, 2), (2, 2, 0, 0)]
)
def test_a_number_of_links_is_held_against_the_one_before(links, before, caught, let_go):
    outcome = dry_run.of_links(links, before)

    assert (outcome.looked_at, outcome.total, outcome.let_go) == (9, caught, let_go)


def submitted(address="192.0.2.7", reader="a", email="", status="approved"):
    """A comment that came from somewhere, decided."""
    number = Comment.objects.count()
    article = make_article()
    sender = Sender(reader * 32, address)
    comment = submitting.submit(article, Draft(name="Ann", body=f"Remark {number}", email=email), sender)
    decisions.reject(comment, None) if status == "rejected" else decisions.approve(comment, None)
    return comment


def test_a_ban_is_held_against_whoever_wrote(clock):
    first = submitted(reader="a", email="Ann@mail.example")
    clock.shift(timedelta(days=1))
    submitted(reader="a", address="192.0.2.8", status="rejected")
    submitted(reader="b", address="192.0.3.7", email="ann@mail.example")
    submitted(reader="b", address="192.0.2.7")

    def caught(ban, network=None):
        return counts(dry_run.of_ban(ban, network))[:3]

    assert caught(bans.of_comment(first, "reader")) == (4, 2, 1)
    assert caught(bans.of_comment(first, "email")) == (4, 2, 2)
    assert caught(bans.of_comment(first, "network")) == (4, 1, 1), "under the key of its own day"
    ranges = {"192.0.2.7": (2, 2), "192.0.2.0/24": (3, 2), "192.0.0.0/16": (4, 3), "192.0.2.8/29": (1, 0)}
    for typed, (total, approved) in ranges.items():
        network = bans.normal_range(typed)
        assert caught(bans.of_range(network, to_store=False), network) == (4, total, approved)


def test_of_a_range_of_many_networks_it_is_said_that_nobody_can_tell():
    network = bans.normal_range("2001:db8::/32")

    outcome = dry_run.of_ban(bans.of_range(network, to_store=False), network)
    assert outcome.total == 0 and outcome.unknown


def test_what_is_shown_is_bounded(monkeypatch):
    monkeypatch.setattr(dry_run, "DECISIONS", 6)
    monkeypatch.setattr(dry_run, "SHOWN", 2)
    article = make_article()
    for number in range(9):
        moment = timezone.now() - timedelta(hours=9 - number)
        make_comment(article, status="approved", body=f"casino {number}", created_at=moment)

    outcome = dry_run.of_word(word("casino"))
    assert (outcome.looked_at, outcome.total, outcome.not_shown) == (6, 6, 4)
    assert [caught.comment.body for caught in outcome.wrongly] == ["casino 8", "casino 7"]


def test_each_comment_counts_once_and_as_it_stands_now():
    comment = make_comment(body="casino")
    moderator = make_user("moderator")
    for verb in (decisions.approve, decisions.restore, decisions.approve, decisions.remove):
        verb(comment, moderator)

    assert counts(dry_run.of_word(word("casino"))) == (1, 1, 0, {"removed": 1})


@pytest.mark.parametrize("number", [2, 12])
def test_looking_costs_the_same_few_queries_however_many_there_are(count_queries, number):
    article = make_article()
    for _ in range(number):
        make_comment(article, status="approved", body=f"casino {TWO_LINKS}")
    sender = Sender("a" * 32, "192.0.2.7")
    of_mail = submitting.submit(article, Draft(name="Ann", body="casino", email="ann@mail.example"), sender)
    decisions.approve(of_mail, None)
    network = bans.normal_range("192.0.2.0/24")
    runs = [
        (2, lambda: dry_run.of_word(word("casino"))),
        (2, lambda: dry_run.of_links(1, 2)),
        (2, lambda: dry_run.of_ban(bans.of_comment(of_mail, "email"))),
        (4, lambda: dry_run.of_ban(bans.of_range(network, to_store=False), network)),
    ]

    for most, run in runs:
        with count_queries() as queries:
            for caught in run().wrongly:
                assert caught.comment.article.title
        assert len(queries) == most


def test_looking_stores_nothing(corpus):
    before = list(Comment.objects.values())
    network = bans.normal_range("192.0.2.0/24")

    dry_run.of_word(word("casino", "banned"))
    dry_run.of_links(1, CommentSettings.current().links_held)
    dry_run.of_ban(bans.of_range(network, to_store=False), network)

    assert list(Comment.objects.values()) == before
    assert not Word.objects.exists()
    assert bans.next_destruction() is None
