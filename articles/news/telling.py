"""Who is told what happened to an article.

All of this only stores rows and a task, in the transaction of what it is about: a mail can neither delay nor undo it.
"""

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from publishing import mail

from ..models import Article, MailChoice, News
from . import mails

What = News.What
# Of one step: a publication may have many editors.
MOST_READERS = 200


def wants_news(user) -> bool:
    """Whether the account wants mails about articles. One query."""
    return not MailChoice.objects.filter(user=user, wants_news=False).exists()


def choose(user, wants: bool) -> None:
    """Send the account mails about articles from now on, or not."""
    MailChoice.objects.update_or_create(user=user, defaults={"wants_news": wants})


def _editors():
    users = User.objects.with_perm("articles.publish_article", backend="django.contrib.auth.backends.ModelBackend")
    return users.order_by("pk").values("pk")


def _writers(article: Article):
    return article.bylines.order_by().values("author__user")


def editors(article: Article, what: str, *, by, text: str = "") -> None:
    """Tell all accounts that may publish, but for `by`. Three queries; none if no mail leaves this machine."""
    _tell(article, Q(pk__in=_editors()), what, by, text)


def writers(article: Article, what: str, *, by, text: str = "") -> None:
    """Tell the accounts in the byline, but for `by`. Three queries; none if no mail leaves this machine."""
    _tell(article, Q(pk__in=_writers(article)), what, by, text)


def other_side(article: Article, what: str, *, by, text: str) -> None:
    """Tell the accounts in the byline and those that wrote notes; if that is nobody who may publish, all who may."""
    noted = article.paragraph_notes.order_by().values("by")
    found = Q(pk__in=_writers(article)) | Q(pk__in=noted)
    is_of_editor = by.has_perm("articles.publish_article")
    if not is_of_editor and not User.objects.filter(found, pk__in=_editors()).exclude(pk=by.pk).exists():
        found |= Q(pk__in=_editors())
    _tell(article, found, what, by, text)


def one(article: Article, user, what: str, *, text: str) -> None:
    """Tell this account what nobody did."""
    if user is not None:
        _tell(article, Q(pk=user.pk), what, None, text)


def _tell(article: Article, who: Q, what: str, by, text: str) -> None:
    if not mail.is_set_up():
        return
    users = User.objects.filter(who, is_active=True, is_staff=True).exclude(email="")
    users = users.exclude(mail_choice__wants_news=False)
    if by is not None:
        users = users.exclude(pk=by.pk)
    rows = [News(article=article, to=user, by=by, what=what, text=text) for user in users[:MOST_READERS]]
    if rows:
        News.objects.bulk_create(rows)
        mails.send_news.using(run_after=timezone.now() + mails.PAUSE).enqueue(article.pk)
