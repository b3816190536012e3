"""For a server that answers cached pages in threads of its pool, too: some threads are always left to these."""

from contextlib import ExitStack
from threading import BoundedSemaphore

# Threads of the pool for each request that is in Django: others wait in them, and the last answers cached pages.
THREADS_PER_PLACE = 4
RETRY_SECONDS = "1"


class Body:
    """What is left to send of an answer; `held` is closed when it is sent, or given up."""

    def __init__(self, chunks, held: ExitStack):
        self._chunks, self._held = chunks, held

    def __iter__(self):
        return iter(self._chunks)

    def close(self):
        self._held.close()

    # A server may forget the body of a client that has gone.
    __del__ = close


class Places:
    """WSGI wrapper: at most `places` requests are in `application` at once, or have their answers sent in pieces.

    Others wait, in all threads of the pool but one. That one answers what `application.answer()` finds, and else 503.
    """

    def __init__(self, application, places: int):
        self._application, self._answer = application, application.answer
        self._places = BoundedSemaphore(places)
        self._threads = BoundedSemaphore(places * THREADS_PER_PLACE - 1)

    def __call__(self, environ, start_response):
        if found := self._answer(environ):
            start_response(found[0], found[1])
            return [found[2]]
        if not self._threads.acquire(blocking=False):
            headers = [("Retry-After", RETRY_SECONDS), ("Cache-Control", "no-store"), ("Content-Length", "0")]
            start_response("503 Service Unavailable", headers)
            return [b""]
        with ExitStack() as held:
            held.callback(self._threads.release)
            held.enter_context(self._places)
            chunks = self._application(environ, start_response)
            if isinstance(chunks, list):
                return chunks
            if hasattr(chunks, "close"):
                held.callback(chunks.close)
            return Body(chunks, held.pop_all())
