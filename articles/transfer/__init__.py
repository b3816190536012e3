"""What an export has of articles, pages, labels and pictures: rows, and texts for people and other generators."""

from . import parts

__all__ = ["parts"]
