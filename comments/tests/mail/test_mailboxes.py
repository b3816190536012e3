"""Which addresses lead to one mailbox, and what that is compared for."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from comments.models import Ban, EmailAddress
from comments.screening import bans
from publishing.text import mailboxes
from publishing.text.mailboxes import hashes, mailbox_of

SAME = [
    ("annbell@gmail.com", ["Ann.Bell@gmail.com", "a.n.n.b.e.l.l+x@googlemail.com", "ANNBELL+a+b@GMAIL.COM"]),
    ("annbell@proton.me", ["ann-bell@protonmail.com", "Ann_Bell@pm.me", "ann.bell+news@proton.me"]),
    ("ann.bell@yandex.ru", ["ann-bell@ya.ru", "Ann.Bell@yandex.com"]),
    ("ann.bell@icloud.com", ["ann.bell@me.com", "Ann.Bell+x@mac.com"]),
    ("ann.bell@outlook.com", ["ann.bell+x@outlook.com", "Ann.Bell@Outlook.com"]),
    ("ann@xn--bcher-kva.example", ["ann@bücher.example", "ann@BÜCHER.example"]),
]
OTHERS = [
    ("ann.bell@outlook.com", "annbell@outlook.com"),
    ("ann.bell@reader.example", "annbell@reader.example"),
    ("ann.bell@icloud.com", "annbell@icloud.com"),
    ("ann@outlook.com", "ann@hotmail.com"),
    ("annbell@yandex.ru", "ann.bell@yandex.ru"),
    ("ann@gmail.com", "ann@gmail.com.example"),
    # Nothing is left of these names; they are not one mailbox.
    ("+a@reader.example", "+b@reader.example"),
    ("..@gmail.com", "...@gmail.com"),
]


@pytest.mark.parametrize(("mailbox", "addresses"), SAME, ids=[mailbox for mailbox, _ in SAME])
def test_addresses_of_one_mailbox_are_one(mailbox, addresses):
    assert {mailbox_of(address) for address in [mailbox, *addresses]} == {mailbox}


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_addresses_of_two_mailboxes_are_two(one, other):
    assert mailbox_of(one) != mailbox_of(other)


@pytest.mark.parametrize("odd", ["", "@", "x", "a@" + "ü" * 60 + ".example", "a@b..c", "a@" + "x" * 400])
def test_what_is_no_address_raises_nothing(odd):
    assert len(mailbox_of(odd)) <= 254


def test_a_hash_is_for_one_purpose_and_outlives_a_change_of_the_key(settings):
    before = hashes("ann.bell@gmail.com", "one")

    assert hashes("AnnBell@googlemail.com", "one") == before
    assert hashes("annbell@gmail.com", "two")[0] not in before
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert hashes("annbell@gmail.com", "one")[1:] == before[:1] != hashes("annbell@gmail.com", "one")[:1]


def test_a_ban_from_before_providers_were_known_still_holds():
    ban = Ban(kind="email", value=mailboxes.former_hashes("ann.bell@gmail.com", bans.PURPOSE)[0])

    assert ban.value in bans.hashed_emails("Ann.Bell+x@gmail.com")
    assert ban.value not in bans.hashed_emails("ann.b.ell@gmail.com")


@pytest.mark.django_db
def test_the_mailboxes_of_addresses_from_before_are_brought_up_to_date_and_back():
    migration = import_module("comments.migrations.0006_mailboxes_as_delivered")
    every = [address for mailbox, addresses in SAME for address in [mailbox, *addresses]]
    every += [address for pair in OTHERS for address in pair]
    for email in dict.fromkeys(every):
        EmailAddress.objects.create(reader="a" * 32, email=email)
    right = dict(EmailAddress.objects.values_list("email", "mailbox"))
    operation = migration.Migration.operations[0]

    operation.reverse_code(apps, connection.schema_editor())
    assert EmailAddress.objects.get(email="Ann.Bell@gmail.com").mailbox == "ann.bell@gmail.com"
    operation.code(apps, connection.schema_editor())

    assert dict(EmailAddress.objects.values_list("email", "mailbox")) == right
