"""The mailbox of an e-mail address, and its keyed hash where the address itself is not stored.

Addresses are counted and compared by mailbox; mails go to the address as it was typed.
"""

import hmac
from contextlib import suppress
from hashlib import sha256

from django.conf import settings
from django.utils.encoding import punycode

LENGTH = 254

# How providers deliver: one host for all of theirs, and what they ignore in the name.
# Gmail ignores dots, under both of its hosts (Google: "Dots don't matter in Gmail addresses"). At a host of one's own
# it does not. Proton ignores dots, hyphens and underscores (Proton: "Addresses and aliases"; `removeEmailAlias` in
# ProtonMail/WebClients). Yandex takes a hyphen for a dot (Yandex: "Email address"). Apple delivers one name at three
# hosts (Apple: "If you have an @mac.com or @me.com address").
_GMAIL = "gmail.com", str.maketrans("", "", ".")
_PROTON = "proton.me", str.maketrans("", "", ".-_")
_YANDEX = "yandex.ru", str.maketrans("-", ".")
_APPLE = "icloud.com", {}
PROVIDERS = {
    "gmail.com": _GMAIL, "googlemail.com": _GMAIL,
    "proton.me": _PROTON, "protonmail.com": _PROTON, "pm.me": _PROTON,
    "yandex.ru": _YANDEX, "yandex.com": _YANDEX, "ya.ru": _YANDEX,
    "icloud.com": _APPLE, "me.com": _APPLE, "mac.com": _APPLE,
}  # fmt: skip
# Names are case-sensitive in RFC 5321 and nowhere in fact. What follows a plus sign is a detail of one mailbox
# (RFC 5233) at Gmail, Outlook, Exchange Online, iCloud, Fastmail, Proton and Yandex, and by default in Postfix and
# Dovecot. Other hosts accept no plus sign.
DETAIL = "+"


def mailbox_of(email: str) -> str:
    """The mailbox of `email`, equal for all of its addresses."""
    name, host = _parts(email)
    host, ignored = PROVIDERS.get(host, (host, {}))
    return f"{name.translate(ignored) or name}@{host}"[:LENGTH]


def _parts(email):
    name, _, host = email.strip().lower().rpartition("@")
    # An invalid host stays as it is; the form refuses it.
    with suppress(UnicodeError):
        host = punycode(host)
    return name.partition(DETAIL)[0] or name, host


def hashes(email: str, purpose: str) -> list[str]:
    """Hashes of the mailbox of `email` (64 hexadecimal digits): under SECRET_KEY, then under its fallbacks.

    Hashes for two purposes cannot be compared.
    """
    return _hashes(mailbox_of(email), purpose)


def former_hashes(email: str, purpose: str) -> list[str]:
    """The same without the rules of providers, as in older bans."""
    return _hashes("@".join(_parts(email))[:LENGTH], purpose)


def _hashes(mailbox, purpose):
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    own = [hmac.new(key.encode(), purpose.encode(), sha256).digest() for key in keys]
    return [hmac.new(key, mailbox.encode(), sha256).hexdigest() for key in own]
