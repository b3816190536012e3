"""`Server-Timing` for signed-in staff in the admin: browsers show it with the request in their developer tools."""

import time
from contextlib import ExitStack

from django.db import connections

from ..paths import is_staff_space


class ServerTiming:
    """Middleware: the time of the request, of its database statements, and how many these were. Not on public pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_staff_space(request):
            return self.get_response(request)
        started, statements = time.perf_counter(), _Statements()
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(statements))
            response = self.get_response(request)
        # Set once the account was read; `request.user` could query a database that is down.
        user = getattr(request, "_cached_user", None)
        if user and user.is_staff:
            total, database = 1000 * (time.perf_counter() - started), 1000 * statements.seconds
            value = f'total;dur={total:.1f}, db;dur={database:.1f};desc="{statements.number} queries"'
            response.headers["Server-Timing"] = value
        return response


class _Statements:
    def __init__(self):
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute, sql, params, many, context):
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - started
