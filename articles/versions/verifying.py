"""That an article was checked and is still true."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.bases.log import log

from ..models import Article, digest_of
from .content import as_text
from .saving import Kind, State, add, locked, record


@transaction.atomic
def still_true(article: Article, *, by, note: str = "") -> None:
    """Say that what readers see is true today, without publishing what is worked on. `modified_at` stays.

    What waits gets the date too, or it would bring the old one back. The texts before stay in the history, from which
    open forms are merged. Pressed again on the same day, it does nothing.
    """
    article = locked(article.pk)
    today = timezone.localdate()
    if article.verified_on == today:
        return
    live = record(article)
    waiting = list(article.versions.exclude(state__in=[State.LIVE, State.OLD]))
    article.versions.filter(pk=live.pk).update(state=State.OLD)
    dated = {"verified_on": as_text(today)}
    checked = add(article, live.fields | dated, state=State.LIVE, kind=Kind.CHECKED, by=by, note=note, base=live)
    for version in waiting:
        add(article, version.fields, state=State.OLD, kind=version.kind, by=version.by, base=live)
        version.fields, version.base = version.fields | dated, checked
        version.digest = digest_of(version.fields)
        version.save(update_fields=["fields", "digest", "base"])
    article.verified_on = today
    article.save(relate=False)
    log(by, article, _("Still true today"))
