"""Files that other people wrote, through the command."""

import pytest
from django.core.management import CommandError

from quizzes.tests.imported import everything, taken_in

pytestmark = pytest.mark.django_db


def test_every_sample_is_taken_in_or_says_why_and_a_second_time_changes_nothing(samples, tmp_path):
    files = sorted((samples / "gift").glob("*.gift"))
    assert files
    for path in files:
        try:
            first, _ = taken_in(tmp_path / path.name, path.read_bytes())
        except CommandError as error:
            assert "holds no question that can be taken in" in str(error)
            continue
        before = everything()

        again, _ = taken_in(tmp_path / path.name, path.read_bytes())

        assert everything() == before
        assert ": 0 new, 0 shared, 0 changed" in again
