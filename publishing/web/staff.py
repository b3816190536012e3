"""Session, user and messages exist under /admin/ and nowhere else, and bad input there is answered with 400.

A public view that reads `request.session` or `request.user` fails with AttributeError, so a public page is the same
for everyone.
"""

import logging

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from ..database import away
from ..paths import is_staff_space

logger = logging.getLogger(__name__)

# For static/js/edit-link.js on public pages, which are the same for everyone. It gives no right to anything.
STAFF_COOKIE = "staff"
# What Django's admin, SQLite and PostgreSQL raise for a key, a date or a number that no column can hold.
BAD_INPUT = (ValueError, OverflowError, DataError, ValidationError)


def is_staff_browser(request) -> bool:
    """Whether the browser has a session cookie. Only staff get one. No query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class _StaffSpaceOnly:
    def __call__(self, request):
        return super().__call__(request) if is_staff_space(request) else self.get_response(request)


class SessionMiddleware(_StaffSpaceOnly, sessions.SessionMiddleware):
    """Rolls the session while somebody works, and sets `STAFF_COOKIE` beside its cookie."""

    def process_response(self, request, response):
        session = request.session
        # Pages of the admin can be read while the database is read-only.
        if session.is_to_be_rolled and not away.state():
            session.modified = True
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie and cookie.value and SESSION_KEY in session:
            response.set_cookie(STAFF_COOKIE, "1", cookie["max-age"], secure=settings.HTTPS, samesite="Lax")
        elif cookie:
            response.delete_cookie(STAFF_COOKIE, samesite="Lax")
        return response


class DeskLanguage:
    """Middleware: the admin is in the language of the desk, everything else in that of the site.

    What a request of the desk makes for readers (a preview, a mail, a value that is cached) is made in
    `publishing.text.languages.of_the_site`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.DESK_LANGUAGE == settings.LANGUAGE_CODE or not is_staff_space(request):
            return self.get_response(request)
        with translation.override(settings.DESK_LANGUAGE):
            return self.get_response(request)


class AuthenticationMiddleware(_StaffSpaceOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(_StaffSpaceOnly, messages.MessageMiddleware):
    pass


class AdminInput(MiddlewareMixin):
    """Middleware: in the admin, `BAD_INPUT` from a view or its template is answered with 400, and so is a NUL in an
    address. The trace is logged, since a mistake in a view raises the same."""

    def process_request(self, request):
        if is_staff_space(request) and "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")

    def process_exception(self, request, error):
        if is_staff_space(request) and isinstance(error, BAD_INPUT):
            logger.warning("%s %s is answered with 400", request.method, request.path, exc_info=error)
            raise BadRequest from error
