from io import BytesIO

from django.conf import settings


class ChunkedBodies:
    """WSGI wrapper: gives a chunked request body a length, without which Django reads it as empty.

    One byte more than `DATA_UPLOAD_MAX_MEMORY_SIZE` is read at most: Django refuses that. An incomplete body gets 400.
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
