"""The author's desk: the bank of questions, quizzes made from them, and what readers were given.

bank         categories and tags
question/    the bank itself, and the form of one question; placing it into a quiz
quiz         the form of a quiz, with the questions in their order
preview      a paper as readers would see it, and its result, without storing anything
lint_rows    what is found by looking through a quiz or a question (quizzes/lint)
corrections/ correcting what readers have answered already
statistics_page, paragraphs
             what the answers say: on a page of the quiz, and in the admin of the article
import_page  questions from a file, and a quiz as a file
readonly     editions and attempts, only to be looked at
"""

from . import bank, paragraphs, quiz, readonly
from .question import admin

__all__ = ["admin", "bank", "paragraphs", "quiz", "readonly"]
