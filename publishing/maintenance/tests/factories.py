from contextlib import contextmanager

from django.db import OperationalError, connection


@contextmanager
def database_down():
    """Every query fails, as it does when nobody answers."""

    def fail(*args):
        raise OperationalError("could not connect to server")

    with connection.execute_wrapper(fail):
        yield
