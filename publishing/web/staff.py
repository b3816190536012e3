"""Session, user and messages exist in the staff's part of the site and nowhere else.

A public view that reaches for `request.session` or `request.user` fails with AttributeError: a public page is the
same for everyone, and this is what keeps it so.
"""

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions

from ..paths import is_staff_space


def is_staff_browser(request) -> bool:
    """Whether the browser carries a session cookie. Only staff ever get one, so this asks no database."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class _StaffSpaceOnly:
    def __call__(self, request):
        return super().__call__(request) if is_staff_space(request) else self.get_response(request)


class SessionMiddleware(_StaffSpaceOnly, sessions.SessionMiddleware):
    pass


class AuthenticationMiddleware(_StaffSpaceOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(_StaffSpaceOnly, messages.MessageMiddleware):
    pass
