"""gunicorn for production and for `make run`: a process a core, each with threads for what is not in its memory."""

import ctypes
import gc
import multiprocessing
import os
from contextlib import suppress

worker_class = "publishing.serving.worker.PollingWorker"
threads = int(os.environ.get("THREADS", "16"))
workers = int(os.environ.get("WEB_CONCURRENCY") or multiprocessing.cpu_count())
# The code is loaded once, so that processes start sooner and share its memory. A reload then needs PRELOAD=False: it
# starts new workers with the code that was loaded.
preload_app = os.environ.get("PRELOAD", "True") == "True"
# Nothing that is loaded at the start is garbage; looking for it takes a sixth of the time.
gc.disable()
# glibc gives each thread a heap of its own and, after one large block, returns less to the kernel. One heap is enough,
# since Python's lock lets one thread work at a time. 2 MiB: brotli's work space stays between two pages.
M_ARENA_MAX, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -8, -1, -3
# Another C library has no mallopt.
with suppress(AttributeError):
    mallopt = ctypes.CDLL(None).mallopt
    mallopt(M_ARENA_MAX, 1)
    mallopt(M_TRIM_THRESHOLD, 2 * 1024 * 1024)
    mallopt(M_MMAP_THRESHOLD, 2 * 1024 * 1024)
timeout = 30
graceful_timeout = 20
keepalive = 5
# None: the page store and all other caches are limited in bytes, and a new worker starts with an empty memory.
max_requests = int(os.environ.get("MAX_REQUESTS") or 0)
max_requests_jitter = max_requests // 10
# No peer sets path, prefix, scheme or address, not even from a Unix socket or 127.0.0.1: Django reads X-Forwarded-For
# and X-Forwarded-Proto according to TRUSTED_PROXIES.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
header_map = "drop"
proxy_protocol = "off"
# The control socket wants a home directory that can be written to.
control_socket_disable = True
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"


def when_ready(server):
    # What is there before the workers stays shared: collecting garbage would write into its memory.
    gc.collect()
    gc.freeze()
    site = os.environ.get("SITE_URL")
    if site:
        server.log.warning("The site is at %s, the admin at %s/admin/. Press Ctrl-C to stop.", site, site)


def post_fork(server, worker):
    gc.enable()


loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
