"""Add questions of the bank to a quiz."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing.bases.log import log
from quizzes.editing.validation import QUESTIONS_PER_QUIZ
from quizzes.models import Placement, Quiz

from ..base import render_page


class QuizChoiceForm(forms.Form):
    quiz = forms.ModelChoiceField(
        Quiz.objects.none(), label=_("Quiz"), widget=AutocompleteSelect(Placement._meta.get_field("quiz"), admin.site)
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quiz"].queryset = Quiz.objects.editable_by(user)


def add_questions(quiz: Quiz, questions, *, by) -> int:
    """Add the questions that `quiz` does not have yet, at its end. Returns how many. Logged."""
    with transaction.atomic():
        present = set(quiz.placements.values_list("question", flat=True))
        new = [question for question in questions if question.pk not in present]
        for question in new:
            quiz.place(question)
        if new:
            log(by, quiz, _("Added from the bank: %(questions)s") % {"questions": ", ".join(map(str, new))})
    return len(new)


@admin.action(description=_("Add to a quiz…"), permissions=["change_quiz"])
def add_to_quiz(model_admin, request, queryset):
    """An action with a page that asks for the quiz."""
    if len(queryset) > QUESTIONS_PER_QUIZ:
        model_admin.message_user(
            request, _("A quiz has at most %(most)s questions.") % {"most": QUESTIONS_PER_QUIZ}, messages.ERROR
        )
        return None
    form = QuizChoiceForm(request.POST if "confirm" in request.POST else None, user=request.user)
    if form.is_valid():
        quiz = form.cleaned_data["quiz"]
        added = add_questions(quiz, queryset, by=request.user)
        link = format_html('<a href="{}">{}</a>', reverse("admin:quizzes_quiz_change", args=[quiz.pk]), quiz)
        words = _("Added to {quiz}: {added}. Already there: {present}.")
        message = format_html(words, quiz=link, added=added, present=len(queryset) - added)
        model_admin.message_user(request, message, messages.SUCCESS)
        return None
    context = {
        "title": _("Add to a quiz"),
        "opts": model_admin.opts,
        "form": form,
        "media": model_admin.media + form.media,
        "questions": queryset,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return render_page(request, "add_to_quiz", context)
