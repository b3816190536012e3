"""A WSGI application that counts its calls, a page store in front of it, and requests for both."""

import io
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from publishing.cache import page_store
from publishing.cache.second_level import SecondLevel

PUBLIC = ("Cache-Control", "public, max-age=0, s-maxage=300, stale-while-revalidate=60, stale-if-error=86400")


class App:
    """A WSGI application that counts its calls and answers with their number."""

    def __init__(self, *headers, status="200 OK", body=None):
        self.calls, self.status, self.headers, self.body = 0, status, headers or (PUBLIC,), body
        self.meanwhile = lambda: None
        self.queries, self.keys, self.outage = [], set(), False

    def __call__(self, environ, start_response):
        self.calls += 1
        number = self.calls
        self.queries.append(environ["QUERY_STRING"])
        self.keys |= set(environ)
        environ[page_store.OUTAGE] = self.outage
        body = self.body or f"answer {number} for {environ['HTTP_HOST']}{environ['PATH_INFO']}".encode()
        self.meanwhile()
        etag = ("ETag", f'"{number}"')
        length = [] if ("Content-Length", "") in self.headers else [("Content-Length", str(len(body)))]
        kept = [header for header in self.headers if header[1]]
        if "Content-Type" not in dict(kept):
            kept.append(("Content-Type", "text/html; charset=utf-8"))
        start_response(self.status, [etag, *length, *kept])
        return [body]


class MemoryPages(SecondLevel):
    """A second level for stores of one test."""

    failures = (MemoryError,)

    def __init__(self):
        super().__init__()
        self.pages = {}

    def _read(self, digest):
        return self.pages.get(digest)

    def _write(self, digest, packed):
        self.pages[digest] = packed

    def _remove(self, digest):
        self.pages.pop(digest, None)


class PageStore(page_store.PageStore):
    """A store in front of an application whose views read two parameters."""

    def __init__(self, application, shared=None, parameters=frozenset({"page", "q"})):
        super().__init__(application, lambda path: parameters, shared or MemoryPages())


def request_for(path="/", *, method="GET", query="", **headers):
    environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query}
    environ |= {"HTTP_HOST": "testserver", "wsgi.input": io.BytesIO()}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    setup_testing_defaults(environ)
    return environ


def ask(store, *args, **kwargs):
    """The status, headers and body of an answer, checked against the rules of WSGI."""
    answer = []

    def start_response(status, headers, exc_info=None):
        answer.extend([status, dict(headers)])
        return io.BytesIO().write

    chunks = validator(store)(request_for(*args, **kwargs), start_response)
    body = b"".join(chunks)
    chunks.close()
    return *answer, body
