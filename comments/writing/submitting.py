"""What writers do: submit a comment, edit or withdraw it while it waits. One transaction each."""

from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import CharField, DateTimeField
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.database.prepared import Parameter, Prepared
from publishing.text import lookalikes
from publishing.text.mailboxes import mailbox_of
from publishing.web.refusals import Refused, waiting_time

from ..mail import notify
from ..models import WITHDRAWN, Comment, CommentSettings, Policy, RejectReason, Revision, Status, Thread
from ..models.draft import Draft, Sender
from ..moderation import decisions
from ..screening import bans, checks
from . import trust

# Texts and senders of this time are compared. The same text from the same reader within it is one comment.
COMPARED = timedelta(hours=24)
# For one network, as (number, time).
SUBMIT_RATES = [(1, timedelta(seconds=15)), (5, timedelta(minutes=10)), (30, timedelta(days=1))]


class NotWaiting(Refused):
    """A moderator has decided about the comment."""

    def __init__(self):
        super().__init__(_("A moderator has already decided about this comment, so you cannot change it."), 409)


def submit(article, draft: Draft, sender: Sender) -> Comment:
    """Store a comment, held unless the thread's policy trusts its writer; returns it, or the same one that they sent in
    the last 24 hours.

    Raises `bans.Banned`, or `Refused` above the rate. Comments are stored one after another, so that limits are exact
    in every process. Eight queries at most for a reader without an e-mail address.
    """
    verdict = checks.ask_akismet(article, draft, sender)
    with transaction.atomic():
        networks = bans.networks_of(sender.address)
        text_key = lookalikes.text_key(draft.body)
        # Of the day before there may be no key.
        today, yesterday = networks.lately[0], networks.lately[-1]
        lately = _sent_lately()(today=today, yesterday=yesterday, text_key=text_key, since=_compared_since())
        if earlier := _repeated(article, draft, sender, networks, lately):
            _add_address(earlier, article, draft, sender, networks)
            return earlier
        bans.refuse(sender, draft.email, networks.keys)
        if seconds := seconds_to_wait([c.created_at for c in lately if c.network in networks.lately]):
            sentence = _("You are posting too fast. Try again in %(time)s.") % {"time": waiting_time(seconds)}
            raise Refused(sentence, 429, seconds)
        same_text = [comment for comment in lately if comment.text_key == text_key]
        holds = [*checks.screen(draft, same_text), *verdict]
        comment = Comment(
            article=article, parent=draft.parent, reader=sender.reader, network=networks.network,
            network_range=networks.network_range, text_key=text_key, **_texts(draft),
        )  # fmt: skip
        if draft.email:
            comment.notify = notify.address_for(sender.reader, draft.email, article, networks.network)
        _store(comment, article, holds)
    return comment


def _compared_since() -> datetime:
    return timezone.now() - COMPARED


@cache
def _sent_lately() -> Prepared:
    networks = [Parameter(day, CharField()) for day in ("today", "yesterday")]
    since = Parameter("since", DateTimeField())
    return Prepared(Comment.objects.sent_lately(networks, Parameter("text_key", CharField()), since))


def revise(comment: Comment, draft: Draft, address: str = "unknown") -> Comment:
    """Replace the text of a waiting comment and screen it again, for its writer, who is at `address` now.
    Raises `NotWaiting` or `bans.Banned`."""
    with transaction.atomic():
        current = _locked_waiting(comment)
        bans.refuse(Sender(current.reader, address), "", bans.live_keys())
        if _texts(draft) == _texts(current):
            return current
        Revision.objects.create(comment=current, digest=current.digest, **_texts(current))
        for name, text in _texts(draft).items():
            setattr(current, name, text)
        current.text_key, current.edited_at = lookalikes.text_key(draft.body), timezone.now()
        same_text = [
            other for other in Comment.objects.same_text(current.text_key, _compared_since()) if other != current
        ]
        # Akismet is not asked again.
        kept = [checks.Hold(**hold) for hold in current.holds if hold["rule"].startswith("akismet")]
        holds = [*checks.screen(draft, same_text), *kept]
        checks.attach(current, holds)
        current.save(update_fields=["kind", "name", "body", "html", "text_key", "edited_at", "holds", "is_suspect"])
        if rule := _rejecting_rule(holds):
            decisions.change_state(current, Status.REJECTED, RejectReason.OTHER, rule=rule)
    return current


def withdraw(comment: Comment) -> Comment:
    """Withdraw a waiting comment. Raises `NotWaiting`."""
    with transaction.atomic():
        current = _locked_waiting(comment)
        decisions.change_state(current, Status.REMOVED, rule=WITHDRAWN)
    return current


def _texts(written: Draft | Comment) -> dict[str, str]:
    return {name: getattr(written, name) for name in ("kind", "name", "body")}


def _locked_waiting(comment):
    current = decisions.locked(comment)
    if current.status != Status.PENDING:
        raise NotWaiting
    return current


def seconds_to_wait(sent_at: list[datetime]) -> int:
    """Whole seconds until `SUBMIT_RATES` allow one more, after those `sent_at` these times, newest first."""
    now = timezone.now()
    waits = [sent_at[number - 1] + time - now for number, time in SUBMIT_RATES if len(sent_at) >= number]
    longest = max(waits, default=timedelta(0))
    return max(0, -(-longest // timedelta(seconds=1)))


def _repeated(article, draft, sender, networks, lately):
    """The same comment by the same reader, unless it was removed.

    A browser that sends the form twice before it has its first cookie is two readers: then a waiting comment from the
    same network counts. The receipt of another writer is never returned.
    """
    parent = draft.parent.pk if draft.parent else None
    for comment in lately:
        same = (comment.article_id, comment.parent_id, comment.name, comment.body) == (
            article.pk, parent, draft.name, draft.body,
        )  # fmt: skip
        sent_twice = comment.status == Status.PENDING and comment.network in networks.lately
        if same and comment.status != Status.REMOVED and (comment.reader == sender.reader or sent_twice):
            return comment
    return None


def _add_address(earlier, article, draft, sender, networks):
    """Use the address that came when the comment was sent again."""
    is_known = earlier.notify is not None and earlier.notify.mailbox == mailbox_of(draft.email)
    if draft.email and earlier.reader == sender.reader and not is_known:
        bans.refuse(sender, draft.email, networks.keys)
        earlier.notify = notify.address_for(sender.reader, draft.email, article, networks.network)
        earlier.save(update_fields=["notify"])


def _rejecting_rule(holds):
    return next((hold.rule for hold in holds if hold.rejects), "")


def _store(comment, article, holds):
    """Insert a comment in the state that screening and policy give it; if that is decided, with its entry."""
    thread, rule = Thread.stored(article), _rejecting_rule(holds)
    checks.attach(comment, holds)
    if rule:
        comment.status, comment.reason, comment.decided_at = Status.REJECTED, RejectReason.OTHER, timezone.now()
    elif (
        not holds
        and CommentSettings.current().policy_of(thread) == Policy.TRUST_KNOWN
        and trust.is_known(comment.reader)
    ):
        comment.status, comment.decided_at, comment.is_visible = Status.APPROVED, timezone.now(), True
        rule = "known"
    else:
        comment.save()
        notify.schedule_digest()
        return
    decisions.insert(comment, rule=rule)
