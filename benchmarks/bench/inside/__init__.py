"""Modules that run in a separate process, with Django and the database that the environment names."""
