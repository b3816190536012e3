"""The moderation queues as lists: size, age, and permissions."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, CommentSettings, ModerationEntry, Word
from comments.moderation import decisions
from comments.moderation.queues import QUEUES, Place
from comments.tests.factories import make_comment
from comments.tests.queue_pages import ALL, QUEUE, act
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LOG = reverse("admin:comments_moderationentry_changelist")


def tabs_of(html):
    """Of each queue what its tab says: number and age of the oldest."""
    found = re.findall(r'queue=(\w+)"[^>]*>\s*<span class="queue">\w+</span>(.*?)</a>', html, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", rest).replace("\xa0", " ").split()) for name, rest in found}


def report(comment, number):
    Comment.objects.filter(pk=comment.pk).update(open_reports=number)


# --- queues ---


@pytest.mark.usefixtures("moderator")
def test_the_queue_opens_with_what_waits_longest(client):
    now = timezone.now()
    late = make_comment(body="The late one", created_at=now - timedelta(hours=2))
    early = make_comment(body="The early <b>one</b>", created_at=now - timedelta(days=2))
    make_comment(body="Long decided", status="approved")

    html = client.get(QUEUE).content.decode()

    assert html.index("The early &lt;b&gt;one&lt;/b&gt;") < html.index("The late one")
    assert "Long decided" not in html
    assert "2\xa0days" in html and "2\xa0hours" in html
    assert early.article.title in html and "Waiting" in html and late.name in html
    assert "Long decided" in client.get(QUEUE + "?queue=approved").content.decode()
    assert "The late one" in client.get(ALL).content.decode()


@pytest.mark.usefixtures("moderator")
def test_each_queue_says_how_many_are_in_it_and_how_long_the_oldest(client):
    now = timezone.now()
    for hours in (3, 5):
        make_comment(created_at=now - timedelta(hours=hours))
    Comment.objects.filter(pk=make_comment(created_at=now - timedelta(days=3)).pk).update(is_suspect=True)
    report(make_comment(status="approved", created_at=now - timedelta(days=1)), 3)
    report(make_comment(status="approved", created_at=now - timedelta(days=2)), 2)
    make_comment(status="spam", created_at=now - timedelta(days=6))

    assert tabs_of(client.get(QUEUE).content.decode()) == {
        "pending": "2 oldest 5 hours", "suspect": "1 oldest 3 days", "reported": "1 oldest 1 day",
        "approved": "2 oldest 2 days", "rejected": "0", "spam": "1 oldest 6 days", "removed": "0",
    }  # fmt: skip


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("name", QUEUES)
def test_each_queue_lists_its_own_and_nothing_else(client, name):
    made = {state: make_comment(status=state) for state in ("pending", "approved", "rejected", "spam", "removed")}
    made["suspect"], made["reported"] = make_comment(), make_comment(status="approved")
    Comment.objects.filter(pk=made["suspect"].pk).update(is_suspect=True)
    report(made["reported"], 3)

    listed = set(client.get(QUEUE, {"queue": name}).context["cl"].result_list)

    assert listed == {made[name]} | ({made["reported"]} if name == "approved" else set())


@pytest.mark.usefixtures("moderator")
def test_a_count_is_exact_up_to_a_thousand_and_no_query_counts_further(client, count_queries):
    article = make_article()
    make_comment(article)
    fields = {"article": article, "name": "Ada", "body": "One of many", "html": "<p>One of many</p>"}
    rows = [Comment(**fields) for _ in range(1199)]
    Comment.objects.bulk_create(rows)

    with count_queries() as queries:
        response = client.get(QUEUE)

    assert tabs_of(response.content.decode())["pending"].startswith("1,000+")
    assert re.search(r"1,000\+\s+comments", response.content.decode())
    assert client.get(QUEUE, {"p": 20}).context["cl"].result_list.count() == 50
    counting = [query for query in queries if "COUNT(" in query.upper() and "comments_comment" in query]
    assert counting and all("LIMIT 1001" in query for query in counting)

    Comment.objects.filter(pk__in=Comment.objects.order_by("-pk")[:201].values("pk")).delete()
    assert tabs_of(client.get(QUEUE).content.decode())["pending"].startswith("999 ")


@pytest.mark.usefixtures("moderator")
def test_the_queue_costs_the_same_with_twelve_comments_as_with_two(client, count_queries):
    make_comment()
    client.get(QUEUE)
    numbers = []
    for size in (2, 12):
        while Comment.objects.count() < size:
            make_comment()
        with count_queries() as queries:
            client.get(QUEUE)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 16


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_is_read_from_its_index(name):
    make_comment()
    index = {"pending": "comment_queue", "suspect": "comment_suspect", "reported": "comment_reported"}
    place = Place(QUEUES[name])

    plan = explained(place.rows()[:51]) + explained(place.rows((timezone.now(), 1))[:1])

    assert plan.count(index.get(name, "comment_decided")) == 2, plan
    assert "sort" not in plan.lower() and "temp b-tree" not in plan.lower(), plan


def explained(rows):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A table of a few rows is read whole where that is allowed.
            cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain() + "\n"


@pytest.mark.usefixtures("moderator")
def test_a_queue_shows_one_kind_when_asked(client):
    make_comment(body="Is that so?", kind="question")
    make_comment(body="No, it is not.", kind="correction")

    html = client.get(QUEUE, {"kind": "question"}).content.decode()

    assert "Is that so?" in html and "No, it is not." not in html
    assert '<span class="label">Question</span>' in html


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("query", ["queue=nonsense", "kind=nonsense", "queue=%00", "queue=pending&kind="])
def test_a_queue_or_kind_that_there_is_not_is_refused(client, query):
    assert client.get(f"{QUEUE}?{query}").status_code == 400


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("term", ["Remarkable name", "remarkable TEXT", "Remarkable title"])
def test_a_search_goes_through_all_comments_whatever_their_state(client, term):
    make_comment(name="Remarkable name", status="approved")
    make_comment(body="A remarkable text", status="spam")
    make_comment(make_article(title="Remarkable title"), status="rejected")
    make_comment(body="Waits, and says nothing of the kind")

    assert len(client.get(QUEUE, {"q": term}).context["cl"].result_list) == 1


@pytest.mark.usefixtures("moderator")
def test_wildcards_in_a_search_are_letters(client):
    make_comment(body="100 % sure")
    make_comment(body="not sure")

    html = client.get(QUEUE, {"q": "%"}).content.decode()

    assert "100 % sure" in html and "not sure" not in html


@pytest.mark.usefixtures("moderator")
def test_the_list_says_who_has_claimed_a_comment(client):
    colleague = make_user("moderator")
    User.objects.filter(pk=colleague.pk).update(first_name="Noor", last_name="Haddad")
    decisions.claim(make_comment(), colleague)

    assert "claimed by Noor Haddad" in client.get(QUEUE).content.decode()


@pytest.mark.usefixtures("moderator")
def test_the_queue_says_the_state_only_where_it_differs(client):
    make_comment()

    assert "column-state" not in client.get(QUEUE).content.decode()
    assert "column-state" in client.get(ALL).content.decode()


# --- who may ---


def test_without_the_permission_the_queues_are_closed(client):
    comment = make_comment()
    client.force_login(make_user("author"))

    assert client.get(QUEUE).status_code == 403
    assert client.post(QUEUE, {"action": "approve", "_selected_action": [comment.pk]}).status_code == 403
    assert Comment.objects.get().status == "pending"


def test_an_editor_reads_along_and_decides_nothing(client):
    waiting = make_comment(body="Still waiting")
    client.force_login(make_user("editor"))

    queue = client.get(QUEUE).content.decode()
    assert "Still waiting" in queue and 'name="action"' not in queue and "Review one at a time" not in queue

    response = client.post(QUEUE, {"action": "approve", "_selected_action": [waiting.pk]})
    assert response.status_code == 403
    assert Comment.objects.get().status == "pending"


def test_to_decide_needs_no_other_permission(client):
    user = User.objects.create_user("only-decides", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    client.force_login(user)

    act(client, "approve", [make_comment()])

    assert Comment.objects.get().status == "approved"


def test_without_an_account_the_queues_ask_for_one(client):
    assert client.get(QUEUE).status_code == 302


@pytest.mark.parametrize("role", ["moderator", "owner"])
def test_no_comments_are_added_or_deleted_in_the_queues(client, role):
    comment = make_comment()
    client.force_login(make_user(role))

    assert client.get(reverse("admin:comments_comment_add")).status_code == 403
    assert client.post(reverse("admin:comments_comment_delete", args=[comment.pk]), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", [comment])
    assert Comment.objects.exists()


@pytest.mark.parametrize("model", ["comment", "moderationentry", "commentsettings"])
@pytest.mark.parametrize("query", ["_to_field=", "_to_field=id", "_to_field=name"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_cannot_be_deleted_says_so_to_any_address(client, model, query, method):
    decisions.approve(make_comment(), make_user("moderator"))
    CommentSettings().save()
    client.force_login(make_user("owner"))
    number = apps.get_model("comments", model).objects.last().pk

    response = getattr(client, method)(f"/admin/comments/{model}/{number}/delete/?{query}")

    assert response.status_code == (400 if query == "_to_field=name" else 403)


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_an_empty_column_in_an_address_is_no_fault_of_ours(client, page):
    word = Word.objects.create(text="casino")
    client.force_login(make_user("moderator"))

    assert client.get(f"/admin/comments/word/{word.pk}/{page}/?_to_field=").status_code == 200


@pytest.mark.usefixtures("moderator")
def test_no_page_is_below_itself(client):
    for address, words in ((QUEUE, "Home › Comments"), (LOG, "Home › Comments › Decisions")):
        trail = re.search(r'<div class="breadcrumbs">(.*?)</div>', client.get(address).content.decode(), re.DOTALL)[1]
        assert " ".join(re.sub(r"<[^>]+>", "", trail).split()) == words


@pytest.mark.usefixtures("moderator")
def test_looking_decides_nothing(client):
    comment = make_comment()

    client.get(QUEUE, {"action": "approve", "_selected_action": comment.pk})
    client.head(QUEUE)

    assert Comment.objects.get().status == "pending"
    assert ModerationEntry.objects.count() == 1


@pytest.mark.usefixtures("moderator")
def test_the_front_page_of_the_admin_shows_a_moderator_the_queues_and_no_other_app(client):
    make_comment()

    response = client.get("/admin/")

    assert tabs_of(response.content.decode())["pending"].startswith("1 ")
    assert {app["app_label"] for app in response.context["app_list"]} == {"comments"}


def test_the_front_page_of_the_admin_shows_others_no_queues(client):
    client.force_login(make_user("author"))

    assert tabs_of(client.get("/admin/").content.decode()) == {}


@pytest.mark.parametrize(
    ("body", "name"), [("Short.", "Ada: Short."), ("ten chars " * 9, "Ada: " + "ten chars " * 5 + "ten chars…")]
)
def test_the_name_of_a_comment_ends_with_a_whole_word(body, name):
    assert str(Comment(name="Ada", body=body)) == name
