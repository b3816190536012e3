"""What several desks of the quizzes have in common."""

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce


class ReadOnly:
    """Mixin: everything can be looked at by those who may view it."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def count_of(queryset, **outer):
    """How many rows of `queryset` belong to each row of the list, as an annotation: `quiz=OuterRef("pk")`."""
    counts = queryset.filter(**outer).order_by().values(*outer).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), 0)
