"""The second level of the page store for many machines."""

from redis import Redis, RedisError

from ..cache.second_level import SecondLevel

WAIT_SECONDS = 0.2
PREFIX = b"publishing:page:"
# Copies may be served for this time while the database is down.
LIFE_SECONDS = 24 * 60 * 60


class RedisPages(SecondLevel):
    """Pages in Redis, which drops the least recently used itself (`maxmemory-policy volatile-lru`).

    Only pages expire, so the counters of changes and the limits stay."""

    failures = (RedisError, OSError)

    def __init__(self, url):
        super().__init__()
        self._redis = Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS)

    def _read(self, digest):
        return self._redis.get(PREFIX + digest)

    def _write(self, digest, packed):
        self._redis.set(PREFIX + digest, packed, ex=LIFE_SECONDS)

    def _remove(self, digest):
        self._redis.delete(PREFIX + digest)
