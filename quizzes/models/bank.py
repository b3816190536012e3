"""The question bank: where questions are filed, apart from the quizzes that use them."""

import re

from django.core.exceptions import ValidationError
from django.db import models

from publishing.fields import LineField

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

    def clean(self):
        if self.path and self.path != normal_path(self.path):
            raise ValidationError({"path": "Write it like Python/Iteration: no slash at either end, none twice."})

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
