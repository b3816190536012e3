"""Who may do what at the desk."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.http import urlencode

from ..models import Ban, Comment


def may_read(user) -> bool:
    """Whether the desk is open to this account: to decide, or only to read what waits and what was decided."""
    return user.has_perm("comments.moderate_comment") or user.has_perm("comments.view_comment")


def may_decide(user) -> bool:
    return user.has_perm("comments.moderate_comment")


def may_answer(user) -> bool:
    """Whether this account may answer readers in the publication's name."""
    return user.has_perm("comments.answer_comment")


def may_pin(user) -> bool:
    return may_decide(user) or may_answer(user)


def need(permission, user) -> None:
    """Refuse with 403 whoever has not the `permission`, one of the functions above."""
    if not permission(user):
        raise PermissionDenied


def ban_links(user, comment: Comment, queue: str = "", only: str = "") -> list[tuple[str, str]]:
    """Where the writer of `comment` can be banned, by what is known of them: pairs of label and address. `queue` and
    the kind of comment `only` say where it goes on afterwards."""
    if not may_decide(user):
        return []
    known = {"reader": comment.reader, "email": comment.notify_id, "network": comment.network}
    labels = {Ban.Kind.READER: "this browser", Ban.Kind.EMAIL: "this e-mail address", Ban.Kind.NETWORK: "this network"}
    add, place = reverse("admin:comments_ban_add"), {"queue": queue, "only": only}
    place = urlencode({name: value for name, value in place.items() if value})
    return [
        (label, f"{add}?comment={comment.pk}&kind={kind}{'&' if place else ''}{place}")
        for kind, label in labels.items()
        if known[kind]
    ]
