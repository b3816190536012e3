import re
from contextlib import contextmanager

from django.db import OperationalError, connection

NOTICE = re.compile(r'<aside class="notice dark".*?</aside>\n', re.DOTALL)
FILES = re.compile(r"<link[^>]*/notice[^>]*>\n|<script[^>]*/notice[^>]*></script>\n")


def without_notice(html: str) -> str:
    """A page without the notice and what belongs to it."""
    return FILES.sub("", NOTICE.sub("", html))


@contextmanager
def database_down():
    """Every query fails, as it does when nobody answers."""

    def fail(*args):
        raise OperationalError("could not connect to server")

    with connection.execute_wrapper(fail):
        yield
