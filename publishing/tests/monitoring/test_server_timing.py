"""`Server-Timing` of the admin, for staff only."""

import re

import pytest
from django.db import OperationalError, connection

from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
TIMING = r'total;dur=(\d+\.\d), db;dur=(\d+\.\d);desc="(\d+) queries"'


@pytest.fixture
def staff_client(client):
    client.force_login(make_user("owner"))
    return client


def test_staff_see_the_time_and_the_queries_of_a_page(staff_client, count_queries):
    with count_queries() as queries:
        timing = staff_client.get("/admin/articles/article/").headers["Server-Timing"]

    total, database, number = map(float, re.fullmatch(TIMING, timing).groups())
    assert 0 < database < total
    assert number == len(queries) > 2


def test_visitors_who_are_not_signed_in_see_nothing(client):
    assert "Server-Timing" not in client.get("/admin/login/").headers
    assert "Server-Timing" not in client.get("/admin/").headers


@pytest.mark.parametrize("address", ["/", "/articles/seen/", "/no-such-page/", "/search/?q=x", "/healthz"])
def test_no_public_page_has_it_not_even_for_staff(staff_client, address):
    make_article(slug="seen")

    assert "Server-Timing" not in staff_client.get(address).headers


def test_an_outage_is_answered_without_it(staff_client):
    def gone(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        response = staff_client.get("/admin/articles/article/")

    assert (response.status_code, "Server-Timing" in response.headers) == (503, False)
