"""New colleagues, their roles and bylines, and what happens when they leave."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core import mail
from django.db import connection
from django.test import Client

from articles.models import Article, Author
from publishing.tests.factories import make_article, make_author, make_category, make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db

NEW, LIST = "/admin/auth/user/add/", "/admin/auth/user/"
PERSON = {"name": "Ada Obi", "email": "ada@magazine.example", "role": "Author", "byline": "", "invite": "on"}


@pytest.fixture
def owner(client):
    user = make_user("owner")
    client.force_login(user)
    return user


def page_of(user):
    return f"{LIST}{user.pk}/colleague/"


def new(client, **changed):
    return client.post(NEW, {key: value for key, value in (PERSON | changed).items() if value is not None})


# --- the form ---


def test_one_form_makes_account_role_and_byline_and_invites(client, owner):
    response = new(client)

    user = User.objects.get(email="ada@magazine.example")
    assert response.headers["Location"] == page_of(user)
    assert (user.username, user.first_name, user.last_name, user.is_staff) == ("ada-obi", "Ada", "Obi", True)
    assert [group.name for group in user.groups.all()] == ["Author"]
    assert (user.author.name, user.author.slug) == ("Ada Obi", "ada-obi")
    assert not user.has_usable_password()
    assert LogEntry.objects.get(object_id=user.pk).change_message == "Made as Author"
    run_worker()
    assert [message.to for message in mail.outbox] == [["ada@magazine.example"]]


def test_a_moderator_gets_no_byline_and_an_existing_one_can_be_taken_over(client, owner):
    guest = make_author("Ada Obi")
    new(client, role="Moderator", email="m@magazine.example")
    new(client, byline=guest.pk)

    assert not Author.objects.filter(user__email="m@magazine.example").exists()
    guest.refresh_from_db()
    assert guest.user.email == "ada@magazine.example"
    assert guest.user.username == "ada-obi-2"
    assert Author.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "A\u202edA"), ("name", "a\x00b"), ("name", "x" * 101), ("email", "ada@"),
     ("email", "OWNER@magazine.example"), ("role", "Superuser"), ("role", None), ("byline", "9999"),
     ("byline", "taken"), ("byline", "x' OR 1")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_stored(client, owner, field, value):
    User.objects.filter(pk=owner.pk).update(email="owner@magazine.example")
    taken = make_author("Taken", user=make_user("author"))
    before = User.objects.count(), Author.objects.count(), LogEntry.objects.count()

    response = new(client, **{field: taken.pk if value == "taken" else value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    kept = "ada@magazine.example" if field == "name" else "Ada Obi"
    assert f'value="{kept}"' in response.content.decode()
    assert (User.objects.count(), Author.objects.count(), LogEntry.objects.count()) == before
    run_worker()
    assert not mail.outbox


def test_without_a_mail_server_the_link_is_shown_once(client, owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "EMAIL_URL" in client.get(NEW).content.decode()

    page = new(client).content.decode()
    assert f"{settings.SITE_URL}/admin/password/" in page
    user = User.objects.get(email="ada@magazine.example")
    assert "/admin/password/" not in client.get(page_of(user)).content.decode()


@pytest.mark.parametrize("role", ["author", "editor", "moderator"])
def test_only_owners_make_and_change_accounts(client, role):
    other = make_user("author")
    client.force_login(make_user(role))

    for path in (NEW, page_of(other)):
        assert client.get(path).status_code == client.post(path, PERSON | {"_leave": ""}).status_code == 403
    assert User.objects.filter(is_active=True).count() == 2


# --- what a new colleague meets ---


def test_a_new_author_reaches_what_they_wrote(client, owner):
    new(client)
    author = Client()
    author.force_login(User.objects.get(email="ada@magazine.example"))
    assert_reaches_own_article(author)


def test_an_account_made_without_a_byline_gets_one_with_its_first_article():
    user = User.objects.create_user("grace", first_name="Grace", last_name="Ode", is_staff=True)
    user.groups.add(Group.objects.get(name="Author"))
    make_author("Grace Ode")
    author = Client()
    author.force_login(user)

    assert_reaches_own_article(author)
    assert user.author.name == "Grace Ode"
    assert user.author.slug == "grace-ode"


def assert_reaches_own_article(browser):
    data = {"title": "T", "slug": "t", "body": "text", "step": "save", "category": make_category().pk}
    browser.post("/admin/articles/article/add/", data)
    assert browser.get(f"/admin/articles/article/{Article.objects.get().pk}/change/").status_code == 200


# --- the page of a colleague ---


def test_a_role_is_changed_and_logged(client, owner):
    user = make_user("moderator")
    client.post(page_of(user), PERSON | {"role": "Editor"})

    user.refresh_from_db()
    assert [group.name for group in user.groups.all()] == ["Editor"]
    assert (user.get_full_name(), user.author.name) == ("Ada Obi", "Ada Obi")
    assert "role: Moderator → Editor" in LogEntry.objects.get(object_id=user.pk).change_message


def test_who_leaves_is_out_at_once_and_the_byline_stays(client, owner):
    user = make_user("author")
    article = make_article(authors=[make_author("Ada Obi", user=user)])
    user.set_password("a password of this test")
    user.save()
    colleague = Client()
    colleague.force_login(user)
    assert colleague.get("/admin/").status_code == 200

    client.post(page_of(user), {"_leave": ""})
    assert colleague.get("/admin/").status_code == 302
    assert b"Ada Obi" in Client().get(article.get_absolute_url()).content

    client.post(page_of(user), {"_come_back": ""})
    user.refresh_from_db()
    assert user.is_active and not user.has_usable_password()
    assert colleague.get("/admin/").status_code == 302


def test_nobody_takes_their_own_rights_away(client, owner):
    client.post(page_of(owner), {"_leave": ""})
    client.post(page_of(owner), PERSON | {"role": "Author"})

    owner.refresh_from_db()
    assert owner.is_active
    assert owner.get_full_name() == "Ada Obi"
    assert [group.name for group in owner.groups.all()] == ["Owner"]


def test_an_owner_does_not_become_or_change_a_superuser(client, owner):
    above = make_user("superuser")
    raw = f"{LIST}{owner.pk}/change/"
    client.post(raw, {"username": owner.username, "is_active": "on", "is_staff": "on", "is_superuser": "on"})

    owner.refresh_from_db()
    assert not owner.is_superuser
    assert client.post(page_of(above), {"_leave": ""}).status_code == 403
    assert client.post(f"{LIST}{above.pk}/password/", {"password1": "x", "password2": "x"}).status_code == 403
    assert client.post(f"{LIST}{above.pk}/change/", {"username": "gone"}).status_code == 403
    above.refresh_from_db()
    assert above.is_active


def test_the_list_says_who_is_who(client, owner):
    user = make_user("editor")
    make_author("Ada Obi", user=user)
    page = client.get(LIST).content.decode()

    for text in ("Ada Obi", "Editor", page_of(user), NEW):
        assert text in page
    owner.set_password("a password of this test")
    owner.save()
    client.force_login(owner)
    for query, who in [
        ("role=Editor", user),
        ("role=Owner", owner),
        ("account=invited", user),
        ("account=open", owner),
    ]:
        assert list(client.get(f"{LIST}?{query}").context["cl"].result_list) == [who], query
    assert "/admin/auth/user/add/" in client.get("/admin/").content.decode()


# --- at the same moment ---


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_make_the_same_colleague_at_once_make_one():
    owner = make_user("owner")
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(owner)
    gate = Barrier(len(browsers))

    def make(browser):
        gate.wait()
        try:
            return new(browser).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as pool:
        assert sorted(pool.map(make, browsers)) == [302, 422]
    assert User.objects.filter(email="ada@magazine.example").count() == Author.objects.count() == 1
