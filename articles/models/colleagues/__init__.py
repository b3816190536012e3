"""What colleagues tell each other about an article. Readers see none of it."""

from .news import MailChoice, News
from .notes import ParagraphNote

__all__ = ["MailChoice", "News", "ParagraphNote"]
