"""The least that a WSGI application can do: look up an answer that is there already, and return it.

This is the most that any application under a server can reach. `BARE_ANSWERS` names a pickle file of
{(path, Accept-Encoding): (headers, body)}.
"""

import os
import pickle
from pathlib import Path

ANSWERS = pickle.loads(Path(os.environ["BARE_ANSWERS"]).read_bytes())


def application(environ, start_response):
    key = environ["PATH_INFO"], environ.get("HTTP_ACCEPT_ENCODING", "")
    headers, body = ANSWERS.get(key) or ([("Content-Length", "0")], b"")
    start_response("200 OK", headers)
    return [body]
