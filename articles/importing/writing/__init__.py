"""The writer: stores what any reader yields, by one set of rules."""
