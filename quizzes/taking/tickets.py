"""The signed blob that a paper is made from, and comes back with.

It says which edition, with which seed things are shuffled and drawn, and, where there is a time limit, since when. It
is signed and not secret: whoever changes a byte has no paper. The paper that everybody gets has a ticket without seed.
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

SALT = "quizzes.tickets"
# A hundred questions in a retry, and room.
LONGEST = 2000
# What is left to a slow line after the time is over.
GRACE = timedelta(seconds=30)
# More time for those who need it, in percent; nobody has to say why.
EXTENSIONS = (0, 50, 100)


class BadTicket(ValueError):
    """Not a ticket of this site, or a changed one."""


@dataclass(frozen=True)
class Ticket:
    """What a paper is a function of.

    `edition` is the edition's id, `seed` at most 22 letters, `issued_at` seconds since 1970 or None, `extension`
    percent more time, `only` the ids of the questions of a second try; empty for a whole paper.
    """

    edition: int
    seed: str = ""
    issued_at: int | None = None
    extension: int = 0
    only: tuple[int, ...] = ()
    # Under which secret key it was signed; shuffles and tokens of the paper depend on it too.
    secret: str = field(default="", repr=False, compare=False)

    def __post_init__(self):
        if not self.secret:
            object.__setattr__(self, "secret", settings.SECRET_KEY)

    @property
    def is_started(self) -> bool:
        """Whether it was given to one reader."""
        return bool(self.seed)

    @property
    def is_whole(self) -> bool:
        return not self.only

    def key(self, purpose: str) -> bytes:
        """32 bytes for shuffling, which nobody knows who only knows the seed."""
        value = f"{self.edition}:{self.seed}"
        return salted_hmac(f"{SALT}.{purpose}", value, secret=self.secret, algorithm="sha256").digest()

    def sealed(self) -> str:
        data = {"e": self.edition}
        for name, value in [("s", self.seed), ("t", self.issued_at), ("x", self.extension), ("o", list(self.only))]:
            if value:
                data[name] = value
        return signing.Signer(key=self.secret, salt=SALT).sign_object(data)

    def seconds_left(self, minutes: int | None, now: int) -> int | None:
        """Seconds until the time limit of `minutes` is over, negative afterwards; None without a limit."""
        if not minutes or self.issued_at is None:
            return None
        return self.issued_at + minutes * 60 * (100 + self.extension) // 100 - now

    def is_late(self, minutes: int | None, now: int) -> bool:
        left = self.seconds_left(minutes, now)
        return left is not None and left < -GRACE.total_seconds()


def issued(edition: int, *, now: int | None, extension: int = 0) -> Ticket:
    """A ticket for one reader, with a seed of its own."""
    return Ticket(edition, secrets.token_urlsafe(9), now, extension)


def again(ticket: Ticket, questions: tuple[int, ...], seed: str) -> Ticket:
    """A ticket for a second try at some of the questions, without a clock."""
    return replace(ticket, seed=seed, issued_at=None, extension=0, only=questions)


def opened(text: str) -> Ticket:
    """Read a ticket. Raises BadTicket for anything that was not signed here, under the current or an earlier key."""
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
