"""Loaded by pytest before the settings: gives each test process its own files, and PostgreSQL if requested.

`TEST_DATABASE=postgres` starts a real PostgreSQL for the run; otherwise the tests use SQLite in a file.
"""

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

directory = tempfile.mkdtemp(prefix="publishing-test-")
atexit.register(shutil.rmtree, directory, ignore_errors=True)

# Tests are rewritten and compiled by each process of each run otherwise.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

os.environ["VAR_DIR"] = directory
os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
os.environ["STRICT_PUBLIC_PAGES"] = "True"
os.environ["DEBUG"] = "False"
os.environ["SITE_URL"] = "http://testserver"
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["LOG_LEVEL"] = "ERROR"
# The browser's event loop runs in the process that also runs other tests; none of them awaits anything.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# It keeps there what it found in all of our modules, and examples that failed.
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(Path(__file__).parents[2] / ".pytest_cache" / "hypothesis")
for name in ("REDIS_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "TIME_ZONE"):
    os.environ.pop(name, None)

if os.environ.get("TEST_DATABASE") == "postgres":
    # Only the first process starts the server; the workers of xdist inherit its address.
    if "PYTEST_XDIST_WORKER" not in os.environ:
        from publishing.tests.postgres import start

        os.environ["DATABASE_URL"] = start(directory)
else:
    os.environ.pop("DATABASE_URL", None)
