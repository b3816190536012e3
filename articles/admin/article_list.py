"""The list of articles in the admin: what was last worked on first, "Mine" and "All", filters, full-text search."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from publishing.bases.admin import SEARCH_LENGTH, SiteChangeList

from ..lists.desk_rows import desk_rows
from ..lists.worked_on import WorkedOn
from ..models import Article, Author, Byline, Category, Series, Status, Tag
from ..search import Hits
from . import bulk
from .trash import views as trash
from .widgets import NamedAutocomplete

MINE, ALL = "mine", "all"
WHOSE = "whose"
STATES = [
    *Status.choices[:2],
    ("to_review", _("To review, with changes")),
    ("sent_back", _("Sent back")),
    ("scheduled", _("Scheduled")),
    ("planned", _("Scheduled, with changes")),
    ("with_unpublished_changes", _("Changes unpublished")),
    ("past_review", _("Past its check")),
    *Status.choices[2:],
]
# The others are a status.
QUERYSETS = {"to_review", "sent_back", "scheduled", "planned", "published", "with_unpublished_changes"}
# Any time zone has a moment for these.
DAYS = [MinValueValidator(date(1000, 1, 1)), MaxValueValidator(date(9000, 1, 1))]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def _choice(model, name: str, label, placeholder):
    """One row, chosen by typing."""
    widget = NamedAutocomplete(Article._meta.get_field(name), admin.site, placeholder=placeholder)
    return forms.ModelChoiceField(model.objects, label=label, required=False, widget=widget, empty_label="")


class FilterForm(forms.Form):
    """The filters of the list. Of one that is not valid, nothing is shown but what is wrong."""

    q = forms.CharField(label=_("Search"), required=False, max_length=SEARCH_LENGTH, strip=True)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Any state")), *STATES], required=False)
    category = forms.ModelChoiceField(
        Category.objects, label=_("Category"), required=False, empty_label=_("Any category")
    )
    author = _choice(Author, "authors", _("Author"), _("Any author"))
    tag = _choice(Tag, "tags", _("Tag"), _("Any tag"))
    series = _choice(Series, "series", _("Series"), _("Any series"))
    since = forms.DateField(label=_("Published from"), required=False, validators=DAYS, widget=DayInput)
    until = forms.DateField(label=_("Published until"), required=False, validators=DAYS, widget=DayInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="filter-%s", **kwargs)
        self.fields["q"].widget.input_type = "search"
        # Django's box for choosing by typing asks for the row of whatever was sent.
        self.data = {name: value for name, value in self.data.items() if name not in self.errors}

    @property
    def is_used(self) -> bool:
        return not self.is_valid() or any(self.cleaned_data.values())

    @property
    def has_filters(self) -> bool:
        return not self.is_valid() or any(value for name, value in self.cleaned_data.items() if name != "q")

    def filtered(self, articles):
        if not self.is_valid():
            return articles.none()
        chosen = {name: value for name, value in self.cleaned_data.items() if value and name != "q"}
        author, tag = chosen.pop("author", None), chosen.pop("tag", None)
        keys = [Byline.objects.filter(author=author).order_by().values("article")] if author else []
        keys += [Article.tags.through.objects.filter(tag=tag).values("article")] if tag else []
        if chosen:
            rows = Article.objects.order_by()
            for name, value in chosen.items():
                rows = getattr(self, f"_by_{name}", self._by_column)(rows, name, value)
            keys.append(rows.values("pk"))
        return articles.among(*keys)

    def _by_column(self, articles, name, value):
        return articles.filter(**{name: value})

    def _by_state(self, articles, name, value):
        if value == "past_review":
            return articles.filter(pk__in=Article.objects.past_review().order_by().values("pk"))
        return getattr(articles, value)() if value in QUERYSETS else articles.filter(status=value)

    def _by_since(self, articles, name, value):
        return articles.filter(published_at__gte=_midnight(value))

    def _by_until(self, articles, name, value):
        return articles.filter(published_at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class _Keys(Paginator):
    """Pages of a sequence of primary keys, as rows in the same order. `rows(keys)` returns them by key."""

    def __init__(self, keys, per_page, rows):
        super().__init__(keys, per_page)
        self._rows = rows

    def page(self, number):
        page = super().page(number)
        found = self._rows(list(page.object_list))
        page.object_list = [found[key] for key in page.object_list if key in found]
        return page


class ArticleList(SiteChangeList):
    """Django's list with keys from an index of the order or of the text; reads the rows of one page."""

    def get_filters_params(self, params=None):
        own = {*FilterForm.base_fields, WHOSE}
        return {name: value for name, value in super().get_filters_params(params).items() if name not in own}

    @cached_property
    def form(self) -> FilterForm:
        return FilterForm({name: values[-1] for name, values in self.filter_params.items()} | {"q": self.query})

    @cached_property
    def whose(self) -> str:
        """A search looks through all, unless it was made among one's own."""
        wanted = self.filter_params.get(WHOSE, [self.sent.get(WHOSE, "")])[-1]
        if wanted in (MINE, ALL):
            return wanted
        is_opened = not self.query and not self.sent
        return MINE if is_opened and Article.objects.concerning(self.user).exists() else ALL

    @cached_property
    def _is_limited(self) -> bool:
        return self.whose == MINE or self.form.has_filters

    @cached_property
    def _among(self):
        """What tab and filters leave, before the search."""
        # An author may see all of their own. What is hidden from them is less than what they see.
        if self.whose == MINE:
            return self.form.filtered(Article.objects.concerning(self.user))
        return self.form.filtered(Article.objects.among(without=Article.objects.hidden_from(self.user)))

    @cached_property
    def _hits(self) -> Hits:
        articles = Article.objects.concerning(self.user) if self.whose == MINE else Article.objects.all()
        among = self.form.filtered(articles) if self._is_limited else None
        return Hits(self.query, Article.objects.hidden_from(self.user), among=among)

    def get_queryset(self, request, exclude_parameters=None):
        # An action says which tab it was chosen from: meanwhile there may be something of one's own.
        self.user, self.sent = request.user, request.POST
        *_, remaining, _, self.has_active_filters = self.get_filters(request)
        if remaining:
            raise IncorrectLookupParameters
        self.filter_specs, self.has_filters = [], False
        self.clear_all_filters_qs = self.get_query_string(remove=[*FilterForm.base_fields])
        if self.query and self.form.is_valid():
            return self.root_queryset.filter(pk__in=self._hits[0 : len(self._hits)] if len(self._hits) else [])
        return self._among

    def get_results(self, request):
        if self.query and self.form.is_valid():
            keys = self._hits
        elif self._is_limited:
            keys = WorkedOn(self._among)
        else:
            rows = None if Article.objects.hidden_from(self.user) is None else self._among
            keys = WorkedOn(rows, lambda: Article.objects.count_visible_to(self.user))
        self.paginator = _Keys(keys, self.list_per_page, desk_rows)
        self.result_count, self.full_result_count = self.paginator.count, None
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all, self.multi_page = False, self.result_count > self.list_per_page
        self.result_list = self.paginator.get_page(self.page_num).object_list

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """Label, query, and whether it is shown."""
        labels = {MINE: pgettext("articles", "Mine"), ALL: pgettext("articles", "All")}
        return [
            (label, self.get_query_string({WHOSE: name}, ["p"]), name == self.whose) for name, label in labels.items()
        ]


class ArticleListMixin:
    """The list part of the admin of articles."""

    actions = bulk.ACTIONS
    # The columns are in the template: Django's table costs more than the queries.
    list_display = ["title"]
    list_per_page = 50
    sortable_by = ()
    change_list_template = "admin/articles/article/change_list.html"

    @property
    def media(self):
        """With what the filters need to choose by typing."""
        return super().media + FilterForm().media

    def get_changelist(self, request, **kwargs):
        return ArticleList

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("bulk/<str:key>/", view(bulk.page), name="articles_article_bulk"),
            path("trash/", view(trash.page), name="articles_article_trash"),
            *super().get_urls(),
        ]

    def get_actions(self, request):
        """Nothing is deleted but from the trash."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_search_results(self, request, queryset, search_term):
        """By the full-text index; for fields that choose an article too."""
        if not search_term:
            return queryset, False
        hits = Hits(search_term[:SEARCH_LENGTH], among=queryset)
        return queryset.filter(pk__in=hits[0 : len(hits)]), False
