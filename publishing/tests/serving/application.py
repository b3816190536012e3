"""What the tests of the worker serve: pages in memory, and requests that need a thread of the pool."""

import hashlib
import os
import tempfile
import threading
import time

from publishing.serving import output, worker
from publishing.serving.places import Places

PAGE, LARGE = b"<p>in memory</p>", b"0123456789abcdef" * 500_000


def _length(body):
    return [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]


def _echo(environ):
    body = environ["wsgi.input"].read()
    return f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode()


def _sleep(environ):
    time.sleep(1)
    return b"awake"


def _thread(environ):
    return threading.current_thread().name.encode()


class Application:
    views = {"/echo": _echo, "/sleep": _sleep, "/thread": _thread}

    def answer(self, environ):
        body = {"/": PAGE, "/large": LARGE, "/process": b"%d" % os.getpid()}.get(environ["PATH_INFO"])
        if body is None:
            return None
        return "200 OK", _length(body), b"" if environ["REQUEST_METHOD"] == "HEAD" else body

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/file":
            file = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
            file.write(LARGE)
            file.seek(0)
            start_response("200 OK", _length(LARGE))
            return environ["wsgi.file_wrapper"](file)
        if environ["PATH_INFO"] == "/stream":
            start_response("200 OK", [])
            return (LARGE[start : start + 100_000] for start in range(0, len(LARGE), 100_000))
        body = self.views[environ["PATH_INFO"]](environ)
        start_response("200 OK", _length(body))
        return [body]


application = Application()
in_places = Places(application, 1)


class HastyWorker(worker.PollingWorker):
    """For tests of what takes seconds otherwise."""

    def init_process(self):
        worker.HEAD_SECONDS = worker.BODY_SECONDS = worker.SEND_SECONDS = output.SEND_SECONDS = 0.5
        super().init_process()
