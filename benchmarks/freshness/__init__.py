"""Every change in front of two workers; see __main__.py."""
