"""The author's desk: the bank of questions, quizzes made from them, and what readers were given.

bank       categories and tags
question   the bank itself, and the form of one question (question_form; placing: into a quiz)
quiz       the form of a quiz, with the questions in their order
preview    a paper as readers would see it, and its result, without storing anything
advice     what is found by looking through a quiz or a question (quizzes/lint)
repairs    mending what readers have answered already
statistics_page, paragraphs
           what the answers say: on a page of the quiz, and on the desk of the article
import_page
           questions from a file, and a quiz as a file
given      editions and attempts, only to be looked at
"""

from . import bank, given, paragraphs, question, quiz

__all__ = ["bank", "given", "paragraphs", "question", "quiz"]
