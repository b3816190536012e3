"""What stops an article before readers first see it, and how an editor overrides it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.bases.log import log

from ..models import Article
from .checking import check_all, draft_of
from .findings import Finding

# A published article has a category by a constraint of the database.
NOT_OVERRIDDEN = "no-category"


def was_public(article: Article) -> bool:
    """Whether readers have seen it: then everything that is found is a warning."""
    return article.published_at is not None and article.published_at <= timezone.now()


def stopping(
    step: str, article: Article, fields: dict, at: datetime | None = None, before: dict | None = None
) -> list[Finding]:
    """What stops a step with which readers see these fields for the first time, now or by the clock.

    `before` are the fields of an article that is scheduled already: only what a change brought in stops it.
    """
    goes_live = step in ("publish", "schedule") or (step == "save" and article.is_scheduled)
    if not goes_live or was_public(article):
        return []
    moment = {"schedule": at, "save": article.published_at}.get(step)
    found = brought_in(draft_of(article, fields, moment), before and draft_of(article, before, moment))
    return [one for one in found if one.is_blocking and one.code != NOT_OVERRIDDEN]


def brought_in(draft, before=None) -> list[Finding]:
    """What is found in a draft and not in the one `before` it."""
    if before is None:
        return check_all([draft])[0]
    found, old = check_all([draft, before])
    keys = {one.key for one in old}
    return [one for one in found if one.key not in keys]


def log_override(by, article: Article, findings: Iterable[Finding], reason: str) -> None:
    """Keep who published it anyway, why, and what had been found."""
    found = ", ".join(
        _("%(code)s (line %(line)s)") % {"code": one.code, "line": one.line} if one.line else one.code
        for one in findings
    )
    text = _("Published despite checks: %(reason)s. Found: %(findings)s") % {"reason": reason, "findings": found}
    log(by, article, text)
