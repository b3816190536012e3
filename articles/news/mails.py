"""The mails about an article: all that one colleague has not been told yet is in one."""

from datetime import timedelta
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from publishing.mail import NOTHING_TO_SEND, SENT, message, next_try, one_line, send
from publishing.text import languages

from ..models import Article, MailChoice, News

# A mail waits for what comes next, this long after the last thing and that long after the first one.
PAUSE, LONGEST_PAUSE = timedelta(minutes=3), timedelta(minutes=15)
# What could not be sent in this time is not sent any more.
KEPT = timedelta(days=2)
NOT_YET = "not yet"
# Of one mail, and of each text in it.
LISTED, TEXT_LENGTH = 30, 600


@task()
def send_news(article_id: int) -> str:
    """Start a mail for each colleague who has not been told all about an article. Later, if more has just happened."""
    with transaction.atomic():
        now = timezone.now()
        News.objects.filter(happened_at__lt=now - KEPT).delete()
        rows = News.objects.select_for_update().filter(article=article_id, is_claimed=False).order_by("to", "pk")
        found = list(rows.values_list("to", "pk", "happened_at"))
        moments = [moment for *_, moment in found]
        if not found:
            return NOTHING_TO_SEND
        if max(moments) > now - PAUSE and min(moments) > now - LONGEST_PAUSE:
            # The task of what happened last sends all of it.
            return NOT_YET
        News.objects.filter(pk__in=[key for _to, key, _at in found]).update(is_claimed=True)
        for user, group in groupby(found, lambda row: row[0]):
            mail_news.enqueue(user, [key for _to, key, _at in group])
    return f"{len(found)} to send"


@task()
def mail_news(user_id: int, keys: list[int], attempt: int = 0) -> str:
    """Send one colleague what happened, unless they left, may not see the article any more, or want no such mails."""
    with transaction.atomic():
        rows = list(News.objects.filter(pk__in=keys).select_related("by"))
        user = User.objects.filter(pk=user_id, is_active=True, is_staff=True).exclude(email="").first()
        is_wanted = user and rows and not MailChoice.objects.filter(user=user, wants_news=False).exists()
        article = is_wanted and Article.objects.visible_to(user).only("title").filter(pk=rows[0].article_id).first()
        if not article:
            News.objects.filter(pk__in=keys).delete()
            return NOTHING_TO_SEND
        again = next_try(mail_news, attempt, user_id, keys)
    with languages.of_the_desk():
        mail = _message(user, article, rows)
    result = send(mail, again)
    if result == SENT:
        News.objects.filter(pk__in=keys).delete()
    return result


def _message(user, article: Article, rows: list[News]) -> EmailMessage:
    # What was done twice in a few minutes is said once.
    told = {(row.what, row.by_id, row.text): row for row in rows}
    found = [
        {
            "sentence": _sentence(row, article),
            "lines": [one_line(line, TEXT_LENGTH) for line in row.text[:TEXT_LENGTH].splitlines()],
        }
        for row in told.values()
    ]
    title = one_line(article.title)
    last = rows[-1]
    mail = message(
        "admin/articles/news.txt",
        gettext("“%(title)s”: %(what)s") % {"title": title, "what": SUBJECTS[last.what]},
        user.email,
        happened=found[-LISTED:],
        form=reverse("admin:articles_article_change", args=[article.pk]),
        choice=reverse("admin:auth_user_mails"),
    )
    # One conversation for each article (RFC 5322, 3.6.4).
    thread = f"<article-{article.pk}@{urlsplit(settings.SITE_URL).hostname}>"
    mail.extra_headers |= {"References": thread, "In-Reply-To": thread}
    return mail


What = News.What
SUBJECTS = {
    What.REVIEW: _("sent for review"),
    What.CHANGES_FOR_REVIEW: _("changes sent for review"),
    What.SENT_BACK: _("sent back"),
    What.PUBLISHED: _("published"),
    What.SCHEDULED: _("scheduled"),
    What.WITHDRAWN: _("withdrawn"),
    What.NOT_PUBLISHED: _("changes not published"),
    What.NOTE: _("a note"),
    What.ANSWER: _("an answer to a note"),
}
SENTENCES = {
    What.REVIEW: _("%(name)s sent for review “%(title)s”"),
    What.CHANGES_FOR_REVIEW: _("%(name)s sent for review the changes of “%(title)s”"),
    What.SENT_BACK: _("%(name)s sent back “%(title)s”"),
    What.PUBLISHED: _("%(name)s published “%(title)s”"),
    What.SCHEDULED: _("%(name)s scheduled “%(title)s”"),
    What.WITHDRAWN: _("%(name)s withdrew “%(title)s”"),
    What.NOT_PUBLISHED: _("%(name)s could not publish the changes of “%(title)s”"),
    What.NOTE: _("%(name)s wrote a note on “%(title)s”"),
    What.ANSWER: _("%(name)s answered a note on “%(title)s”"),
}


def _sentence(row: News, article: Article) -> str:
    name = one_line(row.by.get_full_name() or row.by.get_username()) if row.by else gettext("The site")
    return SENTENCES[row.what] % {"name": name, "title": one_line(article.title)}
