import pytest

from publishing.moving import running


@pytest.fixture(autouse=True)
def _no_beat(monkeypatch):
    """On a slow machine, the thread would wait for the transaction of the test."""
    monkeypatch.setattr(running, "BEAT_SECONDS", 600)
