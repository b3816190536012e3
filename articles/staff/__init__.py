"""Accounts of staff: one form for a new colleague, one page for each, and the links by which they choose a password."""
