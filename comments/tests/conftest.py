"""Who is at work in the tests of comments."""

import pytest
from django.contrib.auth.models import User

from publishing.tests.factories import make_user


def _signed_in(client, role):
    user = make_user(role)
    client.force_login(user)
    return user


@pytest.fixture
def moderator(client):
    """A moderator, signed in with `client`."""
    return _signed_in(client, "moderator")


@pytest.fixture
def editor(client):
    """An editor, signed in with `client`."""
    return _signed_in(client, "editor")


@pytest.fixture
def colleague():
    """Another moderator, called Noor Haddad."""
    user = make_user("moderator")
    User.objects.filter(pk=user.pk).update(first_name="Noor", last_name="Haddad")
    return User.objects.get(pk=user.pk)
