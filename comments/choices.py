"""What readers choose from, and what they read of a decision. The choices of moderators are with the models."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommentKind(models.TextChoices):
    PLAIN = "comment", pgettext_lazy("kind of comment", "Comment")
    QUESTION = "question", pgettext_lazy("kind of comment", "Question")
    CORRECTION = "correction", pgettext_lazy("kind of comment", "Correction")
    TIP = "tip", pgettext_lazy("kind of comment", "Tip")


class RejectReason(models.TextChoices):
    """Why a comment was rejected, as its writer reads it."""

    OFF_TOPIC = "off-topic", _("It is not about this article.")
    UNKIND = "unkind", _("It attacks a person instead of an opinion.")
    ADVERTISING = "advertising", _("It advertises something.")
    PRIVATE = "private", _("It contains personal details of someone.")
    REPEATED = "repeated", _("It repeats another comment.")
    UNCLEAR = "unclear", _("It is unclear.")
    OTHER = "other", _("It does not fit our rules for comments.")


class ReportReason(models.TextChoices):
    UNKIND = "unkind", _("It attacks someone")
    SPAM = "spam", _("It is advertising or spam")
    PRIVATE = "private", _("It contains personal details")
    WRONG = "wrong", _("It contains harmful false information")
    OTHER = "other", _("Something else")
