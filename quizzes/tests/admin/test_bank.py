import pytest
from django.contrib.auth.models import User

from quizzes.models import BankCategory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rename(client):
    """Saves the form of a category with another path; returns the response."""
    client.force_login(User.objects.create_superuser("owner", password="x"))

    def post(before, after):
        category = BankCategory.objects.get(path=before)
        return client.post(f"/admin/quizzes/bankcategory/{category.pk}/change/", {"path": after})

    return post


def categories(*paths):
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
def test_renaming_a_category_renames_those_inside_it(rename, before, old, new, after):
    categories(*before)

    assert rename(old, new).status_code == 302
    assert paths() == after


@pytest.mark.parametrize(
    ("new", "sentence"),
    [("Py", "“Py/Loops”"), ("P" * 195, "more than 200 characters")],
)
def test_a_category_is_not_renamed_if_one_inside_it_cannot_be(rename, new, sentence):
    categories("Python", "Python/Loops", "Py/Loops")

    response = rename("Python", new)

    assert sentence in response.content.decode()
    assert paths() == ["Py/Loops", "Python", "Python/Loops"]
