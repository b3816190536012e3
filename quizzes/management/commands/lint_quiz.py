import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from quizzes import lint
from quizzes.models import Quiz


class Command(BaseCommand):
    help = (
        "Look through a quiz as it is now for giveaways, for what is missing and for what is unclear. "
        "Exit code 1 when something is found; nothing found here keeps a quiz from being published."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG", help="which quiz")
        parser.add_argument("--json", action="store_true", help="print a list of objects instead of sentences")

    def handle(self, *args, slug, **options):
        quiz = Quiz.objects.filter(slug=slug).first()
        if quiz is None:
            raise CommandError(f"There is no quiz “{slug}”.", returncode=2)
        found = lint.of_quiz(quiz)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
        else:
            for finding in found:
                about = f"“{finding.title}”: " if finding.title else ""
                self.stdout.write(f"{finding.severity:<9} {about}{finding.sentence} [{finding.rule}]")
        if found:
            sys.exit(1)
