"""What articles are filed under: categories, tags, authors and series."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from publishing.bases.addressed import Addressed
from publishing.text import markdown
from publishing.text.fields import TITLE_LENGTH, LineField, ProseField


class Category(Addressed):
    """Where an article is filed: the kicker over its title."""

    name = LineField(max_length=60, unique=True)
    description = LineField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in the navigation, smallest first.")

    class Meta(Addressed.Meta):
        ordering = ["position", "name"]
        verbose_name_plural = "categories"

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """A new category without a position comes after those that have their place."""
        if self._state.adding and not self.position:
            self.position = (Category.objects.aggregate(last=models.Max("position"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("articles:category", args=[self.slug])


class Tag(Addressed):
    name = LineField(max_length=60, unique=True)

    class Meta(Addressed.Meta):
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("articles:tag", args=[self.slug])


class Author(Addressed):
    """A byline, with or without a login."""

    name = LineField(max_length=100)
    biography = ProseField(max_length=2000, blank=True, help_text="Markdown.")
    biography_html = models.TextField(editable=False, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="author"
    )

    class Meta(Addressed.Meta):
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.biography_html = markdown.render_fragment(self.biography)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("articles:author", args=[self.slug])

    @property
    def safe_biography(self):
        return markdown.stored(self.biography_html)


class Series(Addressed):
    """Articles that are read in order."""

    title = LineField(max_length=TITLE_LENGTH)
    description = LineField(max_length=300, blank=True)

    class Meta(Addressed.Meta):
        ordering = ["title"]
        verbose_name_plural = "series"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:series", args=[self.slug])
