"""Which pages of this site the texts of articles link to, stored when they are rendered. Links follow their pages."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django_tasks import task

from publishing.bases import addressed
from publishing.links import html
from publishing.links.targets import FILES, Place, internal, targets
from publishing.paths import MAX_LENGTH, path_of
from publishing.text.markdown import RenderedArticle

# More links of a text are left as they are typed, and not stored.
MOST = 500


class Link(models.Model):
    """A path of this site that the text of an article links to, and what it leads to: `kind` and `key` of a row with a
    page, whatever its state. Without a key it leads to another page, or to none yet.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="links")
    path = models.CharField(max_length=MAX_LENGTH)
    kind = models.CharField(max_length=20, blank=True)
    key = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "path"], name="link_of_article")]
        indexes = [
            models.Index(fields=["kind", "key", "article"], name="link_target"),
            models.Index(fields=["path"], condition=Q(key=None), name="link_without_target"),
        ]

    def __str__(self):
        return self.path


def stored_links(articles: Iterable[int]) -> dict[str, Place]:
    """What the paths in the texts of these articles lead to. One query."""
    rows = Link.objects.filter(article__in=articles).order_by("article")
    return {path: (kind, key) for path, kind, key in rows.values_list("path", "kind", "key")}


class Links:
    """The links of an article that is being saved."""

    def __init__(self, article, *, has_stored: bool):
        """One query if some are stored."""
        self._article, self._stored = article, stored_links([article.pk]) if has_stored else {}
        self._found: dict[str, Place] = {}

    def follow(self, rendered: RenderedArticle) -> None:
        """Write the links of the rendered text with the addresses that their pages have now.

        An address leads to the page that is there when the text is rendered. If there is none, it leads where its
        page is now, by a redirect or because the link is stored. The queries of `targets`, none without links.
        """
        own, places = self._article.get_absolute_url(), {}
        for address in dict.fromkeys(html.addresses(rendered.html)):
            parts = internal(address, own)
            if parts and not parts.path.startswith(FILES) and path_of(parts.path) != path_of(own):
                places[address] = parts
        places = dict(list(places.items())[:MOST])
        found, new = targets((parts.path for parts in places.values()), self._stored), {}
        for address, parts in places.items():
            target = found[parts.path]
            is_own = target.kind == "article" and target.row is not None and target.row["pk"] == self._article.pk
            if path := target.new_path(self._article.slug if is_own else None):
                new[address] = parts._replace(scheme="", netloc="", path=path).geturl()
            stored_as = path_of(parts.path)
            if not is_own and not target.is_staff and 1 < len(stored_as) <= MAX_LENGTH and "\0" not in stored_as:
                # What lies in the trash may come back.
                known = self._stored.get(stored_as, (target.kind, None))
                self._found[stored_as] = (target.kind, target.row["pk"]) if target.row else known
        if new:
            html.change_addresses(rendered, new)

    def store(self) -> None:
        """Two queries at most, none if nothing has changed."""
        if gone := [path for path, place in self._stored.items() if self._found.get(path) != place]:
            self._article.links.filter(path__in=gone).delete()
        if new := {path: place for path, place in self._found.items() if self._stored.get(path) != place}:
            Link.objects.bulk_create(
                Link(article=self._article, path=path, kind=kind, key=key) for path, (kind, key) in new.items()
            )


@addressed.when_moved
def _moved(row, before: str | None) -> None:
    """Links to the new address lead to the row; texts that link to the old one are rendered with the new one."""
    kind = row._meta.model_name
    Link.objects.filter(key=None, path=path_of(row.get_absolute_url())).update(kind=kind, key=row.pk)
    if before and _linking(kind, row.pk, path_of(before)).exists():
        render_linking.enqueue(kind, row.pk, path_of(before))


def _linking(kind: str, key: int, path: str):
    links = Link.objects.filter(Q(kind=kind, key=key) | Q(key=None, path=path))
    return links.order_by("article").values_list("article", flat=True).distinct()


@task()
def render_linking(kind: str, key: int, path: str) -> str:
    """Render the articles again that link to a page whose address was `path`, one transaction each."""
    articles = Link._meta.get_field("article").related_model.objects
    keys = list(_linking(kind, key, path))
    for article in articles.only("pk").filter(pk__in=keys):
        article.render_again()
    return f"{len(keys)} rendered"
