"""Merge labels, rename them, and undo a merge: each in one transaction, logged, with redirects of old addresses.

Articles are not saved again: rows that link them, or one column, are updated at once, however many they are. Versions
keep the old key, which is read as the new one (`MergedLabel`).
"""

from collections import Counter

from django.contrib.admin.models import DELETION
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django_tasks import task

from publishing.bases.log import log
from publishing.cache import changes, pages
from publishing.text import slugs
from publishing.web import redirects

from .. import search
from ..models import Article, BulkChange, Byline, Image, ListCount, MergedLabel
from ..models.list_counts import AUTHOR, CATEGORY, SERIES, TAG, add
from ..models.related import refill
from ..models.shown import MOST_LINKS, every_name
from ..models.taxonomy import KINDS, MERGED, Listed, free_slug
from .names import tidy

# The relation of an article to its labels, and the rows that link them.
RELATIONS = {CATEGORY: "category", SERIES: "series", TAG: "tags", AUTHOR: "authors"}
LINKS = {TAG: Article.tags.through, AUTHOR: Byline}
# Of one statement, or of one transaction of the task.
AT_ONCE, RELATED_AT_ONCE = 1000, 100
# What the form of an article takes.
MOST_PLACES = 9999
# Without a comparison of each row with what it was: what shows them is invalidated by the name of the label.
_articles = Article._base_manager


class NotPossible(ValueError):  # noqa: N818 - an answer to a person
    """The sentence says why."""


def kind_of(label: Listed) -> str:
    return label._meta.model_name


# --- merge ---


@transaction.atomic
def merge(labels: list[Listed], kept: Listed, *, by) -> None:
    """Give all that `labels` have to `kept`, and delete them; their addresses redirect to its. About 20 queries each.

    An account goes along. Raises NotPossible if both authors have one.
    """
    names = ", ".join(_("“%(name)s”") % {"name": label} for label in labels)
    if len([one for one in (*labels, kept) if getattr(one, "user_id", None)]) > 1:
        raise NotPossible(_("More than one of them has an account. Choose one byline for each account first."))
    for label in labels:
        _merge(label, kept, by)
    log(by, kept, _("Merged %(names)s into it") % {"names": names})


def _merge(label: Listed, kept: Listed, by) -> None:
    kind, key, address = kind_of(label), label.pk, label.get_absolute_url()
    row = {field.attname: getattr(label, field.attname) for field in label._meta.concrete_fields}
    statuses = _locked(Q(**{RELATIONS[kind]: label}))
    _lock(type(label), {key, kept.pk})
    articles, places = _move(kind, label, kept)
    released = sum(statuses.get(pk) == "published" for pk in map(int, articles["moved"]))
    add(Counter({(kind, kept.pk): released}), ())
    ListCount.objects.filter(kind=kind, key=key).delete()
    if kind in (CATEGORY, TAG):
        BulkChange.objects.filter(**{kind: label}).update(**{kind: kept})
    account = getattr(label, "user_id", None)
    log(by, label, _("Merged into “%(name)s”") % {"name": kept}, DELETION)
    label.delete()
    redirects.leave(address, kept.get_absolute_url())
    if account:
        kept.user_id = account
        kept.save()
    MergedLabel.objects.create(kind=kind, key=key, kept=kept.pk, row=row, articles=articles, places=places, by=by)
    pages.invalidate(MERGED, *(_list_names(kind, kept.pk) if released else ()))
    _follow(kind, statuses)


def _lock(model: type[Listed], keys: set[int]) -> None:
    """Raises NotPossible if one of them is gone."""
    rows = model.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    if len(rows.values_list("pk")) < len(keys):
        raise NotPossible(_("One of them is gone: somebody else has merged or deleted it."))


def _locked(condition: Q) -> dict[int, str]:
    """The articles, which nobody else saves until the end of the transaction, and their status."""
    rows = _articles.filter(condition).order_by("pk").select_for_update(no_key=True)
    return dict(rows.values_list("pk", "status"))


def _move(kind: str, label: Listed, kept: Listed) -> tuple[dict, int]:
    """Which articles got `kept`, and which had both, each with its position; and how many places they moved back."""
    if kind not in LINKS:
        rows, columns, places = _articles.filter(**{kind: label}), {kind: kept}, 0
        moved = dict(rows.order_by("pk").values_list("pk", "series_position"))
        if kind == SERIES:
            places, further = (_last_place(series) for series in (kept, label))
            if places + further > MOST_PLACES:
                text = _("Its places would go past %(count)s. Give its articles smaller ones first.")
                raise NotPossible(text % {"count": number_format(MOST_PLACES, force_grouping=True)})
            columns["series_position"] = F("series_position") + places
        rows.update(**columns)
        return {"moved": moved, "both": {}}, places
    links = LINKS[kind].objects.order_by()
    own = links.filter(**{kind: label})
    position = "position" if kind == AUTHOR else kind
    with_kept = Q(article__in=links.filter(**{kind: kept}).values("article"))
    both = dict(own.filter(with_kept).values_list("article", position))
    moved = dict(own.exclude(with_kept).values_list("article", position))
    own.exclude(with_kept).update(**{kind: kept})
    own.delete()
    return {"moved": moved, "both": both}, 0


def _last_place(series) -> int:
    return _articles.filter(series=series).aggregate(last=Max("series_position"))["last"] or 0


def _list_names(kind: str, key: int) -> list[str]:
    """What shows which articles a label has."""
    if kind == CATEGORY:
        return [changes.SITE]
    lists = [f"series:{key}"] if kind == SERIES else [f"{kind}-list:{key}"]
    return [*lists, every_name(kind), "lists", "dates:articles", "sitemap"]


# --- undo ---


@transaction.atomic
def undo(merged: MergedLabel, *, by) -> Listed:
    """Make the label again, with its address and its articles, but for those that lost the other label since.

    Addresses that it had before stay redirects to the other one. Raises NotPossible if that is gone, or if its name or
    address was given to another one. A few queries for each `AT_ONCE` articles.
    """
    kind, model = merged.kind, KINDS[merged.kind]
    if not MergedLabel.objects.select_for_update().filter(pk=merged.pk):
        raise NotPossible(_("Somebody else has undone it already."))
    statuses = _locked(Q(**{RELATIONS[kind]: merged.kept}))
    kept = model.objects.select_for_update().filter(pk=merged.kept).first()
    if kept is None:
        raise NotPossible(_("What it was merged into is gone. If that was merged too, undo that first."))
    _check_free(model, merged)
    label = model(**merged.row)
    if getattr(label, "user_id", None):
        if kept.user_id == label.user_id:
            kept.user_id = None
            kept.save()
        else:
            label.user_id = None
    if getattr(label, "picture_id", None) and not Image.objects.filter(pk=label.picture_id).exists():
        label.picture_id = None
    label.save(force_insert=True)
    back, again = _move_back(merged, label, kept, statuses)
    released = Counter({key: statuses[key] == "published" for key in (*back, *again)})
    add(Counter({(kind, label.pk): released.total()}), Counter({(kind, kept.pk): sum(released[key] for key in back)}))
    merged.delete()
    names = {*_list_names(kind, kept.pk), *_list_names(kind, label.pk), *_page_names(kind, kept, (*back, *again))}
    pages.invalidate(MERGED, *sorted(names))
    log(by, kept, _("Undid the merge of “%(name)s”") % {"name": label})
    log(by, label, _("Not merged into “%(name)s” any more") % {"name": kept})
    _follow(kind, (*back, *again))
    return label


def _check_free(model: type[Listed], merged: MergedLabel) -> None:
    field, what = model._meta.get_field(model.NAME_FIELD), model._meta.verbose_name
    if field.unique and model.objects.filter(**{field.name: str(merged)}).exists():
        text = _("There is another %(kind)s called “%(name)s” now. Rename it first.")
        raise NotPossible(text % {"kind": what, "name": merged})
    if model.objects.filter(slug=merged.row["slug"]).exists():
        text = _("Another %(kind)s has its address, %(slug)s. Change that first.")
        raise NotPossible(text % {"kind": what, "slug": merged.row["slug"]})


def _move_back(merged: MergedLabel, label: Listed, kept: Listed, statuses: dict) -> tuple[list[int], list[int]]:
    """The articles that have `label` instead of `kept` again, and those that have both again."""
    kind, both = merged.kind, {int(key): place for key, place in merged.articles["both"].items()}
    moved = [key for key in map(int, merged.articles["moved"]) if key in statuses]
    again = [key for key in both if key in statuses]
    back: list[int] = []
    for start in range(0, len(moved), AT_ONCE):
        part = moved[start : start + AT_ONCE]
        if kind in LINKS:
            LINKS[kind].objects.filter(article__in=part, **{kind: kept}).update(**{kind: label})
            back += part
            continue
        rows, columns = _articles.filter(pk__in=part), {kind: label}
        if kind == SERIES:
            # Others have got a new place since, and stay.
            rows = rows.filter(Q(series_position=None) | Q(series_position__gt=merged.places))
            columns["series_position"] = F("series_position") - merged.places
        found = list(rows.values_list("pk", flat=True))
        _articles.filter(pk__in=found).update(**columns)
        back += found
    if again:
        links = [LINKS[kind](article_id=key, **{kind: label}) for key in again]
        for link in links if kind == AUTHOR else ():
            link.position = both[link.article_id]
        LINKS[kind].objects.bulk_create(links)
    return back, again


def _page_names(kind: str, kept: Listed, keys) -> list[str]:
    """What shows the labels of these articles; one name for all if there are many."""
    if kind == SERIES or len(keys) > MOST_LINKS:
        return [f"{kind}:{kept.pk}", *([f"author-name:{kept.pk}"] if kind == AUTHOR else [])]
    names = {TAG: ("article", "entry"), AUTHOR: ("article", "entry", "byline", "row", "card")}
    return [f"{name}:{key}" for key in keys for name in names.get(kind, ())]


# --- rename ---


@transaction.atomic
def rename(label: Listed, name: str, *, by) -> None:
    """Give it another name, and an address made of that; the old one redirects.

    Raises ValidationError if it cannot be stored, NotPossible if the label is gone.
    """
    _lock(type(label), {label.pk})
    before, name = str(label), tidy(name)
    setattr(label, label.NAME_FIELD, name)
    if slugs.name_slug(name) != label.slug:
        label.slug = free_slug(type(label), name)
    label.full_clean()
    label.save()
    log(by, label, _("Renamed from “%(name)s”") % {"name": before})


# --- related articles, and the search ---


def _follow(kind: str, keys) -> None:
    search.labels.changed(keys)
    if kind in (CATEGORY, TAG) and keys:
        relate.enqueue(sorted(keys))


@task()
def relate(keys: list[int]) -> str:
    """Find again what is related to these articles, which share other labels now."""
    for start in range(0, len(keys), RELATED_AT_ONCE):
        refill(Article, keys[start : start + RELATED_AT_ONCE])
    return f"{len(keys)} articles"
