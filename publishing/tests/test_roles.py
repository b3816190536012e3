"""Who may do what: the groups that `manage.py migrate` makes, and what a form cannot be talked into."""

import pytest
from django.conf import settings as project_settings
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.urls import reverse

from articles.models import Article
from publishing.models import Redirect

from .factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db

# What each role may and may not do, in the words of the permissions.
MAY = {
    "author": {
        "articles.add_article",
        "articles.change_article",
        "articles.delete_article",
        "articles.add_image",
        "articles.view_tag",
        "quizzes.add_quiz",
        "quizzes.change_quiz",
        "quizzes.change_question",
        "quizzes.delete_choice",
        "quizzes.view_bankcategory",
    },
    "editor": {
        "articles.publish_article",
        "articles.delete_article",
        "articles.add_category",
        "quizzes.add_quiz",
        "maintenance.add_window",
        "sponsors.change_slot",
        "publishing.change_publication",
        "publishing.add_redirect",
        "comments.view_comment",
        "comments.answer_comment",
        "comments.change_commentsettings",
        "comments.change_thread",
    },
    "moderator": {"comments.moderate_comment"},
    "owner": {
        "articles.publish_article",
        "quizzes.add_quiz",
        "comments.moderate_comment",
        "publishing.change_publication",
        "auth.add_user",
        "auth.change_user",
        "axes.view_accesslog",
    },
}
MAY_NOT = {
    "author": {
        "articles.publish_article",
        "articles.add_tag",
        "quizzes.publish_quiz",
        "quizzes.delete_quiz",
        "quizzes.delete_question",
        "quizzes.add_bankcategory",
    },
    "editor": {"comments.moderate_comment", "auth.change_user", "auth.change_group"},
    "moderator": {
        "articles.change_article",
        "quizzes.view_quiz",
        "comments.delete_comment",
        "comments.answer_comment",
        "comments.change_commentsettings",
        "comments.change_thread",
        "maintenance.add_window",
    },
    "owner": {"auth.change_group", "auth.delete_user", "axes.delete_accesslog"},
}


def permissions_of(name):
    group = Group.objects.get(name=name)
    return {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}


# --- the groups ---


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_do_its_work_and_no_more(role):
    user = make_user(role)

    assert {permission for permission in MAY[role] if not user.has_perm(permission)} == set()
    assert {permission for permission in MAY_NOT[role] if user.has_perm(permission)} == set()


def test_nobody_but_the_owner_gives_rights():
    for name in set(project_settings.ROLES) - {"Owner"}:
        assert not [permission for permission in permissions_of(name) if permission.startswith(("auth.", "axes."))]


def test_the_owner_may_all_that_an_editor_and_a_moderator_may():
    assert permissions_of("Editor") | permissions_of("Moderator") < permissions_of("Owner")


def test_roles_are_made_again_without_a_change():
    call_command("create_roles")
    before = {name: permissions_of(name) for name in project_settings.ROLES}
    call_command("create_roles")

    assert {name: permissions_of(name) for name in project_settings.ROLES} == before
    assert Group.objects.count() == len(project_settings.ROLES)


def test_a_permission_that_is_not_in_the_settings_is_taken_away(settings):
    call_command("create_roles")
    extra = Permission.objects.get(codename="change_user")
    Group.objects.get(name="Author").permissions.add(extra)

    call_command("create_roles")
    assert "auth.change_user" not in permissions_of("Author")


def test_members_and_other_groups_are_left_alone():
    author = make_user("author")
    other = Group.objects.create(name="Guests")
    other.permissions.add(Permission.objects.get(codename="view_article"))
    call_command("create_roles")

    assert author.groups.get().name == "Author"
    assert permissions_of("Guests") == {"articles.view_article"}


@pytest.mark.parametrize("wrong", ["articles.no_such_right", "nothing.*"])
def test_a_misspelled_permission_is_refused_and_nothing_is_changed(settings, wrong):
    call_command("create_roles")
    before = permissions_of("Author")
    settings.ROLES = {"Author": ["articles.add_article"], "Editor": [wrong]}

    with pytest.raises(CommandError, match=wrong.replace(".", r"\.").replace("*", r"\*")):
        call_command("create_roles")
    assert permissions_of("Author") == before


# --- what a form cannot be talked into ---


def article_data(**fields):
    """What the form for an article posts."""
    data = {"title": "Mine", "slug": "mine", "summary": "", "body": "Text.", "step": "save", "tags": []}
    data |= {"series": "", "series_position": "", "cover": "", "seo_title": "", "seo_description": ""}
    return data | {"canonical_url": ""} | fields


@pytest.fixture
def author(client):
    """An author with a byline, signed in."""
    user = make_user("author")
    make_author(user=user)
    client.force_login(user)
    return user


def test_an_author_cannot_publish_by_sending_more_than_the_form_has(client, author):
    category = make_article().category
    path = reverse("admin:articles_article_add")

    refused = client.post(path, article_data(category=category.pk, step="publish"))
    assert "You cannot do this" in refused.content.decode()
    assert not Article.objects.filter(slug="mine").exists()

    forged = {"published_at_0": "2020-01-01", "status": "published", "featured": "on", "word_count": "99999"}
    forged |= {"html": "<script>alert(1)</script>", "source": "forged", "id": "1"}
    response = client.post(path, article_data(category=category.pk, **forged))
    assert response.status_code == 302
    mine = Article.objects.get(slug="mine")
    assert (mine.status, mine.published_at, mine.featured, mine.source) == ("draft", None, False, None)
    assert (mine.html, mine.word_count) == ("<p>Text.</p>\n", 1)


def test_an_author_reaches_own_drafts_and_nobody_elses(client, author):
    mine = make_article(slug="mine", status="draft", authors=[author.author])
    theirs = make_article(slug="theirs", status="draft", authors=[make_author("Someone Else")])
    published = make_article(slug="published", authors=[author.author])

    listed = client.get(reverse("admin:articles_article_changelist")).content.decode()
    assert "mine" in listed or mine.title in listed
    assert theirs.title not in listed
    for article, status in ((mine, 200), (theirs, 302), (published, 200)):
        assert client.get(reverse("admin:articles_article_change", args=[article.pk])).status_code == status
    for article in (theirs, published):
        data = article_data(category=article.category.pk, slug=article.slug, title="Taken over")
        assert client.post(reverse("admin:articles_article_change", args=[article.pk]), data).status_code in (200, 302)
        assert Article.objects.get(pk=article.pk).title != "Taken over"
        assert client.post(
            reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"}
        ).status_code in (
            302,
            403,
        )
        assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize("action", ["publish", "archive", "delete_selected"])
def test_an_author_cannot_use_the_editors_actions(client, author, action):
    mine = make_article(status="draft", published_at=None, authors=[author.author])

    data = {"action": action, "_selected_action": [mine.pk], "post": "yes"}
    client.post(reverse("admin:articles_article_changelist"), data)
    assert Article.objects.get(pk=mine.pk).status == "draft"


@pytest.mark.parametrize(
    ("role", "path"),
    [("moderator", "/admin/articles/article/"), ("moderator", "/admin/publishing/redirect/"),
     ("editor", "/admin/comments/word/"), ("editor", "/admin/auth/user/"), ("author", "/admin/comments/comment/")],
)  # fmt: skip
def test_who_lacks_a_permission_is_told_so_and_led_back_to_the_desk(client, role, path):
    client.force_login(make_user(role))

    response = client.get(path)

    page = response.content.decode()
    assert response.status_code == 403
    assert "You do not have permission" in page and 'href="/admin/"' in page
    assert "from another site" not in page and "Request refused" not in page


@pytest.mark.parametrize("role", ["author", "editor", "moderator"])
def test_nobody_makes_themselves_the_owner(client, role):
    user = make_user(role)
    client.force_login(user)

    path = reverse("admin:auth_user_change", args=[user.pk])
    response = client.post(path, {"username": user.username, "is_superuser": "on", "is_staff": "on"})
    assert response.status_code == 403
    assert not User.objects.get(pk=user.pk).is_superuser


def test_someone_who_is_no_longer_staff_is_out_at_once(client):
    user = make_user("editor")
    client.force_login(user)
    assert client.get("/admin/").status_code == 200

    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert client.get("/admin/").status_code == 302


def test_an_editor_may_lead_an_old_address_to_the_front_page(client):
    client.force_login(make_user("editor"))
    path = reverse("admin:publishing_redirect_add")

    response = client.post(path, {"old_path": "/2009/05/hello/", "new_path": "/"})
    assert response.status_code == 302
    assert Redirect.objects.get().old_path == "/2009/05/hello"
    assert client.get("/2009/05/hello/").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/a/", "//evil.example/"),
        ("/a/", "/\\evil.example/"),
        ("/a/", "https://evil.example/"),
        ("/a/", "javascript:alert(1)"),
        ("/a/", "/a"),
        ("/a/", "/a/?page=2"),
        ("/", "/archive/"),
        ("?q=1", "/archive/"),
        ("//[", "/archive/"),
        ("/" + "%41" * 390, "/archive/"),
        ("", ""),
    ],
)
def test_a_redirect_that_leads_away_or_nowhere_is_refused_with_words(client, old, new):
    client.force_login(make_user("editor"))

    response = client.post(reverse("admin:publishing_redirect_add"), {"old_path": old, "new_path": new})
    assert response.status_code == 200
    assert b"errornote" in response.content
    assert not Redirect.objects.exists()


# --- signing in ---


@pytest.mark.parametrize("username", ["nobody", "a\x00b", "a\r\nb", "x" * 10_000, "ＥＤＩＴＯＲ", "' OR 1=1--", ""])
def test_a_strange_name_is_refused_like_a_wrong_password(client, username):
    response = client.post("/admin/login/?next=%0a", {"username": username, "password": "wrong", "a": "\x00"})

    assert response.status_code == 200
    assert b"errornote" in response.content


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(client, target):
    user = make_user("editor")
    user.set_password("the right password of this test")
    user.save()

    response = client.post(
        "/admin/login/", {"username": user.username, "password": "the right password of this test", "next": target}
    )
    assert response.status_code == 302
    location = response.headers["Location"]
    assert location.startswith("/") and not location.startswith(("//", "/\\"))
