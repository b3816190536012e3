"""Categories and tags of the question bank."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from publishing.text.fields import LineField

PATH_LENGTH = 200


def normal_path(path: str) -> str:
    """A path as it is stored: "a/b/c", without spaces around the parts and without empty parts."""
    return "/".join(filter(None, (" ".join(part.split()) for part in path.split("/"))))


class BankCategory(models.Model):
    """A category of the question bank. The paths of its subcategories start with its own and a slash."""

    path = LineField(
        max_length=PATH_LENGTH, unique=True, help_text=_("Subcategories come after a slash: Python/Iteration.")
    )

    class Meta:
        ordering = ["path"]
        verbose_name = _("bank category")
        verbose_name_plural = _("bank categories")
        constraints = [models.CheckConstraint(condition=~models.Q(path=""), name="bank_category_has_path")]

    def __str__(self):
        return self.path

    def save(self, *args, **kwargs):
        """A new path renames the subcategories too."""
        with transaction.atomic():
            moves = self._subcategory_moves()
            super().save(*args, **kwargs)
            for before, after in moves.items():
                BankCategory.objects.filter(path=before).update(path=after)

    def clean(self):
        if self.path and self.path != normal_path(self.path):
            raise ValidationError({"path": _("Write it like Python/Iteration, without slashes at the ends.")})
        moves = self._subcategory_moves()
        if any(len(path) > PATH_LENGTH for path in moves.values()):
            message = _("The path of a subcategory would have more than %(most)s characters.")
            raise ValidationError({"path": ValidationError(message, params={"most": PATH_LENGTH})})
        taken = BankCategory.objects.filter(path__in=moves.values()).exclude(path__in=moves).exclude(pk=self.pk)
        if category := taken.first():
            message = _("A subcategory would become “%(category)s”, which exists already.")
            raise ValidationError({"path": ValidationError(message, params={"category": category})})

    def _subcategory_moves(self) -> dict[str, str]:
        """Old and new paths of the subcategories, in an order in which each new path is free."""
        before = BankCategory.objects.filter(pk=self.pk).values_list("path", flat=True).first()
        if before is None or before == self.path:
            return {}
        inside = BankCategory.objects.filter(path__startswith=f"{before}/").values_list("path", flat=True)
        # LIKE of SQLite ignores case.
        paths = [path for path in inside if path.startswith(f"{before}/")]
        paths.sort(key=len, reverse=len(self.path) > len(before))
        return {path: self.path + path.removeprefix(before) for path in paths}

    @classmethod
    def named(cls, path: str) -> "BankCategory":
        """The category with this path, created if needed. Raises ValidationError for an invalid path."""
        path = normal_path(path)
        category = cls.objects.filter(path=path).first()
        if category is None:
            category = cls(path=path)
            category.full_clean()
            category.save()
        return category


class QuestionTag(models.Model):
    """A keyword for finding questions in the bank, hidden from readers."""

    name = LineField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @classmethod
    def named(cls, names) -> list["QuestionTag"]:
        """The tags with these names, created if needed. Blank names are left out."""
        cut = (" ".join(name.split())[:60] for name in names)
        return [cls.objects.get_or_create(name=name)[0] for name in cut if name]
