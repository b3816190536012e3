"""The question bank, quizzes, their published editions and corrections, and the attempts of readers."""

from .attempt import Attempt, FunnelCount, Stage
from .bank import BankCategory, QuestionTag
from .edition import Correction, CorrectionAction, Edition
from .question import Choice, Question
from .quiz import Difficulty, Layout, Placement, Quiz, Status
