"""An id for each request that reaches Django, in every line that is logged meanwhile."""

import logging
import re
import secrets
from contextvars import ContextVar

from django.conf import settings

current: ContextVar[str] = ContextVar("request_id", default="-")
# Hexadecimal digits of nginx, UUIDs and ids of CDNs; nothing that could forge a line of the log.
WELL_FORMED = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}")


class RequestIds:
    """Outermost middleware: takes the id from `X-Request-ID` of a trusted proxy, or makes one.

    The response has it if it is never cached: a public page is the same for everyone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        request_id = sent if WELL_FORMED.fullmatch(sent) else secrets.token_hex(16)
        reset = current.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            current.reset(reset)
        if "no-store" in response.headers.get("Cache-Control", ""):
            response.headers["X-Request-ID"] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Gives each record the id of the request, or "-" outside of one."""

    def filter(self, record):
        record.request_id = current.get()
        return True
