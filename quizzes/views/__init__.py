"""Quizzes for readers."""

from .cards import quiz_card
from .lists import quiz_list
from .paper import paper, progress, start
from .results import printout, result, result_card

__all__ = ["paper", "printout", "progress", "quiz_card", "quiz_list", "result", "result_card", "start"]
