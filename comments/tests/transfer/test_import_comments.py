from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db
GOOD = "- {article: one, name: Ann, body: A thought., date: 2026-06-09T08:00:00Z, state: approved}\n"


def run(tmp_path, text):
    path = tmp_path / "comments.yaml"
    path.write_text(text)
    out, err = StringIO(), StringIO()
    call_command("import_comments", path, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def test_a_comment_is_imported_with_date_and_state_and_only_once(tmp_path):
    make_article(slug="one")

    assert "1 created, 0 unchanged, 0 skipped" in run(tmp_path, GOOD)
    assert "0 created, 1 unchanged, 0 skipped" in run(tmp_path, GOOD)

    comment = Comment.objects.get()
    assert (comment.status, comment.created_at.isoformat()) == ("approved", "2026-06-09T08:00:00+00:00")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("- just text\n", "it needs article, body, date, name"),
        (
            "- {article: two, name: Ann, body: x, date: 2026-06-09T08:00:00Z}\n",
            "No article two: 1 comment skipped",
        ),
        ("- {article: one, name: Ann, body: x, date: soon}\n", "is not a date and time"),
        ("- {article: one, name: Ann, body: x, date: 2026-06-09T08:00:00Z, state: nearly}\n", "is not a state"),
        ("- {article: one, name: '', body: x, date: 2026-06-09T08:00:00Z}\n", "Comment 1 skipped: "),
    ],
)
def test_a_bad_entry_is_reported_and_skipped(tmp_path, entry, why):
    make_article(slug="one")

    output = run(tmp_path, entry + GOOD)

    assert why in output
    assert "1 created, 0 unchanged, 1 skipped" in output


@pytest.mark.parametrize("text", ["a: [", "not a list", "a: 1"])
def test_a_file_without_a_list_of_comments_is_refused(tmp_path, text):
    with pytest.raises(CommandError):
        run(tmp_path, text)
