"""Questions of the bank are taken into a quiz, many at once."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from publishing.bases.admin import SearchedSelect
from publishing.bases.log import log
from quizzes.editing.validation import QUESTIONS_PER_QUIZ
from quizzes.models import Placement, Quiz


class WhichQuizForm(forms.Form):
    quiz = forms.ModelChoiceField(
        Quiz.objects.all(),
        label="Quiz",
        widget=SearchedSelect(Placement._meta.get_field("quiz"), admin.site),
        help_text="They come after the questions that stand in it already.",
    )


def place(quiz: Quiz, questions, *, by) -> int:
    """Put those of `questions` at the end of `quiz` that do not stand in it yet, and log it. Returns how many."""
    with transaction.atomic():
        there = set(quiz.placements.values_list("question", flat=True))
        new = [question for question in questions if question.pk not in there]
        for question in new:
            quiz.place(question)
        if new:
            log(by, quiz, f"Placed from the bank: {', '.join(map(str, new))}")
    return len(new)


def add_to_quiz(desk, request, queryset):
    """The page between an action and what it does: into which quiz? None once it is done."""
    if len(queryset) > QUESTIONS_PER_QUIZ:
        desk.message_user(request, f"A quiz has at most {QUESTIONS_PER_QUIZ} questions.", messages.ERROR)
        return None
    is_answered = "place" in request.POST
    form = WhichQuizForm(request.POST if is_answered else None)
    if is_answered and form.is_valid():
        quiz = form.cleaned_data["quiz"]
        number = place(quiz, queryset, by=request.user)
        link = format_html('<a href="{}">{}</a>', reverse("admin:quizzes_quiz_change", args=[quiz.pk]), quiz)
        said = format_html("{} taken into {}; {} stood in it already.", number, link, len(queryset) - number)
        desk.message_user(request, said, messages.SUCCESS)
        return None
    context = desk.admin_site.each_context(request) | {
        "title": "Add to a quiz",
        "is_nav_sidebar_enabled": False,
        "opts": desk.opts,
        "form": form,
        "media": desk.media + form.media,
        "questions": queryset,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/quizzes/place.html", context)
