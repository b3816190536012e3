"""Runs code that comes on standard input, as `manage.py shell` does, in one process for as long as that is open.

A line is a JSON string of code; the answer is a JSON list of what it printed and of its error, or None.
"""

import io
import json
import os
import sys
import traceback
from contextlib import redirect_stdout

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publishing.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402

from publishing.cache import values  # noqa: E402

for line in sys.stdin:
    names = {model.__name__: model for model in apps.get_models()} | {"call_command": call_command}
    error = None
    with redirect_stdout(io.StringIO()) as printed:
        try:
            exec(json.loads(line), names)  # noqa: S102
        except Exception:
            error = traceback.format_exc()
    values.CachedValue.clear_all()
    print(json.dumps([printed.getvalue(), error]), flush=True)  # noqa: T201
