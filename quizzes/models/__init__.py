"""What is stored of the quizzes: the bank, the quizzes, what readers were given, and what they handed in."""

from .attempt import Attempt, FunnelCount, Stage
from .bank import BankCategory, QuestionTag
from .edition import Correction, CorrectionAction, Edition
from .question import Choice, Question
from .quiz import Difficulty, Layout, Placement, Quiz, Status
