"""Which process a test runs in."""

import os

import pytest


def test_what_needs_the_served_site_shares_a_process(request, site):
    assert [mark.args for mark in request.node.iter_markers("xdist_group")] == [("site-1",)]
    # xdist groups by what it adds to the id.
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@site-1")


@pytest.mark.parametrize("site", ["a name alone"])
def test_a_parameter_of_that_name_needs_no_site(request, site):
    assert not list(request.node.iter_markers("xdist_group"))
