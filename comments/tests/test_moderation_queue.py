"""The moderators' desk in the admin."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, ModerationEntry, ThreadCount
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:comments_comment_changelist")


@pytest.fixture
def moderator(client):
    user = make_user("moderator")
    client.force_login(user)
    return user


def desk(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk])


def fields_of(response):
    """The hidden inputs of a page of the admin, as a browser would send them."""
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", response.content.decode())
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def decide(client, comment, button, **fields):
    data = fields_of(client.get(desk(comment))) | fields | {f"_{button}": "1"}
    return client.post(desk(comment), data, follow=True)


def act(client, action, comments, **fields):
    data = fields_of(client.get(QUEUE + "?state=all")) | fields
    data |= {"action": action, "_selected_action": [comment.pk for comment in comments]}
    return client.post(QUEUE + "?state=all", data, follow=True)


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
    assert "Long decided" in client.get(QUEUE + "?state=approved").content.decode()
    assert "The late one" in client.get(QUEUE + "?state=all").content.decode()


@pytest.mark.usefixtures("moderator")
def test_the_queue_costs_the_same_with_twelve_comments_as_with_two(client, count_queries):
    numbers = []
    for size in (2, 12):
        while Comment.objects.count() < size:
            make_comment()
        with count_queries() as queries:
            client.get(QUEUE)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


@pytest.mark.usefixtures("moderator")
def test_wildcards_in_a_search_are_letters(client):
    make_comment(body="100 % sure")
    make_comment(body="not sure")

    html = client.get(QUEUE, {"q": "%"}).content.decode()

    assert "100 % sure" in html and "not sure" not in html


@pytest.mark.parametrize(
    ("button", "status"),
    [("approve", "approved"), ("reject", "rejected"), ("spam", "spam"), ("remove", "removed"), ("restore", "pending")],
)
def test_a_button_decides_about_one_comment_and_says_so(client, moderator, button, status):
    comment = make_comment(status="approved" if status == "pending" else "pending")

    response = decide(client, comment, button, rejection_reason="unkind", rejection_note="Kindly.")

    comment.refresh_from_db()
    assert comment.status == status
    assert comment.reason == ("unkind" if status == "rejected" else "")
    assert comment.note == ("Kindly." if status == "rejected" else "")
    entry = comment.entries.last()
    assert (entry.moderator, entry.new_status) == (moderator, status)
    assert response.redirect_chain[-1][0].startswith(QUEUE)
    assert comment.get_status_display().lower() in messages_of(response)[0]


@pytest.mark.usefixtures("moderator")
def test_a_rejection_without_a_reason_is_asked_for_one(client):
    comment = make_comment()

    response = decide(client, comment, "reject")

    assert "Choose a reason." in response.content.decode()
    assert Comment.objects.get().status == "pending"


@pytest.mark.usefixtures("moderator")
def test_saving_without_a_decision_changes_nothing(client):
    comment = make_comment()

    data = fields_of(client.get(desk(comment))) | {"_save": "1", "name": "Other", "body": "Other", "status": "approved"}
    response = client.post(desk(comment), data)

    assert "Choose what to do" in response.content.decode()
    stored = Comment.objects.get()
    assert (stored.name, stored.body, stored.status) == (comment.name, comment.body, "pending")


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("button", ["approve", "spam", "remove"])
def test_a_text_that_changed_is_shown_again_before_it_is_decided_about(client, button):
    comment = make_comment()
    data = fields_of(client.get(desk(comment))) | {f"_{button}": "1"}
    Comment.objects.update(body="Something else entirely")

    response = client.post(desk(comment), data)

    html = response.content.decode()
    assert response.status_code == 409
    assert "has changed since you were shown it" in html
    assert "Something else entirely" in html
    assert (Comment.objects.get().status, ModerationEntry.objects.count()) == ("pending", 1)

    again = client.post(desk(comment), fields_of(response) | {f"_{button}": "1"})
    assert again.status_code == 302
    assert Comment.objects.get().status != "pending"


@pytest.mark.usefixtures("moderator")
def test_a_decision_that_carries_no_digest_is_refused(client):
    comment = make_comment()
    data = fields_of(client.get(desk(comment))) | {"_approve": "1"}
    del data["seen"]

    assert client.post(desk(comment), data).status_code == 409
    assert Comment.objects.get().status == "pending"


@pytest.mark.usefixtures("moderator")
def test_the_desk_shows_the_text_read_only_with_all_that_happened_to_it(client):
    comment = make_comment(name="Ada <3", body="Look: https://docs.example <script>")
    decide(client, comment, "approve")

    html = client.get(desk(comment)).content.decode()

    assert "Ada &lt;3" in html
    assert "&lt;script&gt;" in html and "<script>alert" not in html
    assert 'rel="nofollow ugc noopener"' in html
    assert "Waiting → Approved" in html
    for name in ("name", "body", "status"):
        assert not re.search(rf'<(input|textarea|select)[^>]*name="{name}"', html)
    assert 'name="_approve"' not in html
    assert 'name="_remove"' in html


@pytest.mark.parametrize(
    ("action", "status", "old"),
    [
        ("approve", "approved", "pending"), ("reject", "rejected", "pending"), ("spam", "spam", "approved"),
        ("remove", "removed", "approved"), ("restore", "pending", "rejected"),
    ],
)  # fmt: skip
def test_an_action_decides_about_many_and_says_how_many(client, moderator, action, status, old):
    article = make_article()
    comments = [make_comment(article, status=old) for _ in range(3)]
    untouched = make_comment(article, status=old)

    response = act(client, action, comments)

    assert {Comment.objects.get(pk=comment.pk).status for comment in comments} == {status}
    assert Comment.objects.get(pk=untouched.pk).status == old
    assert all(comment.entries.last().moderator == moderator for comment in comments)
    assert ThreadCount.of(article) == Comment.objects.in_thread(article).count()
    assert messages_of(response)[0].startswith("3 ")


@pytest.mark.usefixtures("moderator")
def test_many_are_rejected_for_the_reason_chosen_beside_the_action(client):
    comments = [make_comment(), make_comment()]

    act(client, "reject", comments, reason="advertising")

    assert {comment.reason for comment in Comment.objects.all()} == {"advertising"}


@pytest.mark.usefixtures("moderator")
def test_an_action_says_of_each_comment_why_it_was_left_alone(client):
    waiting, decided, changed = make_comment(), make_comment(status="approved"), make_comment()
    data = fields_of(client.get(QUEUE + "?state=all"))
    Comment.objects.filter(pk=changed.pk).update(body="Something else")
    data |= {"action": "approve", "_selected_action": [waiting.pk, decided.pk, changed.pk]}

    response = client.post(QUEUE + "?state=all", data, follow=True)

    said = "\n".join(messages_of(response))
    assert "1 approved." in said
    assert "was approved already" in said
    assert "has changed since you saw it" in said
    assert Comment.objects.get(pk=waiting.pk).status == "approved"
    assert Comment.objects.get(pk=changed.pk).status == "pending"
    assert decided.entries.count() == 1


@pytest.mark.usefixtures("moderator")
def test_what_a_colleague_decided_meanwhile_stands(client):
    comment = make_comment(status="approved")

    response = client.post(QUEUE, {"action": "spam", "_selected_action": [comment.pk]}, follow=True)

    assert "decided meanwhile: approved" in messages_of(response)[0]
    assert Comment.objects.get().status == "approved"


def test_without_the_permission_the_desk_is_closed(client):
    comment = make_comment()
    client.force_login(make_user("author"))

    assert client.get(QUEUE).status_code == 403
    assert client.get(desk(comment)).status_code == 403
    assert client.post(desk(comment), {"_approve": "1", "seen": comment.digest}).status_code == 403
    assert client.post(QUEUE, {"action": "approve", "_selected_action": [comment.pk]}).status_code == 403
    assert Comment.objects.get().status == "pending"


def test_an_editor_reads_along_and_decides_nothing(client):
    waiting, rejected = make_comment(body="Still waiting"), make_comment(body="Not this", status="rejected")
    client.force_login(make_user("editor"))

    queue, shown = client.get(QUEUE).content.decode(), client.get(desk(rejected)).content.decode()
    assert "Still waiting" in queue and 'name="action"' not in queue
    assert "Not this" in shown and "New → Rejected" in shown
    assert not re.search(r'name="(_approve|_reject|_spam|_remove|_restore|_save|rejection_[a-z]+)"', shown)

    seen = {"_approve": "1", "seen": waiting.digest}
    assert client.post(desk(waiting), seen).status_code == 403
    client.post(QUEUE, {"action": "approve", "_selected_action": [waiting.pk]}, follow=True)
    assert Comment.objects.get(pk=waiting.pk).status == "pending"


def test_to_decide_one_needs_no_other_permission(client):
    user = User.objects.create_user("only-decides", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    client.force_login(user)
    comment = make_comment()

    decide(client, comment, "approve")

    assert Comment.objects.get().status == "approved"


@pytest.mark.usefixtures("moderator")
def test_the_queue_says_the_state_only_where_it_differs(client):
    make_comment()

    assert "column-state" not in client.get(QUEUE).content.decode()
    assert "column-state" in client.get(QUEUE + "?state=all").content.decode()


@pytest.mark.parametrize(
    ("body", "name"), [("Short.", "Ada: Short."), ("ten chars " * 9, "Ada: " + "ten chars " * 5 + "ten chars…")]
)
def test_the_name_of_a_comment_ends_with_a_whole_word(body, name):
    assert str(Comment(name="Ada", body=body)) == name


def test_without_an_account_the_desk_asks_for_one(client):
    assert client.get(QUEUE).status_code == 302


@pytest.mark.parametrize("role", ["moderator", "owner"])
def test_nobody_adds_or_deletes_comments_at_the_desk(client, role):
    comment = make_comment()
    client.force_login(make_user(role))

    assert client.get(reverse("admin:comments_comment_add")).status_code == 403
    assert client.post(reverse("admin:comments_comment_delete", args=[comment.pk]), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", [comment])
    assert Comment.objects.exists()


@pytest.mark.usefixtures("moderator")
def test_looking_decides_nothing(client):
    comment = make_comment()

    client.get(desk(comment), {"_approve": "1", "seen": comment.digest})
    client.get(QUEUE, {"action": "approve", "_selected_action": comment.pk})

    assert Comment.objects.get().status == "pending"
