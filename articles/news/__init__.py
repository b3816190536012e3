"""Colleagues are told by mail what others did with an article."""
