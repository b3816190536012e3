"""Loads the demo publication with the importers for real content."""

import os
import re
import secrets
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from publishing import files
from publishing.models import Publication
from publishing.sponsors.models import Key, Slot, Source

DEMO = settings.BASE_DIR / "demo"
ACCOUNTS = {"owner": None, "editor": "Editor", "author": "Author", "moderator": "Moderator"}
# The byline of the author's account.
BYLINE = "mei-castellan"
CREDIT = "Drawn for The Indent"
FILL_IN = "Fill in"
# As in "[Fill in: your address]".
TO_FILL_IN = re.compile(rf"\[{FILL_IN}[^\]]*\]")
PAGES_SINCE = datetime(2026, 2, 1, 8, tzinfo=UTC)
OPINION = "the-smallest-framework-that-could-possibly-teach-you"


def password_file() -> Path:
    return settings.VAR_DIR / "demo-password"


class Command(BaseCommand):
    help = "Load the demo publication with four accounts. Not for production."

    @transaction.atomic
    def handle(self, *args, **options):
        quiet = {"verbosity": 0, "stdout": StringIO()}
        call_command("loaddata", DEMO / "publication.yaml", **quiet)
        band = apps.get_model("articles", "Category").objects.get(slug="opinion")
        apps.get_model("articles", "FrontPage")(opinion=band).save()
        call_command("import_markdown", DEMO / "articles", **quiet)
        self.give_faces()
        for path in sorted((DEMO / "quizzes").glob("*.gift")):
            call_command("import_quiz", path, **quiet)
        call_command("import_comments", DEMO / "comments.yaml", **quiet)
        call_command("maintenance", "banner", reason="Demo", **quiet)
        self.mark_opinion()
        self.make_pages()
        self.make_menu()
        call_command("make_renditions", **quiet)
        self.make_accounts()

    def give_faces(self):
        """And say who drew the pictures. Saving an author renders the biography, too, which loaddata does not."""
        image = apps.get_model("articles", "Image")
        for author in apps.get_model("articles", "Author").objects.all():
            path = DEMO / "faces" / f"{author.slug}.png"
            author.picture = image.from_file(ContentFile(path.read_bytes(), path.name), f"Portrait of {author.name}")
            author.save()
        for picture in image.objects.all():
            picture.credit = CREDIT
            picture.save()

    def make_pages(self):
        """Published pages that begin with our templates, whose marked places are filled in, in English as all else."""
        model = apps.get_model("articles", "Page")
        for slug, page in yaml.safe_load((DEMO / "pages.yaml").read_text()).items():
            filled = iter(page.pop("filled"))
            context = {"publication": Publication.current(), "fill_in": FILL_IN}
            with translation.override("en"):
                text = render_to_string(f"articles/pages/starts/{slug}.txt", context)
            body = TO_FILL_IN.sub(lambda mark, filled=filled: next(filled), text)
            model.objects.create(slug=slug, body=body, status="published", published_at=PAGES_SINCE, **page)

    def make_menu(self):
        """In the head: the sections, the quizzes and the page about the publication."""
        entries = [{"kind": "category", "key": row.pk} for row in apps.get_model("articles", "Category").objects.all()]
        entries.append({"words": "Quizzes", "address": "/quizzes/"})
        entries.append({"kind": "page", "key": apps.get_model("articles", "Page").objects.get(slug="about").pk})
        menu = apps.get_model("articles", "Menu").objects.get(place="header")
        for position, entry in enumerate(entries):
            menu.entries.create(position=position, **entry)

    def mark_opinion(self):
        """One article has been read, and has a slot, which is empty. No other has."""
        apps.get_model("articles", "ArticleCounts").objects.filter(article__slug=OPINION).update(views=1)
        for slot in Slot.objects.all():
            is_shown = slot.key == Key.ARTICLE_TOP
            slot.source = Source.PREVIEW if is_shown else Source.OFF
            slot.pages = f"/articles/{OPINION}/" if is_shown else ""
            slot.save()

    def make_accounts(self):
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        for name, group in ACCOUNTS.items():
            user = User.objects.filter(username=name).first() or User(username=name)
            user.is_staff, user.is_superuser = True, group is None
            user.set_password(password)
            user.save()
            if group:
                user.groups.set([Group.objects.get(name=group)])
        apps.get_model("articles", "Author").objects.filter(slug=BYLINE).update(
            user=User.objects.get(username="author")
        )
        with files.whole(password_file(), text=True) as file:
            file.write(password + "\n")
