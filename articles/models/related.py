"""Related articles. They are found when an article changes, so that its page reads a list of keys."""

from collections import Counter
from itertools import islice

from django.db import models, transaction

from publishing.cache import pages

SHOWN, STORED = 3, 6
# For each tag this number of its newest links is counted, and for all tags this number of articles is compared.
NEWEST, COMPARED = 300, 60


class RelatedArticles(models.Model):
    """The keys of released articles: those that share most tags, then of the same category, then the newest.

    In a separate table: a row of an article is large, and SQLite writes it whole.
    """

    article = models.OneToOneField(
        "articles.Article", primary_key=True, on_delete=models.CASCADE, related_name="related"
    )
    keys = models.JSONField(editable=False, default=list)

    def __str__(self):
        return f"{self.article_id}: {self.keys}"


def related_to(article) -> list:
    """The first `SHOWN` published articles. One query."""
    stored = getattr(article, "related", None)
    keys = stored.keys if stored else []
    rows = type(article).cards(keys)
    return list(islice((rows[key] for key in keys if key in rows and rows[key].is_published), SHOWN))


def names_of_hidden(article, related) -> list[str]:
    """The names of the cards that would be on the page beside `related` if they were public (again)."""
    stored, shown = getattr(article, "related", None), [row.pk for row in related]
    keys = stored.keys if stored else []
    before = keys[: keys.index(shown[-1])] if len(shown) == SHOWN else keys
    return [f"card:{key}" for key in before if key not in shown]


def update_related(article) -> None:
    """Find what is related to a saved article, and offer it to the articles that are. About ten small queries.

    Call it when tags, category or the moment of publication have changed.
    """
    compared = _Compared(type(article))
    before = RelatedArticles.objects.filter(pk=article.pk).values_list("keys", flat=True).first() or []
    tags = article.tags.through.objects.filter(article=article).values_list("tag", flat=True)
    own = compared.best(article.pk, _Candidates(type(article)).of(tags, article.category_id))
    changed, names = {article.pk: own}, []
    neighbours = {*own, *before}
    stored = dict(RelatedArticles.objects.filter(pk__in=neighbours).values_list("pk", "keys"))
    compared.load({*neighbours, *(key for keys in stored.values() for key in keys)})
    for key in neighbours & compared.rows.keys():
        keys = stored.get(key, [])
        if not compared.is_released(article.pk) and article.pk not in keys:
            # It is not public and was not.
            continue
        best = compared.best(key, {article.pk, *own, *keys})
        if best != keys:
            changed[key] = best
        # A page that showed an article which is not public any more has its card, which is withdrawn.
        if compared.shown(best) != compared.shown(keys):
            names.append(f"article:{key}")
    # In one order, so that two changes at once never wait for each other.
    rows = [RelatedArticles(pk=key, keys=changed[key]) for key in sorted(changed)]
    RelatedArticles.objects.bulk_create(rows, update_conflicts=True, unique_fields=["article"], update_fields=["keys"])
    if compared.is_released(article.pk) and compared.shown(own) != compared.shown(before):
        names.append(f"article:{article.pk}")
    if names:
        pages.invalidate(*names)


def left_with_few(model) -> list[int]:
    """Keys of released articles with fewer released ones beside them than a page shows. Reads all, without texts.

    After many were withdrawn: a change of one article asks only those that it is related to.
    """
    released = set(model.objects.released().order_by().values_list("pk", flat=True))
    enough = min(SHOWN, len(released) - 1)
    rows = RelatedArticles.objects.order_by("pk").values_list("pk", "keys")
    return [key for key, keys in rows.iterator() if key in released and len(released.intersection(keys)) < enough]


@transaction.atomic
def refill(model, keys) -> None:
    """Find what is related to the articles with these keys again, from what is released now.

    Pages are invalidated that show others now.
    """
    Refilling(model).refill(keys)


class Refilling:
    """Finds it again for many, some at a time. What one part has read the next one does not read again."""

    def __init__(self, model):
        self._compared, self._candidates = _Compared(model), _Candidates(model)

    def refill(self, keys) -> None:
        """In a transaction. Two queries, and those for what was not read yet."""
        compared = self._compared
        before = dict(RelatedArticles.objects.filter(pk__in=keys).values_list("pk", "keys"))
        compared.load({*keys, *(key for stored in before.values() for key in stored)})
        rows = [RelatedArticles(pk=key, keys=self._best(key)) for key in sorted(keys) if compared.is_released(key)]
        RelatedArticles.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["article"], update_fields=["keys"]
        )
        changed = [row.pk for row in rows if compared.shown(row.keys) != compared.shown(before.get(row.pk, []))]
        if changed:
            pages.invalidate(*(f"article:{key}" for key in changed))

    def _best(self, key: int) -> list[int]:
        tags, category = self._compared.tags[key], self._compared.rows[key].category_id
        return self._compared.best(key, self._candidates.of(tags, category))


class _Candidates:
    """Keys of articles that may be the best: by tags, the newest of the category and the newest of all."""

    def __init__(self, model):
        self._links = model.tags.through.objects
        self._published = model.objects.published().newest_first().values_list("pk", flat=True)
        self._of_tag: dict[int, list[int]] = {}
        # By category; of all by None.
        self._newest: dict[int | None, list[int]] = {}

    def of(self, tags, category: int | None) -> set[int]:
        """A query for each tag and category that was not asked for before, and one for all."""
        shared = Counter()
        for tag in tags:
            if tag not in self._of_tag:
                newest = self._links.filter(tag=tag).order_by("-pk").values_list("article", flat=True)
                self._of_tag[tag] = list(newest[:NEWEST])
            shared.update(self._of_tag[tag])
        by_tags = sorted(shared, key=lambda key: (shared[key], key), reverse=True)[:COMPARED]
        return {*by_tags, *(self._of_category(category) if category else ()), *self._of_category(None)}

    def _of_category(self, category: int | None) -> list[int]:
        if category not in self._newest:
            rows = self._published.filter(category=category) if category else self._published
            # One more than needed, because the article is among them itself.
            self._newest[category] = list(rows[: STORED + 1])
        return self._newest[category]


class _Compared:
    """Articles with what decides how related they are."""

    def __init__(self, model):
        self.model, self.rows, self.tags = model, {}, {}

    def load(self, keys) -> None:
        keys = [key for key in keys if key not in self.rows]
        if not keys:
            return
        rows = self.model.everything.order_by().only("status", "published_at", "category_id").in_bulk(keys)
        self.rows |= rows
        self.tags |= {key: set() for key in rows}
        links = self.model.tags.through.objects.filter(article__in=rows)
        for key, tag in links.values_list("article", "tag"):
            self.tags[key].add(tag)

    def best(self, key: int, candidates) -> list[int]:
        """The keys of the best `STORED` for the article `key`; they stay enough if some are still scheduled."""
        self.load({key, *candidates})
        tags, category = self.tags[key], self.rows[key].category_id

        def rank(row):
            return len(tags & self.tags[row.pk]), row.category_id == category, row.published_at, row.pk

        others = [self.rows[other] for other in {*candidates} - {key} if self.is_released(other)]
        released = sorted(others, key=rank, reverse=True)
        scheduled = sorted((row for row in released if row.is_scheduled), key=lambda row: row.published_at)
        left_out = {row.pk for row in scheduled[STORED - SHOWN :]}
        return [row.pk for row in released if row.pk not in left_out][:STORED]

    def is_released(self, key: int) -> bool:
        return key in self.rows and (self.rows[key].is_published or self.rows[key].is_scheduled)

    def shown(self, keys: list[int]) -> tuple[list[int], list[int]]:
        """Those of the keys that a page shows now, and those that it shows before a cached copy of it expires."""
        rows = [self.rows[key] for key in keys if key in self.rows]
        now, soon = ([row.pk for row in rows if getattr(row, name)] for name in ("is_published", "is_on_pages"))
        return now[:SHOWN], soon[:SHOWN]
