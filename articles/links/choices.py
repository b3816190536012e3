"""What the writing screen offers to link to. Other apps register what they have."""

from collections.abc import Callable
from dataclasses import dataclass

# That are offered of each kind.
MOST = 10


@dataclass(frozen=True)
class Choice:
    """A page: its title, its address, and what readers see of it, if that is not all ("draft")."""

    title: str
    address: str
    state: str = ""


# The choices for an account whose titles have all words of a query; the newest without one. At most `MOST`.
Kind = Callable[[str, object], list[Choice]]
_KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Decorate what finds the pages of a kind, which is called `name` on the screen. At most three queries."""

    def register(function: Kind) -> Kind:
        _KINDS[name] = function
        return function

    return register


def found(query: str, user) -> list[tuple[str, Choice]]:
    """Pairs of the name of a kind and a page, kind by kind."""
    return [(str(name), choice) for name, function in _KINDS.items() for choice in function(query, user)]
