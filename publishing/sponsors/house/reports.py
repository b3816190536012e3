"""How often the advertisements of one advertiser were seen and clicked, for staff and for the advertiser."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.drawing.charts import Columns, columns, grouped
from publishing.text.moments import in_words
from publishing.web import spreadsheets

from ..models import Advertiser, Creative, CreativeDay

USUAL_DAYS, MOST_DAYS = 30, 366


class PeriodForm(forms.Form):
    """The days of a report, first and last included, and the advertisement; none for all of the advertiser."""

    first = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    creative = forms.ModelChoiceField(
        Creative.objects.none(), label=gettext_lazy("Advertisement"), required=False, empty_label=gettext_lazy("All"),
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, advertiser: Advertiser, query):
        today = timezone.localdate()
        usual = {"first": str(today - timedelta(days=USUAL_DAYS - 1)), "last": str(today)}
        super().__init__(usual | {name: query[name] for name in self.base_fields if query.get(name)})
        # Only their own: another one's key is none of the choices.
        self.fields["creative"].queryset = advertiser.creatives.all()

    def chosen(self) -> dict:
        """Of valid ones, as in an address."""
        creative = self.cleaned_data["creative"]
        days = {name: self.cleaned_data[name].isoformat() for name in ("first", "last")}
        return days | ({"creative": creative.pk} if creative else {})

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not 0 <= (last - first).days < MOST_DAYS:
            message = _("Choose at most %(most)s days, the first one before the last.")
            raise forms.ValidationError(message, params={"most": MOST_DAYS})
        return cleaned


@dataclass(frozen=True)
class Row:
    """Of an advertisement, a day, or all."""

    name: str
    seen: int
    clicked: int
    state: str = ""

    @property
    def rate(self) -> str:
        """Of those seen, how many were clicked, in percent."""
        return f"{number_format(100 * self.clicked / self.seen, 2)} %" if self.seen else "–"


@dataclass(frozen=True)
class Report:
    advertiser: Advertiser
    first: date
    last: date
    creatives: list[Row]
    # Those with something to count, the last one first.
    days: list[Row]
    total: Row
    chart: Columns


def context_of(advertiser: Advertiser, query) -> dict:
    """Of templates/sponsors/_report.html; of the usual days if those in the query are wrong, with what is wrong."""
    form = PeriodForm(advertiser, query)
    usual = form if form.is_valid() else PeriodForm(advertiser, {})
    usual.full_clean()
    return {"form": form, "report": report(advertiser, **usual.cleaned_data), "query": urlencode(usual.chosen())}


def csv_of(advertiser: Advertiser, query) -> HttpResponse:
    """The numbers of each day and advertisement. Raises BadRequest for days or an advertisement that are wrong."""
    form = PeriodForm(advertiser, query)
    if not form.is_valid():
        raise BadRequest("no such report")
    return table(advertiser, **form.cleaned_data)


def report(advertiser: Advertiser, first: date, last: date, creative: Creative | None) -> Report:
    """Two queries."""
    chosen = advertiser.creatives.filter(pk=creative.pk) if creative else advertiser.creatives.all()
    days = Q(days__day__range=(first, last))
    chosen = chosen.annotate(
        ever=Coalesce(Sum("days__seen"), 0),
        seen=Coalesce(Sum("days__seen", filter=days), 0),
        clicked=Coalesce(Sum("days__clicked", filter=days), 0),
    )
    now = timezone.now()
    creatives = [Row(row.name, row.seen, row.clicked, str(row.state(row.ever, now).label)) for row in chosen]
    found = {row["day"]: row for row in _counts(advertiser, first, last, creative).values("day").annotate(
        seen=Sum("seen"), clicked=Sum("clicked")).order_by("day")}  # fmt: skip
    named = [Row(in_words(day, "day"), row["seen"], row["clicked"]) for day, row in reversed(found.items())]
    total = Row("", sum(row.seen for row in creatives), sum(row.clicked for row in creatives))
    return Report(advertiser, first, last, creatives, named, total, _chart(first, last, found))


def _counts(advertiser, first, last, creative):
    rows = CreativeDay.objects.filter(creative__advertiser=advertiser, day__range=(first, last))
    return rows.filter(creative=creative) if creative else rows


def _chart(first: date, last: date, found: dict) -> Columns:
    rows = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        seen = found[day]["seen"] if day in found else 0
        title = _("%(day)s: seen %(number)s times") % {"day": in_words(day, "day"), "number": grouped(seen)}
        rows.append((in_words(day, "tick"), title, seen))
    return columns(rows)


def table(advertiser: Advertiser, first: date, last: date, creative: Creative | None) -> HttpResponse:
    """The numbers of each day and advertisement as CSV. One query."""
    counts = _counts(advertiser, first, last, creative).select_related("creative").order_by("day", "creative_id")

    def rows() -> Iterator[tuple]:
        for row in counts:
            yield row.day.isoformat(), advertiser.name, row.creative.name, row.seen, row.clicked

    name = f"advertiser-{advertiser.pk}-{first}-{last}.csv"
    return spreadsheets.response(name, ["day", "advertiser", "advertisement", "seen", "clicked"], rows(), has_mark=True)
