"""Django's backend for SQLite, with a circuit breaker for the write lock (base.py)."""
