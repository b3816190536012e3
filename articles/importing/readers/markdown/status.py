"""Whether a head says that its post is public."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext

from .when.dates import NoDate

PUBLIC = {"published", "publish", "public", "final", "live", "ready", "done", "finished", "complete", "completed"}
PUBLIC |= {"evergreen", "stable", "active", "everyone", "all", "open", "free", "visible", "listed", "online"}
# Of ours, kept as they are.
KEPT = {"draft", "review", "archived"}
_TRUE = {"true", "yes", "on", "1", "y"}
_FALSE = {"false", "no", "off", "0", "n", "never"}
# Keys that make a post a draft if they are true.
_CLOSED = ("draft", "isdraft", "is_draft", "wip", "unlisted", "hidden", "hide", "private", "members", "membersonly")
_CLOSED += ("members_only", "paid", "premium", "paywall", "headless", "unpublished", "exclude", "disabled", "secret")
_CLOSED += ("eleventyexcludefromcollections", "internal", "email_only", "subscribers_only", "emailonly")
# And those that do if they are false.
_OPEN = ("published", "publish", "public", "ispublished", "is_published", "listed", "render", "visible", "is_public")
_OPEN += ("permalink", "output")
_WORDS = ("status", "visibility", "post_status", "poststatus")
# Keys that may mean something else: only these words count there.
_OTHER_WORDS = ("state", "access", "audience")
_CLOSED_WORDS = {
    "draft",
    "private",
    "hidden",
    "pending",
    "members",
    "member",
    "paid",
    "only_paid",
    "only_free",
    "premium",
}
_CLOSED_WORDS |= {"subscribers", "internal", "unlisted", "restricted", "password", "founding", "tiers", "staff"}
_FUTURE = ("publishdate", "publish_date", "scheduled", "scheduled_at", "publish_at", "embargo")
_EXPIRY = ("expirydate", "expiry_date", "expires", "expire", "expiredate", "unpublishdate", "unpublish_date")
_NEVER = {"never", "none", "no", "n/a", "-"}
KEYS = {*_CLOSED, *_OPEN, *_WORDS, *_EXPIRY, "password", "build", "_build"} - {"permalink", "hide"}


def is_true(value) -> bool:
    return str(value).strip().lower() in _TRUE


def is_false(value) -> bool:
    return str(value).strip().lower() in _FALSE


def read(head: dict, moment: Callable, now: datetime) -> tuple[str, str]:
    """Of a head with lower-case keys: the status and, if it is not "published", why."""
    for key in _CLOSED:
        value = head.get(key)
        if is_true(value) or (key == "draft" and isinstance(value, str) and value and not is_false(value)):
            return "draft", f"{key}: {str(value).lower()}"
    for key in _OPEN:
        if key in head and is_false(head[key]):
            return "draft", f"{key}: {str(head[key]).lower()}"
    if said := _by_word(head):
        return said
    if head.get("password"):
        return "draft", gettext("it has a password")
    for key in ("build", "_build"):
        build = head.get(key)
        if isinstance(build, dict) and (is_false(build.get("render")) or is_false(build.get("list"))):
            return "draft", gettext("its page is not built")
    return _by_date(head, moment, now)


def _by_word(head) -> tuple[str, str] | None:
    for key in _WORDS:
        word = str(head.get(key) or "").strip().lower()
        if word and word not in PUBLIC and not is_true(word):
            return (word if word in KEPT else "draft"), f"{key}: {word[:40]}"
    for key in _OTHER_WORDS:
        if (word := str(head.get(key) or "").strip().lower()) in _CLOSED_WORDS:
            return "draft", f"{key}: {word}"
    return None


def _by_date(head, moment, now):
    for keys, words, is_closed in (
        (_FUTURE, gettext("it is to be published at %(moment)s UTC"), lambda at: at > now),
        (_EXPIRY, gettext("it expired at %(moment)s UTC"), lambda at: at <= now),
    ):
        for key in keys:
            if keys is _EXPIRY and str(head.get(key)).lower() in _NEVER:
                continue
            try:
                at = moment(head.get(key))
            except NoDate:
                return "draft", gettext("%(key)s cannot be read") % {"key": key}
            if at and is_closed(at):
                return "draft", words % {"moment": f"{at:%Y-%m-%d %H:%M}"}
    return "published", ""
