"""Request bodies that are sent in chunks, without a length."""

from io import BytesIO

from django.conf import settings


class ChunkedBodies:
    """WSGI wrapper: gives a chunked body the length without which Django reads it as empty.

    At most `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes and one are read, so that Django refuses what is too big. A body that
    breaks off is answered with 400.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
            try:
                body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            except OSError:
                start_response("400 Bad Request", [("Content-Length", "0"), ("Connection", "close")])
                return []
            environ = {**environ, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
        return self.application(environ, start_response)
