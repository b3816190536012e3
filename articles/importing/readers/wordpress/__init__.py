"""WordPress exports (WXR 1.0 to 1.2): https://developer.wordpress.org/advanced-administration/wordpress/import/."""

from .reader import recognise

__all__ = ["recognise"]
