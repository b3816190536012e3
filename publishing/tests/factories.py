"""Personas and articles for the tests of every app."""

from datetime import timedelta
from itertools import count

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article, Author, Byline, Category, update_related
from articles.models.shown import labels_changing

_numbers = count(1)
ROLES = {"author": "Author", "editor": "Editor", "moderator": "Moderator", "owner": "Owner"}


def make_user(role):
    """Someone with a login: "author", "editor", "moderator", "owner", or "superuser", who may do everything."""
    user = User.objects.create_user(f"{role}-{next(_numbers)}", is_staff=True, is_superuser=role == "superuser")
    if role in ROLES:
        if not Group.objects.exists():
            # A test that commits has emptied the database.
            call_command("create_roles")
        user.groups.add(Group.objects.get(name=ROLES[role]))
    return user


def make_category(name="Opinion"):
    return Category.objects.get_or_create(name=name, defaults={"slug": name.lower()})[0]


def make_author(name="Ines Okafor", user=None):
    return Author.objects.create(name=name, slug=f"author-{next(_numbers)}", user=user)


def make_article(*, authors=(), tags=(), **fields):
    """A published article an hour old, unless the fields say otherwise."""
    number = next(_numbers)
    fields = {
        "title": f"Article {number}",
        "slug": f"article-{number}",
        "summary": "What it is about.",
        "body": "One paragraph.\n\n## A heading\n\nAnother paragraph.\n",
        "status": "published",
        "published_at": timezone.now() - timedelta(hours=1),
    } | fields
    fields.setdefault("category", None)
    fields["category"] = fields["category"] or make_category()
    article = Article(**fields)
    # Nothing is related to the only article.
    article.save(force_insert=True, relate=Article.objects.exists())
    if authors or tags:
        with labels_changing(article):
            bylines = (Byline(article=article, author=author, position=i) for i, author in enumerate(authors))
            Byline.objects.bulk_create(bylines)
            article.tags.set(tags)
    if tags:
        update_related(article)
    return article
