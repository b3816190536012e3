"""Django's backend for SQLite, in which one request at a time waits for a lock that others could not get (base.py)."""
