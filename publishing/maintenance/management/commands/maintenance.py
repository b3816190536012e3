"""manage.py maintenance status | banner | read-only | closed | off"""

import json
import re
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from publishing.maintenance import announcements
from publishing.maintenance.models import State, Window
from publishing.maintenance.moments import in_zone

USUAL_CLOSURE = timedelta(hours=2)
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def parse_duration(text: str) -> timedelta:
    """ "2h", "30m", "1d" or "1h30m" as a length of time. Raises CommandError."""
    parts = re.findall(r"([0-9]{1,4})([dhm])", text, re.ASCII)
    length = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if not length or "".join(number + unit for number, unit in parts) != text:
        raise CommandError(f"“{text}” is not a duration. Use 30m, 2h, 1d or 1h30m.")
    return length


def parse_moment(text: str) -> datetime:
    """An ISO 8601 date and time; without an offset it is in the site's time zone.

    Raises CommandError, also for a time that the clocks skip and for one that they show twice, if it has no offset.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2026-11-22T14:30 or 2026-11-22T14:30+01:00"
        raise CommandError(f"“{text}” is not a date and time. Use {example}.") from error
    if timezone.is_aware(moment):
        return moment
    try:
        return in_zone(moment)
    except ValidationError as error:
        ask = " Enter it with its offset, such as 02:30+01:00." if error.code == "fold" else ""
        raise CommandError(f"{error.messages[0]}{ask}") from error


class Command(BaseCommand):
    help = "Show or change whether the site is under maintenance. The quizzes stay open in every state."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="status|banner|read-only|closed|off")
        status = verbs.add_parser("status", help="show the current and the planned state")
        status.add_argument("--json", action="store_true", help="for programs")
        for state, summary in (
            (State.BANNER, "readers see a notice; everything works"),
            (State.READ_ONLY, "readers can read; forms are off, except in quizzes"),
            (State.CLOSED, "only the quizzes are available; 24 hours at most"),
        ):
            announce = verbs.add_parser(state.value, help=summary)
            announce.add_argument(
                "--from", dest="starts_at", type=parse_moment, metavar="MOMENT", help="ISO 8601; default: now"
            )
            until = announce.add_mutually_exclusive_group()
            until.add_argument("--for", dest="length", type=parse_duration, metavar="LENGTH", help="30m, 2h, 1d")
            until.add_argument("--until", dest="ends_at", type=parse_moment, metavar="MOMENT", help="ISO 8601")
            announce.add_argument("--sentence", default="", help="what readers see; default: the sentence in the admin")
            announce.add_argument("--reason", default="", help="a note for staff")
        verbs.add_parser("off", help="end the active window")

    def handle(self, *args, verb, **options):
        if verb == "status":
            self._show_status(options["json"])
        elif verb == "off":
            self._end()
        else:
            self._announce(verb, options)

    def _announce(self, state, options):
        starts_at, ends_at = options["starts_at"], options["ends_at"]
        begins = starts_at or timezone.now()
        if options["length"]:
            ends_at = begins + options["length"]
        elif state == State.CLOSED and ends_at is None:
            ends_at = begins + USUAL_CLOSURE
            self.stdout.write("No end was given. The site opens again after 2 hours.")
        try:
            window = announcements.announce(
                state, starts_at=starts_at, ends_at=ends_at, sentence=options["sentence"], reason=options["reason"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{window}.")

    def _end(self):
        ended = announcements.end()
        self.stdout.write("Maintenance is off." if ended else "Maintenance is already off.")
        for window in Window.objects.scheduled().order_by("starts_at"):
            self.stdout.write(f"Planned: {window}.")

    def _show_status(self, as_json):
        situation = announcements.stored_situation()
        scheduled = Window.objects.scheduled().order_by("starts_at")
        if as_json:
            planned = [{"state": each.state, "from": each.starts_at, "until": each.ends_at} for each in scheduled]
            status = {"state": situation.state, "sentence": situation.sentence, "until": situation.ends_at}
            self.stdout.write(json.dumps(status | {"to_come": planned}, default=datetime.isoformat))
            return
        self.stdout.write(situation.state)
        if situation.is_on:
            until = f"{timezone.localtime(situation.ends_at):%Y-%m-%d %H:%M %Z}" if situation.ends_at else "it is ended"
            self.stdout.write(f"sentence: {situation.sentence}\nuntil: {until}")
        for window in scheduled:
            self.stdout.write(f"to come: {window}")
