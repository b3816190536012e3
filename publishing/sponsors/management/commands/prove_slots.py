from django.core.management.base import BaseCommand, CommandError

from publishing.sponsors.models import Key
from publishing.sponsors.proof.browser import NoBrowserError
from publishing.sponsors.proof.proving import prove

MOVED, NOT_MEASURED, NO_BROWSER = 1, 2, 3
GET_ONE = (
    "It needs Chromium and Playwright: apt install chromium-headless-shell (Debian), pip install playwright. "
    "Run it on any machine that has a copy of the site, and look at the result there."
)


class Command(BaseCommand):
    help = (
        "Opens a page with each sponsored slot in Chromium, at three widths: with its empty box, a small and a large "
        "advertisement, none, and a blocked script. Stores whether anything moved. Ends with 0 if nothing did, 1 if "
        "something did, 2 if no page has one of the slots, 3 without a browser."
    )

    def add_arguments(self, parser):
        parser.add_argument("keys", nargs="*", metavar="SLOT", help=f"any of {', '.join(Key.values)}; default: all")

    def handle(self, *args, keys, **options):
        if unknown := set(keys) - set(Key.values):
            raise CommandError(f"There is no slot {', '.join(sorted(unknown))}; choose from {', '.join(Key.values)}.")
        try:
            results = list(prove(keys or Key.values))
        except NoBrowserError as error:
            raise CommandError(GET_ONE, returncode=NO_BROWSER) from error
        for result in results:
            self.stdout.write(_line(result))
        if any(result.path and not result.is_passed for result in results):
            raise CommandError("A slot moves the page.", returncode=MOVED)
        if missing := [result.slot.key for result in results if not result.path]:
            raise CommandError(f"No page has the slot {', '.join(missing)}.", returncode=NOT_MEASURED)


def _line(result) -> str:
    if not result.path:
        return f"{result.slot.key}: not measured"
    problems = [f"\n  {case.width} px, {case.outcome}: {case.problem}" for case in result.cases if case.problem]
    total = sum(case.shift for case in result.cases)
    head = f"{result.slot.key}: {len(result.cases)} cases on {result.path}, shift {total:g}"
    return head + ("".join(problems) or ", each box kept its size")
