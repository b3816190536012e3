"""Where an address that was public leads now: to another one, or to the word that it was withdrawn."""

from ..cache import generations
from ..models import WITHDRAWN, Redirect
from ..paths import path_of, stored_path

_all = generations.CachedValue(lambda: dict(Redirect.objects.values_list("old_path", "new_path")), default=dict)


def leave(old: str, new: str) -> None:
    """Answer `old` with a permanent redirect to `new` from now on. Costs four queries.

    Chains are shortened to one hop, and a redirect away from `new` is dropped, so renaming A to B to A leaves no loop.
    """
    old_path, new_path = stored_path(old), new
    if old_path == path_of(new):
        return
    reopen(new)
    Redirect.objects.filter(new_path__in=[old, old_path]).update(new_path=new_path)
    Redirect.objects.update_or_create(old_path=old_path, defaults={"new_path": new_path})
    generations.invalidate()


def withdraw(*addresses: str) -> None:
    """Answer each with 410 from now on, unless a page is there. One query."""
    if not addresses:
        return
    rows = [Redirect(old_path=stored_path(address), new_path=WITHDRAWN) for address in addresses]
    Redirect.objects.bulk_create(rows, update_conflicts=True, unique_fields=["old_path"], update_fields=["new_path"])
    generations.invalidate()


def reopen(*addresses: str) -> None:
    """Forget where each led: there is a page again. One query."""
    if not addresses:
        return
    Redirect.objects.filter(old_path__in=map(path_of, addresses)).delete()
    generations.invalidate()


def is_withdrawn(address: str) -> bool:
    """Whether it answers 410, read inside the running transaction. One query."""
    return Redirect.objects.filter(old_path=path_of(address), new_path=WITHDRAWN).exists()


def target(path: str) -> str | None:
    """Where a path leads: `WITHDRAWN`, or None when nothing is known of it. No query while nothing has changed."""
    return _all.get().get("/" + path.strip("/"))
