"""What comes in after the articles of a source. Apps register functions in their module `following`."""

from collections.abc import Callable

_FUNCTIONS: list[Callable] = []


def register(function: Callable) -> Callable:
    """`function(run)` is called at the end of each import, with the `Import` of articles.importing.running."""
    _FUNCTIONS.append(function)
    return function


def follow(run) -> None:
    for function in _FUNCTIONS:
        function(run)
