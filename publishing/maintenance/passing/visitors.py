"""Whose requests are not refused: staff with the permission, and testers with a link.

Nothing else in a request lets it pass: no address, which proxies can claim, and no name of a program, which anyone can.
"""

from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib import auth
from django.db import DatabaseError, InterfaceError
from django.http import parse_cookie

from . import links

PERMISSION = "maintenance.bypass_maintenance"
_PASSES = {links.COOKIE, settings.SESSION_COOKIE_NAME}


def may_carry_pass(cookie_header: str) -> bool:
    """Whether it is worth looking: a visitor has the cookie of a session or of a link. No query."""
    # Most have neither, which is seen without parsing.
    return any(name in cookie_header for name in _PASSES) and not _PASSES.isdisjoint(parse_cookie(cookie_header))


def may_pass(cookie_header: str) -> bool:
    """Whether a visitor with these cookies may use the site during maintenance; False while the database is down.

    No query without a cookie that may be a pass, one for a link, two or more for a session. Writes nothing.
    """
    cookies = parse_cookie(cookie_header) if cookie_header else {}
    try:
        return (links.COOKIE in cookies and links.is_valid_cookie(cookies[links.COOKIE])) or (
            settings.SESSION_COOKIE_NAME in cookies and _is_staff(cookies[settings.SESSION_COOKIE_NAME])
        )
    except (DatabaseError, InterfaceError):
        return False


def _is_staff(key: str) -> bool:
    # Ours are letters and digits. PostgreSQL refuses some other characters.
    if not (key.isascii() and key.isalnum()):
        return False
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    # Django would delete a session of an old password, and rename one of an old key.
    session.flush, session.cycle_key = session.clear, lambda: None
    user = auth.get_user(SimpleNamespace(session=session))
    return user.is_staff and user.has_perm(PERMISSION)
