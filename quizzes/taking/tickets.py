"""Signed text in a paper's form that says which paper it is: edition, seed of shuffles and draws, start of the time.

It is signed, not secret. The paper that everyone gets has a ticket without a seed.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

SALT = "quizzes.tickets"
# Enough for a retry of a hundred questions.
LONGEST = 2000
# For slow connections, after the time limit.
GRACE = timedelta(seconds=30)
# Extra time that readers may choose, in percent.
EXTENSIONS = (0, 50, 100)


class BadTicket(ValueError):
    """Not a ticket of this site, or changed."""


@dataclass(frozen=True)
class Ticket:
    """What a paper is computed from.

    `edition` is its id, `seed` at most 22 letters, `issued_at` seconds since 1970 or None, `extension` extra time in
    percent, `only` the ids of the questions of a retry; empty for a whole paper.
    """

    edition: int
    seed: str = ""
    issued_at: int | None = None
    extension: int = 0
    only: tuple[int, ...] = ()
    # The secret key it was signed with, on which shuffles and tokens of the paper depend too.
    secret: str = field(default_factory=lambda: settings.SECRET_KEY, repr=False, compare=False)

    def key(self, purpose: str) -> bytes:
        """32 bytes for shuffling, which cannot be computed from the seed without the secret key."""
        value = f"{self.edition}:{self.seed}"
        return salted_hmac(f"{SALT}.{purpose}", value, secret=self.secret, algorithm="sha256").digest()

    def sealed(self) -> str:
        data = {"e": self.edition, "s": self.seed, "t": self.issued_at, "x": self.extension, "o": list(self.only)}
        filled = {name: value for name, value in data.items() if value or name == "e"}
        return signing.Signer(key=self.secret, salt=SALT).sign_object(filled)

    def seconds_left(self, minutes: int | None, now: int) -> int | None:
        """Seconds until the time limit of `minutes`, negative after it; None without a limit."""
        if not minutes or self.issued_at is None:
            return None
        return self.issued_at + minutes * 60 * (100 + self.extension) // 100 - now

    def is_late(self, minutes: int | None, now: int) -> bool:
        left = self.seconds_left(minutes, now)
        return left is not None and left < -GRACE.total_seconds()


def issued(edition: int, *, now: int | None, extension: int = 0) -> Ticket:
    """A ticket for one reader, with a random seed."""
    return Ticket(edition, secrets.token_urlsafe(9), now, extension)


def opened(text: str) -> Ticket:
    """Read a ticket. Raises BadTicket unless it was signed with the current or an earlier secret key."""
    if len(text) > LONGEST:
        raise BadTicket
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        try:
            data = signing.Signer(key=secret, fallback_keys=[], salt=SALT).unsign_object(text)
        except (signing.BadSignature, ValueError):
            continue
        return Ticket(
            data["e"], data.get("s", ""), data.get("t"), data.get("x", 0), tuple(data.get("o", ())), secret=secret
        )
    raise BadTicket
