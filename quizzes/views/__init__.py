"""Quizzes for readers."""

from .lists import quiz_list
from .paper import paper, progress, start
from .results import printout, result

__all__ = ["paper", "printout", "progress", "quiz_list", "result", "start"]
