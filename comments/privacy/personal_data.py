"""Everything that is stored about one writer, as a JSON file for them.

It does not say who the moderators are. Spam is called rejected, as everywhere, so that spammers learn nothing.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, prefetch_related_objects
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models.counts import Heart
from publishing.text.mailboxes import hashes

from ..models import ERASURE, WITHDRAWN, Ban, Comment, EmailAddress, EndedMailbox, ModerationEntry, Report, Status
from ..models.people import ENDED
from ..reading import writer_status
from ..screening import bans


def collect(comments: list[Comment], addresses: Iterable[EmailAddress], readers: set[str]) -> dict:
    """What is stored about the writer of `comments` (with their articles), the owner of `addresses`, and the browsers
    with the keys `readers`. About ten queries."""
    addresses, readers = list(addresses), sorted(readers - {""})
    prefetch_related_objects(comments, "revisions", "entries")
    return {
        "site": settings.SITE_URL,
        "exported_at": timezone.now(),
        "browsers": readers,
        "comments": [
            _comment(comment, state)
            for comment, state in zip(comments, writer_status.statuses(comments), strict=True)
        ],
        "decisions_about_deleted_comments": [
            {"comment": entry.comment_number} | _decision(entry)
            for entry in ModerationEntry.objects.filter(~Q(reader=""), reader__in=readers, comment=None)
        ],
        "email_addresses": [
            {
                "email": address.email, "compared_as": address.mailbox, "given_at": address.created_at,
                "confirmed_at": address.confirmed_at,
                "mails_ended": EndedMailbox.objects.filter(hash__in=hashes(address.email, ENDED)).exists(),
            }
            for address in addresses
        ],
        "reports_made": [
            {
                "comment": row.comment_id, "reason": row.get_reason_display(), "at": row.created_at,
                "network": row.network,
            }
            for row in Report.objects.filter(reader__in=readers)
        ],
        "hearts": [
            {"article": heart.article.title, "at": heart.created_at}
            for heart in Heart.objects.filter(reader__in=readers).select_related("article").order_by("pk")
        ],
        "bans": _bans(addresses, readers),
    }  # fmt: skip


def as_file(data: dict, name: str) -> JsonResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False}, headers=headers)


def _comment(comment, state):
    is_rejected = comment.status == Status.REJECTED
    shown = comment.is_visible and comment.article.is_published
    return {
        "number": comment.pk,
        "article": comment.article.title,
        "answers": comment.parent_id,
        "kind": comment.kind,
        "name": comment.name,
        "body": comment.body,
        "earlier_texts": [
            {"kind": row.kind, "name": row.name, "body": row.body, "until": row.created_at}
            for row in comment.revisions.all()
        ],
        "state": state.status,
        "state_in_words": str(state.words),
        "held_because": comment.hold_reasons,
        "reason": comment.get_reason_display() if is_rejected else "",
        "note": comment.note if is_rejected else "",
        "decisions": [_decision(entry) for entry in comment.entries.all()],
        "open_reports": comment.open_reports,
        "sent_at": comment.created_at,
        "changed_at": comment.edited_at,
        "decided_at": comment.decided_at,
        "erased_at": comment.erased_at,
        "writer_of_the_answered_told_at": comment.notified_at,
        "news_of_replies": comment.notify_id is not None,
        "browser": comment.reader,
        "hashes": {
            "network": comment.network, "wider_network": comment.network_range, "text": comment.text_key,
            "mailbox": comment.writer_hash,
        },
        "imported_as": comment.external_id,
        "address": settings.SITE_URL + comment.get_absolute_url() if shown else None,
        "receipt": settings.SITE_URL + comment.get_receipt_url(),
    }  # fmt: skip


def _decision(entry):
    return {
        "at": entry.created_at,
        "by": _decided_by(entry),
        "from": _public(entry.old_status),
        "to": _public(entry.new_status),
        "reason": entry.get_reason_display(),
        "note": entry.note,
    }


def _decided_by(entry):
    # Translators: who decided about a comment.
    if entry.moderator_id:
        return _("a moderator")
    return {WITHDRAWN: _("you"), ERASURE: _("an erasure")}.get(entry.rule) or _("a rule")


def _public(status):
    return Status.REJECTED.value if status == Status.SPAM else status


def _bans(addresses, readers):
    emails = {value for address in addresses for value in bans.hashed_emails(address.email)}
    about = Ban.objects.filter(
        Q(kind=Ban.Kind.READER, value__in=readers) | Q(kind=Ban.Kind.EMAIL, value__in=sorted(emails))
    )
    return [
        {"of": ban.get_kind_display(), "since": ban.created_at, "until": ban.expires_at}
        for ban in about.order_by("created_at", "pk")
    ]
