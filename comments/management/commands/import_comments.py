from collections import Counter
from pathlib import Path

import yaml
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.models import Article
from comments import moderation
from comments.models import Comment, Status

KEYS = {"article", "name", "body", "date"}


class Command(BaseCommand):
    help = (
        "Take in comments from a YAML list of {article (its slug), name, body, date, state, reason}. The same comment "
        "again changes nothing; one that cannot be taken in is told why and stops no other."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)

    def handle(self, *args, path, verbosity, **options):
        counted = Counter()
        for number, entry in enumerate(self.entries(path), start=1):
            try:
                counted[self.take_in(entry)] += 1
            except (ValueError, ValidationError, Article.DoesNotExist) as error:
                counted["skipped"] += 1
                told = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                self.stderr.write(f"Comment {number} skipped: {told}")
        if verbosity:
            self.stdout.write(
                ", ".join(f"{counted[result]} {result}" for result in ("created", "unchanged", "skipped"))
            )

    def entries(self, path):
        try:
            entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        if not isinstance(entries, list):
            raise CommandError(f"{path} is not a list of comments.")
        return entries

    def take_in(self, entry):
        """Store one comment; returns "created" or "unchanged". Raises ValueError for an entry that is none."""
        if not isinstance(entry, dict) or not entry.keys() >= KEYS:
            raise ValueError(f"it needs {', '.join(sorted(KEYS))}")
        state = entry.get("state", Status.PENDING)
        if state not in Status.values:
            raise ValueError(f"“{state}” is not a state; write one of {', '.join(Status.values)}")
        moment = entry["date"] if not isinstance(entry["date"], str) else parse_datetime(entry["date"])
        if not hasattr(moment, "tzinfo"):
            raise ValueError(f"“{entry['date']}” is not a moment; write 2026-06-30T08:00:00Z")
        moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        article = Article.objects.get(slug=entry["article"])
        if Comment.objects.filter(article=article, name=entry["name"], created_at=moment).exists():
            return "unchanged"
        moderation.import_comment(
            article, str(entry["name"]), str(entry["body"]), moment, state, str(entry.get("reason", ""))
        )
        return "created"
