"""The labels that posts of a source name, found or made here."""

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.text import slugs
from publishing.text.fields import TITLE_LENGTH
from publishing.text.parsing import normal_line_ends
from publishing.text.validators import UNSTORABLE
from publishing.transfer.notes import Kind, Notes

from ...labels import names
from ...models import Author, Category, Series, Tag
from ...models.taxonomy import Listed
from ..records import Label, Person, Reader
from .texts import line

MODELS = {"category": Category, "tag": Tag, "series": Series, "author": Author}
_BIOGRAPHY = Author._meta.get_field("biography").max_length
_DESCRIPTION = Category._meta.get_field("description").max_length


# What is told of them, by kind.
_NAME_OF = {
    "category": _("the name of the category “%(name)s…”"),
    "tag": _("the name of the tag “%(name)s…”"),
    "series": _("the name of the series “%(name)s…”"),
    "author": _("the name of the author “%(name)s…”"),
}
_ONLY_NAME = {
    "category": _("of the category %(name)s only the name was taken: %(problem)s"),
    "tag": _("of the tag %(name)s only the name was taken: %(problem)s"),
    "series": _("of the series %(name)s only the name was taken: %(problem)s"),
    "author": _("of the author %(name)s only the name was taken: %(problem)s"),
}


class Labels:
    """Keys of rows by kind and name, with a query for each name only once.

    What is made in a transaction is known for good after `keep`; after a rollback, call `forget`.
    """

    def __init__(self, reader: Reader):
        self._known: dict[tuple[str, str], int] = {}
        self._made: list[tuple[str, str]] = []
        # Those that posts name, stored or not.
        self._named: dict[tuple[str, str], None] = {}
        self._told: dict[tuple[str, str], Label | Person] = {}
        for label in reader.labels():
            self._told.setdefault((label.kind, names.compared(label.name)), label)
        for person in reader.people():
            self._told.setdefault(("author", names.compared(person.name)), person)

    def key(self, kind: str, name: str, notes: Notes) -> int | None:
        """The key of the label with this name, made if there is none; None for a name without a letter."""
        length = TITLE_LENGTH if kind == "series" else MODELS[kind]._meta.get_field("name").max_length
        name = line(name, _NAME_OF[kind] % {"name": name[:60]}, length, notes)
        if not name:
            return None
        place = kind, names.compared(name)
        self._named[place] = None
        if place not in self._known:
            row = names.find(MODELS[kind], name) or self._make(kind, name, self._told.get(place), notes)
            self._known[place] = row.pk
            self._made.append(place)
        return self._known[place]

    def keys(self, kind: str, several: list[str], notes: Notes) -> list[int]:
        found = (self.key(kind, name, notes) for name in several)
        return list(dict.fromkeys(key for key in found if key is not None))

    def keep(self) -> None:
        self._made.clear()

    def forget(self) -> None:
        for place in self._made:
            del self._known[place]
        self._made.clear()

    def to_come(self):
        """Of each label of which the source knows more: its kind, that, and its slug and address here. Queries."""
        for (kind, _name), told in self._told.items():
            row = names.find(MODELS[kind], told.name) or MODELS[kind](slug=self._slug(kind, told.name, told))
            yield kind, told, row.slug, row.get_absolute_url()

    def with_old_addresses(self):
        """Pairs of a row that posts of the source name and its old addresses there."""
        for place, told in self._told.items():
            if told.old_addresses and place in self._known:
                row = MODELS[place[0]].objects.filter(pk=self._known[place]).first()
                if row:
                    yield row, told.old_addresses

    def with_pictures(self):
        """Pairs of an author that posts of the source name and the person there, with a picture. Queries.

        In a dry run the author may be no row.
        """
        for place in self._named:
            person = self._told.get(place)
            if isinstance(person, Person) and person.picture:
                yield names.find(Author, person.name) or Author(name=person.name), person

    def _slug(self, kind: str, name: str, told: Label | Person | None) -> str:
        wanted = slugs.name_slug((told and told.slug) or name) or slugs.name_slug(name) or kind
        taken = MODELS[kind].objects.filter(slug__startswith=wanted[:190]).values_list("slug", flat=True)
        return slugs.free(wanted, set(taken))

    def _make(self, kind: str, name: str, told: Label | Person | None, notes: Notes) -> Listed:
        model = MODELS[kind]
        row = model(slug=self._slug(kind, name, told), **{model.NAME_FIELD: name})
        if isinstance(told, Person):
            row.biography = UNSTORABLE.sub("", normal_line_ends(told.biography))[:_BIOGRAPHY]
            row.link_lines = "\n".join(f"{words} {address}" for words, address in told.links)
        elif told and hasattr(row, "description") and kind != "tag":
            row.description = line(told.description, gettext("the description"), _DESCRIPTION, notes)
        if kind == "category":
            row.position = (Category.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        try:
            row.full_clean()
        except ValidationError as error:
            # What is known besides the name costs nobody the label.
            words = _ONLY_NAME[kind] % {"name": name, "problem": "; ".join(error.messages)}
            notes.add(Kind.NAME, words)
            row = model(slug=row.slug, **{model.NAME_FIELD: name})
            row.full_clean()
        row.save()
        return row
