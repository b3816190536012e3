import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from quizzes import lint
from quizzes.models import Quiz


class Command(BaseCommand):
    help = (
        "Check the saved questions of a quiz for giveaways, missing parts and unclear texts. "
        "Exits with 1 if there are findings. They do not block publishing."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG", help="slug of the quiz")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args, slug, **options):
        quiz = Quiz.objects.filter(slug=slug).first()
        if quiz is None:
            raise CommandError(f"There is no quiz “{slug}”.", returncode=2)
        findings = lint.findings(quiz.questions_in_order())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                about = f"“{finding.title}”: " if finding.title else ""
                self.stdout.write(f"{finding.severity:<9} {about}{finding.sentence} [{finding.rule}]")
        if findings:
            sys.exit(1)
