"""To which group of routes each address belongs."""

import pytest
from django.contrib import admin
from django.urls import URLPattern, get_resolver

from publishing.maintenance import groups
from publishing.maintenance.groups import ALWAYS, DESK, MOST_SEGMENTS, USUAL, Group, group_at, group_of

KNOWN = {*Group, ALWAYS, DESK}


def public_routes(patterns=None, name_prefix="", route=""):
    """Name, route and view of each URL that is not in the admin."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = f"{route}{pattern.pattern}"
        if whole.startswith("admin/"):
            continue
        if isinstance(pattern, URLPattern):
            yield f"{name_prefix}{pattern.name}", whole, pattern.callback
        else:
            prefix = f"{name_prefix}{pattern.namespace}:" if pattern.namespace else name_prefix
            yield from public_routes(pattern.url_patterns, prefix, whole)


def test_every_public_view_says_which_group_it_belongs_to():
    routes = list(public_routes())

    assert len(routes) > 60 and not any(view is admin.site.index for _, _, view in routes)
    assert [name for name, _, view in routes if group_of(view) not in KNOWN] == []
    assert {group_of(view) for _, _, view in routes} == KNOWN


def test_no_route_has_more_segments_than_are_looked_at():
    assert max(route.count("/") + 2 for _, route, _ in public_routes()) <= MOST_SEGMENTS


def test_a_window_that_names_no_groups_leaves_the_quizzes_alone():
    assert {*USUAL, "quizzes"} == set(Group)


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("/", Group.ARTICLES),
        ("/articles/one/", Group.ARTICLES),
        ("/articles/one", Group.ARTICLES),
        ("/articles/one/heart/", Group.ARTICLES),
        ("/articles/one/comments/", Group.COMMENTS),
        ("/articles/one/comments.json", Group.COMMENTS),
        ("/comments/7/report/", Group.COMMENTS),
        ("/about/", Group.ARTICLES),
        ("/categories/opinion/feed.xml", Group.FEEDS),
        ("/articles/one/comments/feed.xml", Group.FEEDS),
        ("/feed.json", Group.FEEDS),
        ("/search/", Group.SEARCH),
        ("/search", Group.SEARCH),
        ("/preview/token/", Group.PREVIEWS),
        ("/preview/pages/token/", Group.PREVIEWS),
        ("/robots.txt", ALWAYS),
        ("/sitemap.xml", ALWAYS),
        ("/sitemap-articles-1.xml", ALWAYS),
        ("/healthz", ALWAYS),
        ("/csp-report", ALWAYS),
        ("/static/css/site.css", ALWAYS),
        ("/media/missing.png", ALWAYS),
        ("/admin", DESK),
        ("/admin/password/", DESK),
    ],
)
def test_addresses_belong_to_the_group_of_their_view(path, group):
    assert group_at(path) == group


@pytest.mark.parametrize(
    "path", ["/quizzes/", "/quizzes", "/quizzes/one/", "/quizzes/one/start/", "/quizzes/results/token/print/"]
)
def test_quizzes_are_what_has_their_segment_first(path):
    assert group_at(path) == Group.QUIZZES


def test_an_address_without_a_view_belongs_to_the_longest_beginning_that_has_one():
    assert group_at("/quizzes/no such quiz/") == Group.QUIZZES
    assert group_at("/quizzes/one/a/b/c") == Group.QUIZZES
    assert group_at("/articles/one/comments/no/such/page/") == Group.COMMENTS
    assert group_at("/search/more") == Group.SEARCH
    assert group_at("/no/such/page/") == Group.ARTICLES


@pytest.mark.parametrize(
    "path",
    [
        "//quizzes", "//quizzes/", "/quizzes-evil", "/quizzes-evil/", "/QUIZZES", "/QUIZZES/", "/quizzesx/one/",
        "/quizzes/../articles/one/", "/quizzes/./", "/quizzes/..", "/./quizzes/", "/x/../quizzes/", "/x/quizzes/",
        "/quizzes\\one/", "/quizzes;a/", "/quizzes%2fone/", "/quizzes\n", "/quizzes\x00/", "quizzes/", "", "*",
    ],
)  # fmt: skip
def test_what_only_looks_like_quizzes_is_not_in_their_group(path):
    assert group_at(path) == Group.ARTICLES


@pytest.mark.parametrize(
    "path",
    [
        "/static/../articles/one/",
        "/static-evil/x",
        "/robots.txt/x",
        "/adminx/",
        "/admin/../x/",
        "/media/./x",
        "//static/x",
    ],
)
def test_what_only_looks_like_a_file_or_the_admin_is_not(path):
    assert group_at(path) == Group.ARTICLES


def test_static_files_and_uploads_are_where_the_settings_say(settings):
    settings.STATIC_URL, settings.MEDIA_URL = "/assets/", "https://cdn.example/media/"

    assert group_at("/assets/x.css") == ALWAYS
    assert group_at("/static/x.css") == Group.ARTICLES
    settings.MEDIA_URL = "/"
    assert group_at("/articles/one/") == Group.ARTICLES


def test_an_address_of_thousands_of_segments_costs_no_more_than_a_deep_one(monkeypatch):
    calls = []
    monkeypatch.setattr(groups, "resolve", lambda path: calls.append(path) or get_resolver().resolve(path))

    assert group_at("/quizzes" + "/x" * 4000) == Group.QUIZZES
    assert len(calls) <= MOST_SEGMENTS
