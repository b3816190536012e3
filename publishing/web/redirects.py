"""Redirects of old addresses. Functions that write run in the transaction of their caller."""

from ..cache import pages, values
from ..models import WITHDRAWN, Redirect
from ..paths import path_of, stored_path

_all = values.CachedValue(
    lambda: dict(Redirect.objects.values_list("old_path", "new_path")), default=dict, names=(Redirect.NAME,)
)


def leave(old: str, new: str) -> None:
    """Redirect `old` to `new`. Chains become one hop, and a redirect of `new` is deleted, so there are no loops."""
    old_path, new_path = stored_path(old), new
    if old_path == path_of(new):
        return
    reopen(new)
    moved = Redirect.objects.filter(new_path__in=[old, old_path]).update(new_path=new_path)
    if moved or not Redirect.objects.filter(old_path=old_path, new_path=new_path).exists():
        # `save` invalidates.
        Redirect.objects.update_or_create(old_path=old_path, defaults={"new_path": new_path})


def withdraw(*addresses: str) -> None:
    """Answer each with 410, unless a page is found there."""
    if not addresses:
        return
    rows = [Redirect(old_path=stored_path(address), new_path=WITHDRAWN) for address in addresses]
    Redirect.objects.bulk_create(rows, update_conflicts=True, unique_fields=["old_path"], update_fields=["new_path"])
    pages.invalidate(Redirect.NAME)


def reopen(*addresses: str) -> None:
    """Delete the redirects of addresses that have a page again."""
    if not addresses:
        return
    if Redirect.objects.filter(old_path__in=map(path_of, addresses)).delete()[0]:
        pages.invalidate(Redirect.NAME)


def is_withdrawn(address: str) -> bool:
    """Whether it answers 410, read in the running transaction."""
    return Redirect.objects.filter(old_path=path_of(address), new_path=WITHDRAWN).exists()


def target(path: str) -> str | None:
    """The new address of a path, `WITHDRAWN`, or None. No query while nothing has changed."""
    return _all.get().get("/" + path.strip("/"))
