"""Comments from Disqus: what is imported, skipped and reported."""

from datetime import UTC, datetime
from functools import partial

import pytest

from comments.models import Thread
from comments.tests.foreign import by_id, disqus_post, run_import, write_disqus
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def disqus(tmp_path):
    """Write a Disqus export of the posts; returns its path."""
    return partial(write_disqus, tmp_path / "disqus.xml")


def test_a_thread_from_disqus_keeps_its_dates_states_and_depth(disqus):
    article = make_article(slug="one")
    path = disqus(
        disqus_post(1, '<p>First.</p><p>See <a href="https://a.example/">a</a>.</p>'),
        disqus_post(2, parent=1),
        disqus_post(3, deleted="true"),
        disqus_post(4, spam="true"),
        disqus_post(5, deleted="true", spam="true"),
        disqus_post(6, more="<isApproved>false</isApproved>"),
        disqus_post(7, name=""),
        disqus_post(8, parent=3),
    )

    assert "6 created, 0 unchanged, 0 skipped, 2 left out" in run_import(path)
    assert "0 created, 6 unchanged, 0 skipped, 2 left out" in run_import(path)

    found = by_id(article)
    states = {1: "approved", 2: "approved", 3: "approved", 6: "pending", 7: "approved", 8: "approved"}
    assert {number: comment.status for number, comment in found.items()} == states
    assert found[1].body == "First.\n\nSee a (https://a.example/)."
    assert found[1].created_at == datetime(2015, 2, 1, 10, 1, tzinfo=UTC)
    assert (found[2].parent, found[2].depth) == (found[1], 2)
    assert found[7].name == "Anonymous"
    # A deleted one with an answer keeps its place, without name and text.
    assert (found[3].name, found[3].body, bool(found[3].erased_at)) == ("", "", True)
    assert (found[8].parent, found[8].is_visible) == (found[3], True)
    assert Thread.for_article(article).comment_count == 5


def test_bad_disqus_comments_are_reported_and_skipped(disqus):
    make_article(slug="one")

    output = run_import(
        disqus(
            disqus_post(1, thread=11),
            disqus_post(2, thread=99),
            disqus_post(3, created="2099-01-01T00:00:00Z"),
            disqus_post(4, created="2015-02-31T00:00:00Z"),
            disqus_post(5, parent=77),
            disqus_post(6, ""),
        )
    )

    assert "1 created, 0 unchanged, 5 skipped" in output
    assert "No article elsewhere: 1 comment skipped" in output
    assert "No article (no slug): 1 comment skipped" in output
    assert "Comment 4 skipped: “2015-02-31T00:00:00Z” is not a date and time" in output
