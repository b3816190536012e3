"""The question bank: where questions are filed, apart from the quizzes that use them."""

import re

from django.core.exceptions import ValidationError
from django.db import models, transaction

from publishing.text.fields import LineField

PATH_LENGTH = 200


def normal_path(path: str) -> str:
    """A path of categories as it is stored: "a/b/c", without spaces around the parts and without empty parts."""
    return "/".join(part for part in (" ".join(part.split()) for part in path.split("/")) if part)


class BankCategory(models.Model):
    """A folder of the question bank. Folders inside it have its path and a slash at the start of theirs."""

    path = LineField(
        max_length=PATH_LENGTH,
        unique=True,
        help_text="Folders are parted by slashes: Python/Iteration.",
    )

    class Meta:
        ordering = ["path"]
        verbose_name = "bank category"
        verbose_name_plural = "bank categories"
        constraints = [models.CheckConstraint(condition=~models.Q(path=""), name="bank_category_has_path")]

    def __str__(self):
        return self.path

    def save(self, *args, **kwargs):
        """A new path is given to the folders inside it too, in the same transaction. A query for each of them."""
        with transaction.atomic():
            moved = self._subfolder_moves() if self.pk else {}
            super().save(*args, **kwargs)
            for before, after in moved.items():
                BankCategory.objects.filter(path=before).update(path=after)

    def clean(self):
        if self.path and self.path != normal_path(self.path):
            raise ValidationError({"path": "Write it like Python/Iteration: no slash at either end, none twice."})
        moved = self._subfolder_moves() if self.pk else {}
        if any(len(path) > PATH_LENGTH for path in moved.values()):
            raise ValidationError({"path": f"With it, the path of a subfolder has more than {PATH_LENGTH} characters."})
        taken = BankCategory.objects.filter(path__in=moved.values()).exclude(path__in=moved).exclude(pk=self.pk)
        if found := taken.first():
            raise ValidationError({"path": f"A subfolder would become “{found}”, which exists already."})

    def _subfolder_moves(self) -> dict[str, str]:
        """Old and new paths of the folders inside this one, in an order in which each new path is free."""
        before = BankCategory.objects.filter(pk=self.pk).values_list("path", flat=True).first()
        if before is None or before == self.path:
            return {}
        inside = BankCategory.objects.filter(path__startswith=f"{before}/").values_list("path", flat=True)
        # SQLite's LIKE does not tell capitals from small letters.
        paths = [path for path in inside if path.startswith(f"{before}/")]
        paths.sort(key=len, reverse=len(self.path) > len(before))
        return {path: self.path + path.removeprefix(before) for path in paths}

    @classmethod
    def named(cls, path: str) -> "BankCategory":
        """The category with this path, made when there is none. Raises ValidationError for a path that cannot be."""
        path = normal_path(path)
        found = cls.objects.filter(path=path).first()
        if found is None:
            found = cls(path=path)
            found.full_clean()
            found.save()
        return found


class QuestionTag(models.Model):
    """A word that questions are found by in the bank; readers do not see it."""

    name = LineField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @classmethod
    def named(cls, names) -> list["QuestionTag"]:
        """The tags with these names, made where there are none. Names that cannot be a tag are left out."""
        tags = []
        for name in names:
            name = re.sub(r"\s+", " ", name).strip()[:60]
            if name:
                tags.append(cls.objects.get_or_create(name=name)[0])
        return tags
