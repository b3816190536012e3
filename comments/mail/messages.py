"""The mails themselves: whom they go to and what they say. Nothing here sends; `comments.mail.tasks` does.

Plain text only. Whatever somebody typed is one line in a header and in a list, so that no name can add a header, and
the mail that confirms an address holds nothing at all by the reader who typed it in.
"""

import re
from collections import Counter

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils.timesince import timesince

from publishing.models import Publication

from ..models import Comment, CommentSettings

SUBJECT_LENGTH = 120
EXCERPT_LENGTH = 160
REPLY_LENGTH = 600
# Comments in one mail.
LISTED = 20
# Controls, separators of lines, and what turns the direction of writing around.
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+")


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """`text` on one line, without controls, cut to `length` characters: safe in a header, harmless in a mail."""
    line = " ".join(_NOT_PRINTED.sub(" ", text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def ago(moment) -> str:
    """How long ago, in the largest unit: "3 hours"."""
    return timesince(moment, depth=1).replace("\xa0", " ")


def _letter(template, subject, to, stop_url="", **context) -> EmailMessage:
    """A message that no program answers, with the way out of RFC 8058 where there is one."""
    publication = one_line(Publication.current().name)
    context |= {"publication": publication, "site_url": settings.SITE_URL, "stop_url": stop_url}
    # RFC 3834: nobody's absence is answered to us.
    headers = {"Auto-Submitted": "auto-generated"}
    if stop_url:
        headers |= {
            "List-Unsubscribe": f"<{settings.SITE_URL}{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    body = render_to_string(f"comments/mail/{template}.txt", context)
    return EmailMessage(one_line(f"{subject} · {publication}"), body, to=[to], headers=headers)


def confirmation(address, article) -> EmailMessage:
    """Asks the owner of `address` to confirm it."""
    return _letter(
        "confirmation", "Confirm your address", address.email, address.get_stop_url(),
        article=one_line(article.title), confirm_url=address.get_confirm_url(),
    )  # fmt: skip


def reply_news(replies: list[Comment]) -> EmailMessage:
    """Tells whoever wrote the comments above `replies`, all of one conversation, of them."""
    first, count = replies[0], len(replies)
    address, article = first.parent.notify, one_line(first.article.title)
    noun = "A reply" if count == 1 else f"{count} replies"
    return _letter(
        "reply", f"{noun} under “{article}”", address.email, address.get_stop_url(first.root_id),
        article=article, count=count, more=count - LISTED, replies=[_told(reply) for reply in replies[:LISTED]],
    )  # fmt: skip


def _told(reply):
    return {
        "name": one_line(reply.name),
        "is_editorial": reply.is_editorial,
        "url": reply.get_absolute_url(),
        "lines": [one_line(line, REPLY_LENGTH) for line in _cut(reply.body).splitlines()],
    }


def _cut(text):
    return text if len(text) <= REPLY_LENGTH else text[: REPLY_LENGTH - 1].rstrip() + "…"


def _queues():
    """What moderators are told of: comments that wait, and visible ones that enough readers reported."""
    comments, threshold = Comment.objects, CommentSettings.current().report_threshold
    return comments.pending(), comments.suspect(), comments.reported(threshold)


def anything_waits() -> bool:
    """Whether a digest would say anything. Three queries at most."""
    return any(queue.exists() for queue in _queues())


def moderators():
    """Who gets digests: everybody who may decide and has an address, one for each address. One query."""
    by_address = {user.email.casefold(): user for user in _addressed_moderators().order_by("-pk")}
    return sorted(by_address.values(), key=lambda user: user.pk)


def _addressed_moderators():
    users = User.objects.with_perm("comments.moderate_comment", backend="django.contrib.auth.backends.ModelBackend")
    return users.filter(is_staff=True).exclude(email="")


def reaches_nobody() -> bool:
    """Whether digests are on and no account that gets them has an address. One query, none while they are off."""
    return bool(CommentSettings.current().digest_hours) and not _addressed_moderators().exists()


def digest(user) -> EmailMessage | None:
    """What waits for a moderator, oldest first; None while nothing does. Nine queries."""
    count = sum(queue.count() for queue in _queues())
    if not count:
        return None
    heads = [comment for queue in _queues() for comment in queue.select_related("article")[:LISTED]]
    oldest = sorted(heads, key=lambda comment: (comment.created_at, comment.pk))[:LISTED]
    articles = Counter()
    for queue in _queues():
        rows = queue.order_by().values_list("article__title").annotate(number=Count("pk")).order_by("-number")
        articles.update(dict(rows[: LISTED + 1]))
    noun = "comment is waiting" if count == 1 else "comments wait"
    context = {
        "count": count,
        "noun": noun,
        "oldest": ago(oldest[0].created_at),
        "articles": [(one_line(title), number) for title, number in articles.most_common(LISTED)],
        "more_articles": len(articles) > LISTED,
        "comments": [_listed(comment) for comment in oldest],
        "more": count - len(oldest),
        "hours": CommentSettings.current().digest_hours,
    }
    return _letter("digest", f"{count} {noun}", user.email, **context)


def _listed(comment):
    return {
        "pk": comment.pk,
        "name": one_line(comment.name),
        "kind": comment.get_kind_display().lower(),
        "is_reported": comment.status != "pending",
        "article": one_line(comment.article.title),
        "excerpt": one_line(comment.body, EXCERPT_LENGTH),
        "waited": ago(comment.created_at),
    }
