"""Files that other people wrote, through the command."""

import pytest
from django.core.management import CommandError

from quizzes.tests.imported import everything, imported

pytestmark = pytest.mark.django_db


def test_every_sample_is_imported_or_refused_and_a_second_import_changes_nothing(samples, tmp_path):
    files = sorted((samples / "gift").glob("*.gift"))
    assert files
    for path in files:
        try:
            first, _ = imported(tmp_path / path.name, path.read_bytes())
        except CommandError as error:
            assert "no questions to import" in str(error)
            continue
        before = everything()

        again, _ = imported(tmp_path / path.name, path.read_bytes())

        assert everything() == before
        assert ": 0 new, 0 shared, 0 changed" in again
