"""The admin of quizzes.

bank             folders and tags of the question bank
question/        the list and the form of questions; adding questions to a quiz
quiz             the list and the form of quizzes
preview          a quiz or a question as readers will see it
import_page      import questions from a file, export a quiz
corrections/     corrections of published questions
statistics_page  statistics of a quiz
heading_results  results by heading, in the admin of an article
readonly         editions and attempts
"""

from . import bank, heading_results, quiz, readonly
from .question import admin

__all__ = ["admin", "bank", "heading_results", "quiz", "readonly"]
