"""A small magazine, every public URL of it, and the list of changes to it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from articles.models import Image, Series, Tag
from articles.tests.test_admin import change_url, fields, picture
from comments.models import Status
from comments.tests.factories import make_comment
from publishing.sponsors.models import AdsTxt
from publishing.tests.factories import make_article, make_author, make_category, make_user
from quizzes.tests.factories import make_quiz

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


def uploaded():
    return SimpleUploadedFile("picture.png", picture())


class Magazine:
    """Two categories, three tags, two authors, a series, seven articles, two quizzes and some comments."""

    def __init__(self, folder):
        # Of files to import.
        self.folder = folder
        self.owner, self.reader = make_user("owner"), Client(headers=SAME_ORIGIN)
        self.admin = Client()
        self.admin.force_login(self.owner)
        self.opinion, self.practice = make_category("Opinion"), make_category("Practice")
        self.tags = [Tag.objects.create(name=name, slug=name) for name in ("http", "sql", "wsgi")]
        self.ines, self.omar = make_author("Ines Okafor"), make_author("Omar Haddad")
        self.series = Series.objects.create(title="By hand", slug="by-hand")
        self.image = Image.objects.create(file=uploaded(), alt="A loom")
        long_ago = timezone.now() - timedelta(days=40)
        more = [
            {"authors": [self.ines], "tags": self.tags[:2], "series": self.series, "series_position": 1},
            {
                "authors": [self.ines],
                "tags": self.tags[:1],
                "series": self.series,
                "series_position": 2,
                "featured": True,
            },
            {"authors": [self.omar], "category": self.practice, "cover": self.image},
            {"category": self.practice, "tags": self.tags[1:], "published_at": long_ago},
            {"authors": [self.omar], "tags": self.tags[2:], "published_at": long_ago},
            {"authors": [self.ines, self.omar]},
        ]
        for number, article in enumerate(more):
            article.setdefault("published_at", timezone.now() - timedelta(hours=30 - number))
        self.articles = [make_article(slug=f"a{n}", **article) for n, article in enumerate(more)]
        self.draft = make_article(slug="draft", status="draft", published_at=None, tags=self.tags[:1])
        self.quizzes = [make_quiz(slug="q0", articles=self.articles[:1]), make_quiz(slug="q1", articles=[self.draft])]
        self.unpublished = make_quiz(slug="q2", published=False)
        first = self.articles[0]
        self.comment = make_comment(first, status=Status.APPROVED, body="Why?")
        self.answer = make_comment(first, status=Status.APPROVED, parent=self.comment, body="Because.")
        self.other = make_comment(self.articles[2], status=Status.APPROVED, body="A correction.")
        self.held = make_comment(first, body="Is it so?")
        AdsTxt(lines="example.com, 1, DIRECT").save()
        # Addresses that have no page yet.
        self.later = ["/articles/draft/", "/quizzes/q2/", "/articles/renamed/"]

    def urls(self) -> list[str]:
        """The URLs of all that is public, was public or will be."""
        articles = [f"/articles/a{number}/" for number in range(6)]
        months = {timezone.localtime(article.published_at) for article in self.articles}
        lists = [f"/categories/{slug}/" for slug in ("opinion", "practice")]
        lists += [f"/tags/{slug}/" for slug in ("http", "sql", "wsgi")]
        lists += [f"/authors/{author.slug}/" for author in (self.ines, self.omar)] + ["/series/by-hand/"]
        kinds = ("pages", "articles", "tags", "quizzes")
        return list(dict.fromkeys([
            *articles, *lists, *(f"{url}feed.xml" for url in lists[::2]), *self.later,
            "/", "/archive/", *(f"/archive/{month:%Y}/{month.month}/" for month in months),
            "/search/", "/search/?q=paragraph",
            "/articles/a0/comments/?sort=newest", f"/articles/a0/comments/?reply={self.comment.pk}",
            "/articles/a0/comments/feed.xml", "/articles/a0/comments.json",
            f"/comments/{self.comment.pk}/report/", f"/comments/{self.other.pk}/report/",
            f"/comments/{self.other.pk}/", "/articles/a0/card.png",
            "/quizzes/", "/quizzes/q0/", "/quizzes/q1/", "/quizzes/feed.xml",
            "/feed.xml", "/atom.xml", "/feed.json", "/comments/feed.xml", "/llms.txt", "/ads.txt", "/robots.txt",
            "/sitemap.xml", *(f"/sitemap-{kind}-1.xml" for kind in kinds),
        ]))  # fmt: skip

    def edit(self, article, **changes):
        """Save the form of the admin."""
        data = {name: getattr(article, name) or "" for name in ("title", "slug", "summary", "body", "status")}
        moment = article.published_at and timezone.localtime(article.published_at)
        data |= {"category": article.category_id, "tags": [tag.pk for tag in article.tags.all()]}
        if moment:
            data |= {"published_at_0": f"{moment:%Y-%m-%d}", "published_at_1": f"{moment:%H:%M:%S.%f}"}
        bylines = list(article.bylines.all())
        data |= {"bylines-TOTAL_FORMS": len(bylines), "bylines-INITIAL_FORMS": len(bylines)}
        for number, byline in enumerate(bylines):
            data |= {f"bylines-{number}-id": byline.pk, f"bylines-{number}-article": article.pk}
            data |= {f"bylines-{number}-author": byline.author_id, f"bylines-{number}-position": number}
        if article.series_id:
            data |= {"series": article.series_id, "series_position": article.series_position}
        if article.featured:
            data["featured"] = "on"
        if article.cover_id:
            data["cover"] = article.cover_id
        response = self.admin.post(change_url(article), fields(**data | changes))
        assert response.status_code == 302, response.context["errors"]
        article.refresh_from_db()


@dataclass
class Change:
    name: str
    make: object
    models: set[str]
    # What may be rendered though it does not change: a pattern of URLs.
    in_vain: str = ""
    # Counts in lists.
    may_lag: bool = False
    is_on_every_page: bool = False

    def allows(self, url: str) -> bool:
        return self.is_on_every_page or bool(self.in_vain and re.search(self.in_vain, url))


CHANGES: list[Change] = []


def change(name, models="", **kwargs):
    def add(function):
        CHANGES.append(Change(name, function, set(models.split()), **kwargs))
        return function

    return add


def saved(what, models, row, /, **values):
    """A change that saves fields of a row, which `row(magazine)` returns."""
    options = {key: values.pop(key) for key in ("in_vain", "is_on_every_page", "may_lag") if key in values}

    def make(magazine):
        chosen = row(magazine)
        chosen.refresh_from_db()
        for key, value in values.items():
            setattr(chosen, key, value(magazine) if callable(value) else value)
        chosen.save()

    CHANGES.append(Change(what, make, set(models.split()), **options))
