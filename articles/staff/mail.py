"""The mail with a link to choose a password: an invitation, or what somebody asked for who forgot theirs."""

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from publishing.mail import NOTHING_TO_SEND, message, next_try, one_line, send
from publishing.text import languages

from . import links
from .accounts import DUTIES, role_name, role_of


@task()
def mail_link(user_id: int, attempt: int = 0) -> str:
    """Send one account its link; nothing if there is none, or it was ended. The token is made now, and not stored."""
    with transaction.atomic():
        user = User.objects.filter(pk=user_id).exclude(email="").first()
        if user is None or not links.is_open(user):
            return NOTHING_TO_SEND
        again = next_try(mail_link, attempt, user_id)
    with languages.of_the_desk():
        mail = _message(user)
    return send(mail, again)


def _message(user) -> EmailMessage:
    is_new = not user.has_usable_password()
    role = role_of(user)
    return message(
        "admin/articles/staff/mail.txt",
        _("Your account") if is_new else _("A new password"),
        user.email,
        name=one_line(user.get_full_name() or user.get_username()),
        username=user.get_username(),
        role=role_name(role),
        duty=DUTIES.get(role, ""),
        is_new=is_new,
        link=links.link_for(user),
        lifetime=links.lifetime(user),
    )
