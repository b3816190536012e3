"""gunicorn for production and for `make run`.

Without Redis, rate limits are counted in one process, so one process serves, with threads. With Redis, one process a
core is a good start. Behind nginx, which takes slow clients off our hands.
"""

import multiprocessing
import os

worker_class = "publishing.serving.worker.PollingWorker"
threads = int(os.environ.get("THREADS", "16"))
workers = int(os.environ.get("WEB_CONCURRENCY", multiprocessing.cpu_count() if os.environ.get("REDIS_URL") else 1))
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = int(os.environ.get("MAX_REQUESTS", "20000"))
max_requests_jitter = 2000
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
    site = os.environ.get("SITE_URL")
    if site:
        server.log.warning("The site is at %s, the admin at %s/admin/. Press Ctrl-C to stop.", site, site)


loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
