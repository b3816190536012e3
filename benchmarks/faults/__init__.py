"""Faults behind the site, caused on purpose; see __main__.py."""
