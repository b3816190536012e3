"""What a bulk change does to one batch of articles. Call it in a transaction; pages are invalidated once a batch.

Texts are not rendered again, except in another language: only the columns concerned are saved.
"""

from collections import Counter, defaultdict
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from publishing.cache import pages

from ..checks import publishing
from ..models import Article, Status, TrashedArticle, Version, digest_of, update_related
from ..models.bulk import BulkChange
from ..models.shown import tag_changes
from ..models.taxonomy import kept_key
from ..models.versions import SCHEDULED_CHANGES
from ..trash import moving
from ..versions import saving, steps

Action = BulkChange.Action
# Stored, with how many there were of each.
DONE, GONE, CHANGED = "done", "gone", "changed since"
ALREADY, NO_CATEGORY, STOPPED = "already so", "without a category", "stopped by its checks"
NOT_ALLOWED = "not yours to delete"
# Why articles were skipped, in words.
OUTCOMES = {
    GONE: _("gone"),
    CHANGED: _("changed since"),
    ALREADY: _("already so"),
    NO_CATEGORY: _("without a category"),
    STOPPED: _("stopped by its checks"),
    NOT_ALLOWED: _("not yours to delete"),
}
COLUMNS = ("status", "published_at", "archives_at", "category_id")
MESSAGES = {
    Action.PUBLISH: _("Published"),
    Action.ARCHIVE: _("Archived"),
    Action.UNPUBLISH: _("Unpublished"),
    Action.CATEGORY: _("Changed the category"),
    Action.TAG: _("Added a tag"),
    Action.LANGUAGE: _("Changed the language"),
    Action.TRASH: _("Moved to the trash"),
    Action.UNDO: _("Undid a change of many articles"),
}


class Batch:
    """The articles of one part. `undo` has what was and what became of each; `outcomes` counts."""

    def __init__(self, change: BulkChange, keys, undo: dict | None = None):
        self.change, self.undo, self.outcomes = change, {}, Counter()
        columns = {*Article.compared_fields(), *COLUMNS, "title"}
        is_restored = bool(change.undoes and change.undoes.action == Action.TRASH)
        articles = Article.everything.trashed() if is_restored else Article.objects
        rows = articles.locked().filter(pk__in=keys).order_by("pk").only(*columns)
        self.rows = list(rows)
        self.outcomes[GONE] = len(keys) - len(self.rows)
        # Of a change that is undone.
        self.earlier = undo or {}
        self._logged = set()

    def carry_out(self) -> None:
        action = self.change.undoes.action if self.change.undoes else self.change.action
        ways = {Action.TAG: self._tags, Action.LANGUAGE: self._languages, Action.TRASH: self._trash}
        changed = ways.get(action, self._columns)()
        self.outcomes[DONE] += len(changed)
        not_logged = [article for article in changed if article.pk not in self._logged]
        if not_logged and self.change.by:
            LogEntry.objects.log_actions(
                self.change.by_id, not_logged, CHANGE, change_message=str(MESSAGES[self.change.action])
            )

    # --- columns ---

    def _columns(self) -> list[Article]:
        wanted, changed = defaultdict(list), []
        for article in self.rows:
            before, outcome = _values(article), self._set(article)
            if outcome:
                self.outcomes[outcome] += 1
                continue
            after = _values(article)
            self.undo[str(article.pk)] = [before, after]
            changed.append(article)
            differing = [name for name, old, new in zip(COLUMNS, before, after, strict=True) if old != new]
            wanted[tuple((name, getattr(article, name)) for name in differing)].append(article.pk)
        for values, keys in wanted.items():
            if values:
                Article.objects.filter(pk__in=keys).update(**dict(values))
        self._follow(changed)
        return changed

    def _set(self, article: Article) -> str:
        """Change the row, to be saved. Returns why not, or nothing."""
        action = self.change.action
        if action == Action.UNDO:
            return self._set_back(article)
        if action == Action.PUBLISH:
            return self._publish(article)
        if action == Action.CATEGORY:
            if self.change.category_id in (None, article.category_id):
                return ALREADY
            article.category_id = self.change.category_id
        else:
            is_archive = action == Action.ARCHIVE
            if article.status == Status.ARCHIVED if is_archive else not article.is_released:
                return ALREADY
            article.hide(Status.ARCHIVED if is_archive else Status.DRAFT)
        return ""

    def _set_back(self, article: Article) -> str:
        # A category may have been merged since.
        before, after = ([*values[:3], kept_key("category", values[3])] for values in self.earlier[str(article.pk)])
        if _values(article) != after:
            return CHANGED
        status, published_at, archives_at, category = before
        if status == Status.PUBLISHED and category is None:
            return NO_CATEGORY
        article.status, article.category_id = status, category
        article.published_at, article.archives_at = map(_moment, (published_at, archives_at))
        return ""

    def _publish(self, article: Article) -> str:
        if article.is_released:
            return ALREADY
        if article.category_id is None:
            return NO_CATEGORY
        has_working = article.versions.working().exists()
        if publishing.was_public(article) and not has_working:
            article.release()
            return ""
        # With a text of its own, or for the first time: as the button does.
        fields = saving.current(article).fields
        if publishing.stopping("publish", Article.objects.get(pk=article.pk), fields):
            return STOPPED
        try:
            with transaction.atomic():
                stored = steps.publish(article, by=self.change.by, tells=False)
        except ValidationError:
            return STOPPED
        article.status, article.published_at = stored.status, stored.published_at
        self._logged.add(article.pk)
        return ""

    def _follow(self, changed: list[Article]) -> None:
        """What depends on the columns: related articles, versions, the clock."""
        shown = [article for article in changed if article.is_released]
        keys = [article.pk for article in changed]
        for article in shown:
            update_related(article)
        if any(self.undo[str(key)][0][2] != self.undo[str(key)][1][2] for key in keys):
            pages.invalidate(SCHEDULED_CHANGES)
        moved = {key: [part[3] for part in self.undo[str(key)]] for key in keys}
        moved = {key: pair for key, pair in moved.items() if pair[0] != pair[1]}
        if moved:
            self._versions(moved, lambda fields, key: _replaced(fields, "category", *moved[key]))

    # --- tags ---

    def _tags(self) -> list[Article]:
        is_undo = self.change.action == Action.UNDO
        tag = self.change.undoes.tag if is_undo else self.change.tag
        if tag is None:
            self.outcomes[GONE] += len(self.rows)
            return []
        links = Article.tags.through.objects.filter(tag=tag, article__in=[article.pk for article in self.rows])
        having = set(links.values_list("article", flat=True))
        changed = [article for article in self.rows if (article.pk in having) == is_undo]
        self.outcomes[CHANGED if is_undo else ALREADY] += len(self.rows) - len(changed)
        keys = [article.pk for article in changed]
        if is_undo:
            links.filter(article__in=keys).delete()
        else:
            through = Article.tags.through
            through.objects.bulk_create(through(article_id=key, tag=tag) for key in keys)
        tag_changes(changed, tag, is_added=not is_undo)
        for article in changed:
            if article.is_released:
                update_related(article)
        self.undo = {str(key): [] for key in keys}
        self._versions(keys, lambda fields, key: _tagged(fields, tag.pk, is_added=not is_undo))
        return changed

    # --- language ---

    def _languages(self) -> list[Article]:
        """One by one: quotes, reading time and the words for the search are those of the language."""
        is_undo = self.change.action == Action.UNDO
        changed = []
        for article in Article.objects.filter(pk__in=[row.pk for row in self.rows]).order_by("pk"):
            before, after = article.language, self.change.language
            if is_undo:
                after, expected = self.earlier[str(article.pk)]
            if before != expected if is_undo else before == after:
                self.outcomes[CHANGED if is_undo else ALREADY] += 1
                continue
            article.language = after
            article.save(relate=False)
            self.undo[str(article.pk)] = [before, after]
            changed.append(article)
        self._versions(self.undo, lambda fields, key: _replaced(fields, "language", *self.undo[str(key)]))
        return changed

    # --- trash ---

    def _trash(self) -> list[Article]:
        """One by one, as the button does. Undone, they are as they were."""
        by, keys = self.change.by, [article.pk for article in self.rows]
        is_undo, allowed = self.change.action == Action.UNDO, {}
        if by and is_undo:
            allowed = TrashedArticle.objects.restorable_by(by).select_related("article").in_bulk(keys)
        elif by:
            allowed = Article.objects.deletable_by(by).only("pk").in_bulk(keys)
        for row in allowed.values():
            if is_undo:
                moving.restore(row, by=by)
            else:
                moving.trash(row, by=by)
        self.outcomes[NOT_ALLOWED] += len(keys) - len(allowed)
        self._logged |= allowed.keys()
        self.undo = {str(key): [] for key in allowed}
        return [article for article in self.rows if article.pk in allowed]

    # --- versions ---

    def _versions(self, keys, change) -> None:
        """The live version follows the columns, as one more; what is worked on or scheduled is changed with it."""
        for article in Article.objects.filter(pk__in=keys).order_by("pk"):
            note = str(MESSAGES[self.change.action])
            saving.record(article, by=self.change.by, kind=Version.Kind.SAVED, note=note)
        states = [Version.State.WORKING, Version.State.SCHEDULED]
        for version in Version.objects.filter(article__in=keys, state__in=states):
            version.fields = change(version.fields, version.article_id)
            version.digest = digest_of(version.fields)
            version.save(update_fields=["fields", "digest"])


def _replaced(fields: dict, name: str, before, after) -> dict:
    """Unless what is worked on has a category or a language of its own."""
    return fields | {name: after} if fields[name] == before else fields


def _tagged(fields: dict, tag: int, *, is_added: bool) -> dict:
    tags = {*fields["tags"]} | {tag} if is_added else {*fields["tags"]} - {tag}
    return fields | {"tags": sorted(tags)}


def _values(article: Article) -> list:
    """The columns as they are stored in `undo`."""
    values = [getattr(article, name) for name in COLUMNS]
    return [value.isoformat() if isinstance(value, datetime) else value for value in values]


def _moment(text: str | None) -> datetime | None:
    return text and datetime.fromisoformat(text)
