"""The admin of quizzes. Importing the modules registers it."""

from . import bank, heading_results, links, pictures, quiz, readonly
from .question import admin

__all__ = ["admin", "bank", "heading_results", "links", "pictures", "quiz", "readonly"]
