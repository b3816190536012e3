import pytest
from django.contrib.auth.models import User

from quizzes.models import BankCategory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rename(client):
    """Saves the form of a folder with another path; returns the answer."""
    client.force_login(User.objects.create_superuser("owner", password="x"))

    def post(before, after):
        folder = BankCategory.objects.get(path=before)
        return client.post(f"/admin/quizzes/bankcategory/{folder.pk}/change/", {"path": after})

    return post


def folders(*paths):
    BankCategory.objects.bulk_create(BankCategory(path=path) for path in paths)


def paths():
    return list(BankCategory.objects.values_list("path", flat=True))


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        (["Python", "Python/Loops"], "Python", "Py", ["Py", "Py/Loops"]),
        (["Python", "Python/A/B", "Pythonic", "python/C"], "Python", "Py", ["Py", "Py/A/B", "Pythonic", "python/C"]),
        (["A", "A/B/C", "A/C"], "A", "A/B", ["A/B", "A/B/B/C", "A/B/C"]),
        (["A/B", "A/B/B/C", "A/B/C"], "A/B", "A", ["A", "A/B/C", "A/C"]),
    ],
)
def test_a_renamed_folder_takes_the_folders_inside_it_along(rename, before, old, new, after):
    folders(*before)

    assert rename(old, new).status_code == 302
    assert paths() == after


@pytest.mark.parametrize(
    ("new", "sentence"),
    [("Py", "A subfolder would become “Py/Loops”, which exists already."), ("P" * 195, "more than 200 characters")],
)
def test_a_folder_keeps_its_name_when_a_subfolder_could_not_follow(rename, new, sentence):
    folders("Python", "Python/Loops", "Py/Loops")

    response = rename("Python", new)

    assert sentence in response.content.decode()
    assert paths() == ["Py/Loops", "Python", "Python/Loops"]
