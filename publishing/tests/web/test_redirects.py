import pytest

from publishing.models import Redirect
from publishing.tests.factories import make_article
from publishing.web import redirects

pytestmark = pytest.mark.django_db


def stored():
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def rename(article, slug):
    article = type(article).objects.get(pk=article.pk)
    article.slug = slug
    article.save()


def test_a_renamed_article_is_found_at_its_old_address(client):
    article = make_article(slug="first")
    rename(article, "second")

    response = client.get("/articles/first/")

    assert (response.status_code, response["Location"]) == (301, "/articles/second/")
    assert response["Cache-Control"].startswith("public")
    assert client.get("/articles/second/").status_code == 200


def test_every_former_address_leads_there_in_one_hop(client):
    article = make_article(slug="first")
    for slug in ("second", "third", "fourth"):
        rename(article, slug)

    for slug in ("first", "second", "third"):
        assert client.get(f"/articles/{slug}/")["Location"] == "/articles/fourth/"


def test_renaming_there_and_back_leaves_no_loop(client):
    article = make_article(slug="first")
    rename(article, "second")
    rename(article, "first")

    assert client.get("/articles/first/").status_code == 200
    assert client.get("/articles/second/")["Location"] == "/articles/first/"
    assert stored() == {"/articles/second": "/articles/first/"}


@pytest.mark.parametrize("names", ["AB", "ABA", "ABC", "ABCA", "ABAB", "ABACA", "ABCBA", "ABCABC", "ABBA"])
def test_whatever_the_order_of_names_there_is_one_hop_and_no_loop(names):
    for old, new in zip(names, names[1:], strict=False):
        redirects.leave(f"/articles/{old}/", f"/articles/{new}/")

    now = f"/articles/{names[-1]}/"
    assert stored() == {f"/articles/{name}": now for name in set(names[:-1]) - {names[-1]}}


def test_an_old_address_is_found_with_and_without_its_last_slash_and_in_any_spelling(client):
    redirects.leave("/2009/05/caf%C3%A9/?p=3", "/articles/cafe/")

    for path in ("/2009/05/café", "/2009/05/caf%C3%A9/"):
        assert client.get(path)["Location"] == "/articles/cafe/"
    assert client.get("/2009/05/café/?page=2")["Location"] == "/articles/cafe/?page=2"
    assert client.get("/2009/05/CAFÉ/").status_code == 404


def test_a_page_that_exists_wins_over_a_redirect(client):
    article = make_article(slug="first")
    redirects.leave(article.get_absolute_url(), "/articles/elsewhere/")

    assert client.get(article.get_absolute_url()).status_code == 200


def test_only_reading_is_redirected(client):
    redirects.leave("/old/", "/articles/new/")

    # A page could be there, and is only read.
    assert client.post("/old/").status_code == 405
    assert client.head("/old/").status_code == 301


def test_the_admin_is_not_redirected(client):
    redirects.leave("/admin/old/", "/articles/new/")

    assert client.get("/admin/old/").get("Location", "") != "/articles/new/"


def test_an_unknown_address_asks_no_database_once_the_redirects_are_known(client, count_queries):
    client.get("/nowhere/")
    with count_queries() as queries:
        responses = [client.get(f"/nowhere-{number}/") for number in range(3)]

    assert [response.status_code for response in responses] == [404] * 3
    assert queries == []


def test_a_new_redirect_holds_at_once(client):
    assert client.get("/old/").status_code == 404

    redirects.leave("/old/", "/articles/new/")

    assert client.get("/old/").status_code == 301


@pytest.mark.parametrize("address", ["", "/", "//", "https://example.org", "/" + "x" * 400])
def test_an_address_without_a_usable_path_is_refused(address):
    with pytest.raises(ValueError, match="is not a path"):
        redirects.leave(address, "/articles/new/")


def test_leaving_costs_the_same_for_two_redirects_and_for_twelve(count_queries):
    counts = []
    for number in (2, 12):
        while Redirect.objects.count() < number:
            redirects.leave(f"/old-{Redirect.objects.count()}/", "/articles/current/")
        with count_queries() as queries:
            redirects.leave("/articles/current/", "/articles/next/")
        redirects.leave("/articles/next/", "/articles/current/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
