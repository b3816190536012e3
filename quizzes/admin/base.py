"""What several modules of the quiz admin use."""

from django.contrib import admin
from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render

from ..models import Quiz


def count_of(queryset, **outer):
    """The number of rows of `queryset` that belong to each row, as an annotation: `quiz=OuterRef("pk")`."""
    counts = queryset.filter(**outer).order_by().values(*outer).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), 0)


def count_column(name, label):
    """A column that shows the annotation `name`."""
    return admin.display(lambda self, row: getattr(row, name), description=label, ordering=name)


def render_page(request, name, context, status=200):
    """Render a page that belongs to no form or list of Django's, without the sidebar."""
    page = admin.site.each_context(request) | {"opts": Quiz._meta, "is_nav_sidebar_enabled": False}
    return render(request, f"admin/quizzes/{name}.html", page | context, status=status)
