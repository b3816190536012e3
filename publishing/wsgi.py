"""What gunicorn serves, and granian: Django behind the cache of pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publishing.settings")

django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - after the settings

from . import urls  # noqa: E402, F401 - with all views, before processes are forked
from .cache.page_store import PageStore  # noqa: E402 - reads the settings
from .maintenance import switch  # noqa: E402 - reads the settings
from .maintenance.passing.visitors import may_carry_pass  # noqa: E402 - reads the settings
from .monitoring import metrics  # noqa: E402 - reads the settings
from .serving.places import Places  # noqa: E402 - beside the others
from .web.chunked import ChunkedBodies  # noqa: E402 - reads the settings
from .web.signin import SlowRefusals  # noqa: E402 - reads the settings

threads = int(os.environ.get("THREADS", "16"))
django_behind = SlowRefusals(ChunkedBodies(django_application), threads)
application = PageStore(django_behind, variant=switch.variant, may_carry_pass=may_carry_pass)
# For granian, which uses a thread for a cached page, too.
in_places = Places(application, threads)
if settings.METRICS_TOKEN:
    metrics.start(application)
