"""What mails say and whom they go to. `comments.mail.tasks` sends them.

Plain text only. What somebody typed is one line in a header and in a list, so that no name can add a header, and the
mail that confirms an address contains nothing by the reader who typed it.
"""

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Count
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.mail import message, one_line
from publishing.text import languages

from ..models import Comment, CommentSettings, Status
from ..models.thread import LONG_PARTS_OF_ARTICLE

EXCERPT_LENGTH = 160
REPLY_LENGTH = 600
# Comments in one mail.
LISTED = 20


def ago(moment) -> str:
    """How long ago, in the largest unit: "3 hours"."""
    return timesince(moment, depth=1).replace("\xa0", " ")


def confirmation(address, article) -> EmailMessage:
    with languages.of_the_site():
        return message(
            "comments/mail/confirmation.txt", _("Confirm your address"), address.email, address.get_stop_url(),
            article=one_line(article.title), confirm_url=address.get_confirm_url(),
        )  # fmt: skip


def reply_news(replies: list[Comment]) -> EmailMessage:
    """About `replies` of one conversation, to the writer of the comments above them."""
    first, count = replies[0], len(replies)
    address, article = first.parent.notify, one_line(first.article.title)
    shown = [
        {
            "name": one_line(reply.name),
            "is_editorial": reply.is_editorial,
            "url": reply.get_absolute_url(),
            "lines": [one_line(line, REPLY_LENGTH) for line in Truncator(reply.body).chars(REPLY_LENGTH).splitlines()],
        }
        for reply in replies[:LISTED]
    ]
    with languages.of_the_site():
        subject = ngettext("A reply on “%(article)s”", "%(count)s replies on “%(article)s”", count)
        return message(
            "comments/mail/reply.txt", subject % {"count": count, "article": article}, address.email,
            address.get_stop_url(first.root_id), article=article, count=count, more=count - LISTED, replies=shown,
        )  # fmt: skip


def waiting():
    """The comments that a digest is about."""
    return Comment.objects.awaiting_moderation(CommentSettings.current().report_threshold)


def moderators():
    """Who gets digests: every account that may decide and has an address, one for each address. One query."""
    return list({user.email.casefold(): user for user in _addressed_moderators().order_by("-pk")}.values())


def _addressed_moderators():
    users = User.objects.with_perm("comments.moderate_comment", backend="django.contrib.auth.backends.ModelBackend")
    return users.filter(is_staff=True).exclude(email="")


def reaches_nobody() -> bool:
    """Whether digests are on and no account that gets them has an address. One query, none while they are off."""
    return bool(CommentSettings.current().digest_hours) and not _addressed_moderators().exists()


def digest(user) -> EmailMessage | None:
    """What waits for a moderator, oldest first, in the desk's language; None if nothing does. Three queries."""
    with languages.of_the_desk():
        return _digest(user)


def _digest(user):
    count = waiting().count()
    if not count:
        return None
    comments = waiting().select_related("article").defer(*LONG_PARTS_OF_ARTICLE)[:LISTED]
    under = waiting().values_list("article__title").annotate(number=Count("pk")).order_by("-number", "article__title")
    articles = [(one_line(title), number) for title, number in under[: LISTED + 1]]
    subject = ngettext("%(count)s comment is waiting", "%(count)s comments are waiting", count) % {"count": count}
    listed = [
        {
            "pk": comment.pk,
            "name": one_line(comment.name),
            "kind": comment.get_kind_display(),
            "is_reported": comment.status != Status.PENDING,
            "article": one_line(comment.article.title),
            "excerpt": one_line(comment.body, EXCERPT_LENGTH),
            "waited": ago(comment.created_at),
        }
        for comment in comments
    ]
    return message(
        "admin/comments/digest.txt", subject, user.email, count=count, articles=articles[:LISTED],
        more_articles=len(articles) > LISTED, comments=listed, oldest=listed[0]["waited"], more=count - len(listed),
        hours=CommentSettings.current().digest_hours,
    )  # fmt: skip
