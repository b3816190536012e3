"""Quizzes for tests."""

from itertools import count

from quizzes.models import Choice, Question, Quiz

_numbers = count(1)


def make_question(quiz, kind="single", choices=(("Right", 100), ("Wrong", 0)), **fields):
    """A question; `choices` are (text, weight) or (text, weight, feedback)."""
    number = next(_numbers)
    fields = {"stem": f"Stem {number}", "explanation": f"Because {number}.", "position": number} | fields
    question = Question.objects.create(quiz=quiz, kind=kind, **fields)
    for position, (text, weight, *feedback) in enumerate(choices, 1):
        Choice.objects.create(
            question=question, text=text, weight=weight, feedback="".join(feedback), position=position
        )
    return question


def make_quiz(*, questions=2, articles=(), published=True, **fields):
    """A quiz with that many single-choice questions, published unless told otherwise."""
    number = next(_numbers)
    quiz = Quiz.objects.create(**({"title": f"Quiz {number}", "slug": f"quiz-{number}"} | fields))
    quiz.articles.set(articles)
    for _ in range(questions):
        make_question(quiz)
    if published:
        quiz.publish(by=None)
    return quiz


def paper_data(quiz, *texts, edition=None, **extra):
    """What a browser sends: the edition, and for the n-th question the choices whose text holds the n-th of `texts`.

    A text may be a tuple of texts for several choices, or None for an unanswered question.
    """
    from quizzes import papers

    edition = edition or quiz.current_edition
    data = {"edition": edition.number}
    for question, wanted in zip(edition.questions, texts, strict=False):
        wanted = (wanted,) if isinstance(wanted, str) else wanted or ()
        data[papers.field_name(question)] = [
            papers.token(edition.pk, question["id"], choice["id"])
            for choice in question["choices"]
            if any(text in choice["html"] for text in wanted)
        ]
    return data | extra
