"""Django's backend for PostgreSQL with a time-out in the client (base.py)."""
