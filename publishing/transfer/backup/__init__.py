"""Copies of the whole site in one file: database, uploads, and what is accepted but not stored yet."""
