"""The site as it is served, with a note in the file `RENDERS` of each request that reaches Django behind the store.

A line is the path with its query.
"""

import os

from django.core import wsgi

RENDERS = os.open(os.environ["RENDERS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
get_wsgi_application = wsgi.get_wsgi_application


def counted():
    django_application = get_wsgi_application()

    def noted(environ, start_response):
        query = environ.get("QUERY_STRING", "")
        os.write(RENDERS, f"{environ['PATH_INFO']}{'?' if query else ''}{query}\n".encode())
        return django_application(environ, start_response)

    return noted


# Before the site imports it.
wsgi.get_wsgi_application = counted

from publishing.wsgi import application  # noqa: E402, F401
