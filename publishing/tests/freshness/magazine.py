"""A small magazine, every public URL of it, and the list of changes to it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles.bulk.running import carry_out
from articles.labels.merging import relate
from articles.models import Article, Author, BulkChange, Category, Image, MergedLabel, Page, Series, Tag
from comments.models import Status
from comments.tests.factories import make_comment
from publishing.sponsors.models import AdsTxt
from publishing.tests.factories import make_article, make_author, make_category
from publishing.tests.pictures import uploaded
from quizzes.models import Quiz
from quizzes.tests.factories import make_quiz

from .forms import form_with, submit

WITH_PAGE = (Article, Category, Tag, Author, Series, Quiz, Page)


def now():
    """The moment as a form has it, without a fraction of a second."""
    return timezone.now().replace(microsecond=0)


class Magazine:
    """Two categories, three tags, two authors, a series, seven articles, two quizzes and some comments.

    `admin` is a client that `owner` is signed in with, `reader` one without cookies. `wait_until(moment)` returns when
    the clock has reached it; `soon` is before cached pages expire, and after they are compared. Files to import are
    written into `folder`.
    """

    def __init__(self, folder, owner, admin, reader, wait_until, soon):
        self.folder, self.owner, self.admin, self.reader = folder, owner, admin, reader
        self.wait_until, self.soon = wait_until, soon
        # What was driven: (model, action) of the admin, and commands.
        self.actions, self.commands = set(), set()
        self.opinion, self.practice = make_category("Opinion"), make_category("Practice")
        self.tags = [Tag.objects.create(name=name, slug=name) for name in ("http", "sql", "wsgi")]
        self.ines, self.omar = make_author("Ines Okafor"), make_author("Omar Haddad")
        self.series = Series.objects.create(title="By hand", slug="by-hand")
        self.image = Image.objects.create(file=uploaded(), alt="A loom")
        long_ago = now() - timedelta(days=40)
        in_series = {"authors": [self.ines], "series": self.series}
        more = [
            in_series | {"tags": self.tags[:2], "series_position": 1},
            in_series | {"tags": self.tags[:1], "series_position": 2, "featured": True},
            {"authors": [self.omar], "category": self.practice, "cover": self.image},
            {"category": self.practice, "tags": self.tags[1:], "published_at": long_ago},
            {"authors": [self.omar], "tags": self.tags[2:], "published_at": long_ago},
            {"authors": [self.ines, self.omar]},
        ]
        for number, article in enumerate(more):
            article.setdefault("published_at", now() - timedelta(hours=30 - number))
        # As a form sends it: one that ends with an empty line changes when its form is saved.
        body = "One paragraph.\n\n## A heading\n\nAnother paragraph."
        self.articles = [make_article(slug=f"a{n}", body=body, **article) for n, article in enumerate(more)]
        self.draft = make_article(
            slug="draft", body=body, status="draft", published_at=None, tags=self.tags[:1], authors=[self.omar]
        )
        self.quizzes = [make_quiz(slug="q0", articles=self.articles[:1]), make_quiz(slug="q1", articles=[self.draft])]
        self.unpublished = make_quiz(slug="q2", published=False)
        first = self.articles[0]
        self.comment = make_comment(first, status=Status.APPROVED, body="Why?")
        self.answer = make_comment(first, status=Status.APPROVED, parent=self.comment, body="Because.")
        self.other = make_comment(self.articles[2], status=Status.APPROVED, body="A correction.")
        self.held = make_comment(first, body="Is it so?")
        AdsTxt(lines="example.com, 1, DIRECT").save()
        # A form has no fractions of seconds: it would change the moment.
        Quiz.objects.update(published_at=now())
        self.addresses, self.months = {}, {}
        # Addresses that have no page yet, or never had one.
        self.later = ["/articles/renamed/", "/categories/moved/", "/old/", "/about/"]

    def urls(self) -> list[str]:
        """The URLs of all that is public, was public or will be."""
        rows = [row for model in WITH_PAGE for row in model.objects.all()]
        self.addresses |= dict.fromkeys(row.get_absolute_url() for row in rows)
        articles = [row for row in rows if isinstance(row, Article) and row.published_at]
        months = [timezone.localtime(article.published_at) for article in articles]
        self.months |= dict.fromkeys(f"/archive/{month:%Y}/{month.month}/" for month in months)
        lists = [
            address
            for address in self.addresses
            if address.count("/") == 3 and not address.startswith(("/articles/", "/quizzes/"))
        ]
        kinds = ("front", "pages", "articles", "tags", "corrections", "quizzes")
        return list(dict.fromkeys([
            *self.addresses, *(f"{url}feed.xml" for url in lists[::2]), *self.later,
            "/", "/archive/", *self.months, *(f"{month[:13]}/" for month in self.months),
            "/categories/", "/tags/", "/authors/", "/series/", "/follow/",
            "/search/", "/search/?q=paragraph", "/search/?q=haddad&sort=new",
            "/articles/a0/comments/?sort=newest", f"/articles/a0/comments/?reply={self.comment.pk}",
            "/articles/a2/comments/", "/articles/a0/comments/feed.xml", "/articles/a0/comments.json",
            f"/comments/{self.comment.pk}/report/", f"/comments/{self.other.pk}/report/",
            f"/comments/{self.other.pk}/", "/articles/a0/card.png",
            "/quizzes/", "/quizzes/feed.xml", "/corrections/", "/corrections/feed.xml",
            "/feed.xml", "/atom.xml", "/feed.json", "/comments/feed.xml", "/llms.txt", "/ads.txt", "/robots.txt",
            "/manifest.webmanifest", "/sitemap.xml", *(f"/sitemap-{kind}-1.xml" for kind in kinds),
        ]))  # fmt: skip

    # --- what staff do ---

    def save(self, row, /, **values):
        """Send the form of the admin for a row, with these values changed.

        What is changed of a public article is published, unless another `step` is given.
        """
        names = {f.name for f in row._meta.get_fields() if getattr(f, "many_to_one", False)}
        sent = {}
        for name, value in values.items():
            if isinstance(value, datetime):
                sent |= in_form(name, value)
            elif isinstance(value, bool):
                sent[name] = ["on"] if value else []
            elif isinstance(value, list):
                sent[name] = [str(getattr(item, "pk", item)) for item in value]
            else:
                sent[name] = "" if value is None else str(value.pk if name in names else value)
        if isinstance(row, Article):
            sent.setdefault("step", "publish" if row.is_published else "save")
        response = submit(self.admin, admin_url(row, "change", row.pk), button_of(row), **sent)
        assert response.status_code == 302, errors(response)
        row.refresh_from_db()

    def type(self, article, /, **values):
        """What the form of an article sends while somebody types; of a new one if `article` is the model."""
        key = [article.pk] if isinstance(article, Article) else []
        page = self.admin.get(admin_url(Article, "change" if key else "add", *key))
        data = form_with(page.content.decode(), "step").values | {name: [value] for name, value in values.items()}
        response = self.admin.post(admin_url(Article, "autosave" if key else "autosave_new", *key), data)
        assert response.status_code == 200, response.content

    def add(self, model, /, **values):
        response = submit(self.admin, admin_url(model, "add"), button_of(model), **values)
        assert response.status_code == 302, errors(response)
        return model.objects.order_by("-pk").first()

    def delete(self, row):
        response = submit(self.admin, admin_url(row, "delete", row.pk), "post")
        assert response.status_code == 302, errors(response)

    def act(self, action, /, *rows, query="", **values):
        """An action of the list of the admin."""
        chosen = [str(row.pk) for row in rows]
        url = admin_url(rows[0], "changelist") + query
        response = submit(self.admin, url, "action", action=action, _selected_action=chosen, **values)
        assert response.status_code == 302, errors(response)
        self.actions.add((type(rows[0]).__name__, action))
        return response

    def change_many(self, action, /, *rows, **values):
        """A change of many articles, confirmed and carried out by the worker's task."""
        page = self.act(action, *rows, query="?whose=all").headers["Location"]
        self._carry_out(page, "confirm", **values)

    def undo_many(self):
        """Undo the last change of many articles."""
        self._carry_out(admin_url(Article, "bulk", BulkChange.objects.latest("pk").pk), "undo")

    def _carry_out(self, page, button, **values):
        assert submit(self.admin, page, button, **values).status_code == 302
        carry_out.func(BulkChange.objects.latest("pk").pk)

    def merge(self, kept, *others, name=""):
        """Labels, by the page that the action leads to."""
        page = self.act("merge_or_rename", kept, *others).headers["Location"]
        response = submit(self.admin, page, "merge", keep=str(kept.pk), name=name)
        assert response.status_code == 302, errors(response)
        relate.func(sorted(Article.objects.values_list("pk", flat=True)))

    def unmerge(self, label):
        kind = label._meta.model_name
        merged = MergedLabel.objects.get(kind=kind, key=label.pk)
        page = self.admin.get(admin_url(label, "change", merged.kept)).content.decode()
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        response = self.admin.post(admin_url(label, "unmerge", merged.pk), {"csrfmiddlewaretoken": token})
        assert response.status_code == 302
        relate.func(sorted(Article.objects.values_list("pk", flat=True)))

    def decide(self, comment, button, /, **values):
        """A button of the review page."""
        response = submit(self.admin, admin_url(comment, "change", comment.pk), f"_{button}", **values)
        assert response.status_code == 302, errors(response)
        comment.refresh_from_db()

    def command(self, name, *arguments, **options):
        call_command(name, *arguments, **options)
        self.commands.add(name)


def in_form(name, moment) -> dict[str, str]:
    """A moment in the two fields of the admin."""
    local = timezone.localtime(moment)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M:%S}"}


def button_of(model) -> str:
    """The name of the buttons that save a form of the admin."""
    return "step" if model._meta.model is Article else "_save"


def admin_url(model, page, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def errors(response):
    """The messages of a refused form."""
    text = response.content.decode()
    return response.status_code, re.findall(r'errorlist[^>]*>(.*?)</ul>|class="errornote">(.*?)</p>', text, re.DOTALL)


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
    # What may be stale for as long as a page is cached: a pattern of URLs.
    lags: str = ""
    # Whether the suite makes it too.
    short: bool = False

    def allows(self, url: str) -> bool:
        """Any article can change what a search finds; /follow/ has one name for all labels of a kind."""
        if url.startswith(("/search/", "/follow/")):
            return True
        return self.is_on_every_page or bool(self.in_vain and re.search(self.in_vain, url))


OPTIONS = {"lags", "in_vain", "is_on_every_page", "may_lag", "short"}
# Dates and rows of all lists have one name each, and so has the text of all articles.
SITEMAP, SEARCH = r"^/sitemap", r"^/search/\?q"
# Pages with one name for all that is said under an article.
THREAD = r"/a\d/$|/comments|report"
# It may have comments.
PUBLISHED = f"{SITEMAP}|{SEARCH}|^/comments/feed"


class Changes(list[Change]):
    """Changes in the order in which they are made."""

    def change(self, name, models="", **options):
        """Decorate a function that makes a change of a magazine."""

        def add(function):
            self.append(Change(name, function, set(models.split()), **options))
            return function

        return add

    def saved(self, name, models, row, /, **values):
        """A change of fields in the form of the admin for a row, which `row(magazine)` returns."""
        options = {key: values.pop(key) for key in OPTIONS & values.keys()}

        def make(magazine):
            chosen = row(magazine)
            chosen.refresh_from_db()
            magazine.save(
                chosen, **{key: value(magazine) if callable(value) else value for key, value in values.items()}
            )

        self.append(Change(name, make, set(models.split()), **options))
