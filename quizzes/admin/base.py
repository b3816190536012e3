"""What several desks of the quizzes have in common."""

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce


def count_of(queryset, **outer):
    """How many rows of `queryset` belong to each row of the list, as an annotation: `quiz=OuterRef("pk")`."""
    counts = queryset.filter(**outer).order_by().values(*outer).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), 0)
