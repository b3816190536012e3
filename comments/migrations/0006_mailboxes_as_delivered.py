"""The mailbox of each stored e-mail address is compared as its provider delivers it."""

from contextlib import suppress

from django.db import migrations
from django.utils.encoding import punycode

HOSTS = {
    "gmail.com": ("gmail.com", str.maketrans("", "", ".")),
    "googlemail.com": ("gmail.com", str.maketrans("", "", ".")),
    "proton.me": ("proton.me", str.maketrans("", "", ".-_")),
    "protonmail.com": ("proton.me", str.maketrans("", "", ".-_")),
    "pm.me": ("proton.me", str.maketrans("", "", ".-_")),
    "yandex.ru": ("yandex.ru", str.maketrans("-", ".")),
    "yandex.com": ("yandex.ru", str.maketrans("-", ".")),
    "ya.ru": ("yandex.ru", str.maketrans("-", ".")),
    "icloud.com": ("icloud.com", {}),
    "me.com": ("icloud.com", {}),
    "mac.com": ("icloud.com", {}),
}


def as_delivered(email):
    name, _, host = email.strip().lower().rpartition("@")
    name = name.split("+")[0] or name
    with suppress(UnicodeError):
        host = punycode(host)
    host, ignored = HOSTS.get(host, (host, {}))
    return f"{name.translate(ignored) or name}@{host}"[:254]


def as_typed(email):
    name, _, host = email.strip().lower().rpartition("@")
    return f"{name.split('+')[0]}@{host}"[:254]


def fill(rule):
    def change(apps, schema_editor):
        rows = apps.get_model("comments", "EmailAddress").objects.using(schema_editor.connection.alias)
        for pk, email, mailbox in rows.values_list("pk", "email", "mailbox").iterator(chunk_size=2000):
            if (wanted := rule(email)) != mailbox:
                rows.filter(pk=pk).update(mailbox=wanted)

    return change


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_require_moderation")]

    operations = [migrations.RunPython(fill(as_delivered), fill(as_typed))]
