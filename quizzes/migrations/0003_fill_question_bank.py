"""Every question gets a place in its quiz and a category of the bank named after it, and back.

Which attempt of a reader came first is told by its moment. Backwards, a question that stands in several quizzes stays
with the first of them, and one that stands in none goes into a draft of its own.
"""

from django.db import migrations

LOST_AND_FOUND = "question-bank"


def fill(apps, schema_editor):
    get = lambda name: apps.get_model("quizzes", name)  # noqa: E731
    Quiz, Question, Placement, BankCategory = get("Quiz"), get("Question"), get("Placement"), get("BankCategory")
    for quiz in Quiz.objects.order_by("pk").iterator():
        path = "/".join(part.strip() for part in quiz.title.split("/") if part.strip())[:180] or quiz.slug[:180]
        if BankCategory.objects.filter(path=path).exists():
            path = f"{path} ({quiz.pk})"
        questions = list(Question.objects.filter(quiz_id=quiz.pk).order_by("position", "pk"))
        if not questions:
            continue
        category = BankCategory.objects.create(path=path)
        Question.objects.filter(quiz_id=quiz.pk).update(category=category)
        Placement.objects.bulk_create(
            [Placement(quiz=quiz, question=question, position=question.position) for question in questions]
        )
    _mark_first(get("Attempt"))


def _mark_first(Attempt):
    seen, later = set(), []
    rows = Attempt.objects.exclude(reader="").order_by("created_at", "pk")
    for pk, quiz, reader in rows.values_list("pk", "edition__quiz_id", "reader").iterator():
        if (quiz, reader) in seen:
            later.append(pk)
        seen.add((quiz, reader))
    for start in range(0, len(later), 500):
        Attempt.objects.filter(pk__in=later[start : start + 500]).update(is_first=False)


def empty(apps, schema_editor):
    get = lambda name: apps.get_model("quizzes", name)  # noqa: E731
    Quiz, Question, Placement, Choice = get("Quiz"), get("Question"), get("Placement"), get("Choice")
    unknown = list(Question.objects.exclude(kind__in=["single", "multiple", "true_false"]).values_list("pk", flat=True))
    for rows in (Placement.objects, Choice.objects, Question.tags.through.objects):
        rows.filter(question_id__in=unknown).delete()
    questions = Question.objects.exclude(pk__in=unknown)
    Question.objects.filter(pk__in=unknown)._raw_delete(schema_editor.connection.alias)
    for question in questions.order_by("pk"):
        place = Placement.objects.filter(question_id=question.pk).order_by("pk").first()
        if place is None:
            quiz = Quiz.objects.get_or_create(slug=LOST_AND_FOUND, defaults={"title": "Question bank"})[0].pk
            position = 0
        else:
            quiz, position = place.quiz_id, place.position
        external_id = question.external_id
        if external_id and Question.objects.filter(quiz_id=quiz, external_id=external_id).exists():
            external_id = f"{external_id[:180]} ({question.pk})"
        changes = {"quiz_id": quiz, "position": position, "category_id": None, "external_id": external_id}
        Question.objects.filter(pk=question.pk).update(**changes)
    Placement.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0002_question_bank")]

    operations = [migrations.RunPython(fill, empty)]
