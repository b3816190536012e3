"""What staff may not choose as a password."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from publishing.models import Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    Publication.objects.update_or_create(pk=1, defaults={"name": "The Indent"})
    return User(username="marguerite", first_name="Ada", last_name="Lindqvist", email="lettres@reader.example")


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "publication",
        "publication2026",
        "owner12345678",
        "owner12345",
        "8675309123",
        "867530912345",
        "password1234",
        "P4ssw0rd!2026",
        "letmeinletmein",
        "2026letmein2026",
        "theindent2026",
        "The-Indent-2026!",
        "indent123456",
        "1nd3nt-2026-!",
        "marguerite2026",
        "Lindqvist1234",
        "lettres-12345",
        "aaaaaaaaaaaaaa",
        "!!!!!!!!!!!!!!",
        "editor_editor_1",
    ],
)
def test_what_is_guessed_first_is_refused(user, password):
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "plum tractor 9 evening", "xK9#vTq2!mLw", "indentation is a virtue", "été à la mer 12"],
)
def test_a_good_one_is_taken(user, password):
    validate_password(password, user)
    validate_password(password)


def test_the_form_says_what_is_wrong(client, user):
    user.is_staff = user.is_active = True
    user.set_password("correct horse battery")
    user.save()
    client.force_login(user)
    data = {
        "old_password": "correct horse battery",
        "new_password1": "theindent2026",
        "new_password2": "theindent2026",
    }

    answer = client.post("/admin/password_change/", data)
    assert answer.status_code == 200
    assert b"easy to guess" in answer.content
