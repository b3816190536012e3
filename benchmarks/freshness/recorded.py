"""What gunicorn serves here: the site, with a record of what invalidates its pages."""

import os

from publishing.wsgi import application

from . import recorder

recorder.install(os.environ["FRESHNESS_RECORD"])

__all__ = ["application"]
