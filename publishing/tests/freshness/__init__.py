"""Changes of everything that is stored in a `Magazine`, in the order in which they are made: `CHANGES`."""

from . import articles, clock, hidden, lists, quizzes, site, thread

CHANGES = [
    change
    for module in (hidden, thread, articles, clock, lists, quizzes, site)
    for change in module.changes
]  # fmt: skip
