"""Groups of routes: each public view says which part of the site it belongs to.

What a maintenance window does with them is in `publishing.maintenance`.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """What a maintenance window can apply to."""

    ARTICLES = "articles", _("Articles and pages")
    COMMENTS = "comments", _("Comments")
    FEEDS = "feeds", _("Feeds")
    SEARCH = "search", _("Search")
    QUIZZES = "quizzes", _("Quizzes")
    PREVIEWS = "previews", _("Previews")


# Open in every state: what pages are made of, and files whose absence machines take for a prohibition.
ALWAYS = "always"
# The admin, which ends a maintenance.
DESK = "desk"


def in_group(group: str):
    """Decorator of a view: it belongs to a `Group`, or to `ALWAYS`. An instance of a class has the attribute itself."""

    def decorate(view):
        view.group = group
        return view

    return decorate


def group_of(view) -> str | None:
    """The group that a view declares, if it does."""
    # Views of several kinds of list are partials.
    return getattr(getattr(view, "func", view), "group", None)
