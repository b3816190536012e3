"""manage.py maintenance status | history | schedule | announce | banner | read-only | close | off"""

import json
import sys
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from publishing.maintenance import announcements, switch
from publishing.maintenance.decision import ANNOUNCED, OFF
from publishing.maintenance.desk import history, plans, printed, typed
from publishing.maintenance.models import State, Window, shifted

USUAL_CLOSURE = timedelta(hours=2)
NOTHING_TO_DO = 3
# Of `status --exit-code`.
STATES = {OFF: 0, ANNOUNCED: 10, State.BANNER: 11, State.READ_ONLY: 12, State.CLOSED: 13}
EXIT_CODES = """\
exit codes: 0 done; 1 refused, for the reason that is printed; 2 wrong usage; 3 nothing to do.
status --exit-code: 0 off, 10 announced, 11 banner, 12 read-only, 13 closed.
"""
VERBS = {
    "status": "show the current and the planned state",
    "history": "show what people and the clock did, newest first",
    "schedule": "show what is planned, or plan a state that readers are not told of before unless you say so",
    "announce": "plan a state and tell readers of it: from now on, unless you say when",
    State.BANNER: "readers see a notice; everything works",
    State.READ_ONLY: "readers can read; forms are off, except in quizzes",
    "close": "only the quizzes are available; 24 hours at most",
    "off": "end the active window, or call off a planned one",
}


class Command(BaseCommand):
    help = "Show or change whether the site is under maintenance. The quizzes stay open unless you close them too."

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(prog_name, subcommand, epilog=EXIT_CODES, **kwargs)

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="|".join(VERBS))
        # Commands of others may have the name of the state.
        aliases = {"close": ["closed"]}
        added = {
            name: verbs.add_parser(name, help=summary, aliases=aliases.get(name, ())) for name, summary in VERBS.items()
        }
        for verb in added.values():
            verb.add_argument("--json", action="store_true", help="for programs")
        added["status"].add_argument("--exit-code", action="store_true", help="tell the state by the exit code")
        added["history"].add_argument(
            "--limit", type=int, choices=range(1, 10_001), metavar="N", default=20, help="how many; default: 20"
        )
        for name in ("schedule", "announce"):
            number = "?" if name == "schedule" else None
            added[name].add_argument("state", nargs=number, choices=[*State.values, "close"], help="what is to come")
        for name in ("schedule", "announce", State.BANNER, State.READ_ONLY, "close"):
            _add_options(added[name])
        off = added["off"]
        off.add_argument("--window", type=int, metavar="NUMBER", help="one that is planned; `schedule` has the numbers")
        off.add_argument("--dry-run", action="store_true", help="show what it would do")
        off.add_argument("--reason", default="", help="a note for staff")

    def handle(self, *args, verb, **options):
        verb = "close" if verb == "closed" else verb
        if verb == "status":
            self._show_status(options)
        elif verb == "history":
            self._show_history(options)
        elif verb == "off":
            self._end(options)
        elif verb == "schedule" and not options["state"]:
            self._show_planned(options)
        else:
            self._plan(verb, options)

    def _print(self, as_json, data, lines):
        """`data` for programs or `lines` for people."""
        text = json.dumps(data, default=_for_json, ensure_ascii=False) if as_json else "\n".join(lines)
        if text:
            self.stdout.write(text)

    def _plan(self, verb, options):
        state = options.get("state") or verb
        if verb in ("schedule", "announce") and not options["starts_at"]:
            raise CommandError("Say with --from when it begins.", returncode=2)
        if verb in ("schedule", "announce") and options["starts_at"] <= timezone.now():
            # A window whose start is past begins at once, which nobody wants who plans one.
            now = "close" if state == State.CLOSED else state
            raise CommandError(f"--from is in the past: {options['starts_at'].isoformat()}. To begin now, use {now}.")
        window = self._window(State.CLOSED if state == "close" else state, verb, options)
        try:
            window.full_clean()
            planned = plans.of(window)
            if not options["dry_run"]:
                announcements.put(window, reason=options["reason"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["dry_run"]:
            self._print(options["json"], printed.plan(planned), printed.plan_lines(planned))
        else:
            self._print(options["json"], printed.window(window), [f"{printed.line(window)}."])

    def _window(self, state, verb, options) -> Window:
        now = timezone.now()
        starts_at, ends_at = options["starts_at"] or now, options["ends_at"]
        if options["length"]:
            ends_at = shifted(starts_at, options["length"])
        elif state == State.CLOSED and ends_at is None:
            ends_at = shifted(starts_at, USUAL_CLOSURE)
            self.stderr.write("No end was given. The site opens again after 2 hours.")
        notice = options["announce_before"]
        if notice is None:
            notice = max(starts_at - now, timedelta()) if verb == "announce" else timedelta()
        return Window(
            state=state,
            starts_at=starts_at,
            ends_at=ends_at,
            announce_before=notice,
            groups=options["groups"],
            sentence=options["sentence"],
            announcement=options["announcement"],
            reason=options["reason"],
        )

    def _end(self, options):
        number = options["window"]
        windows = Window.objects.active() if number is None else Window.objects.not_over().filter(pk=number)
        ended = list(windows)
        if options["dry_run"] and ended:
            planned = plans.of_end(ended)
            self._print(options["json"], printed.plan(planned), printed.plan_lines(planned))
            return
        if not options["dry_run"]:
            announcements.end(windows=windows, reason=options["reason"])
        state = plans.situation_now().state
        words = "is off" if ended else "is already off" if number is None else f"has no window {number} to end"
        planned = Window.objects.scheduled().order_by("starts_at")
        lines = [f"Maintenance {words}.", *(f"Planned: {printed.line(window)}." for window in planned)]
        if ended and state not in (OFF, ANNOUNCED):
            lines[0] = f"Ended: {printed.line(ended[0])}. The state is {state}."
        self._print(options["json"], {"state": state, "ended": [printed.window(each) for each in ended]}, lines)
        if not ended:
            sys.exit(NOTHING_TO_DO)

    def _show_status(self, options):
        now, switched = plans.situation_now(), switch.current()
        try:
            planned = list(Window.objects.scheduled().order_by("starts_at"))
        except DatabaseError:
            # The switch works without the database.
            if not switched:
                raise
            planned = []
        lines = [now.state]
        if now.is_on:
            lines += [f"from: {printed.moment(now.starts_at)}"] if now.state == ANNOUNCED else []
            lines += [f"sentence: {now.sentence}", f"until: {printed.moment(now.ends_at)}"]
        lines += [printed.switched_line(switched)] if switched else []
        lines += [f"to come: {printed.line(window)}" for window in planned]
        data = printed.situation(now) | ({"switch": printed.switched(switched)} if switched else {})
        data |= {"to_come": [printed.window(window) for window in planned]}
        self._print(options["json"], data, lines)
        if options["exit_code"] and STATES[now.state]:
            sys.exit(STATES[now.state])

    def _show_planned(self, options):
        windows = list(Window.objects.scheduled().order_by("starts_at"))
        lines = [printed.line(window) for window in windows] or ["Nothing is planned."]
        self._print(options["json"], [printed.window(window) for window in windows], lines)

    def _show_history(self, options):
        found = history.events(list(history.keys()[: options["limit"]]))
        self._print(options["json"], [printed.event(each) for each in found], map(printed.event_line, found))


def _add_options(verb: CommandParser) -> None:
    verb.add_argument("--from", dest="starts_at", type=typed.moment, metavar="MOMENT", help="ISO 8601; default: now")
    until = verb.add_mutually_exclusive_group()
    until.add_argument("--for", dest="length", type=typed.duration, metavar="LENGTH", help="30m, 2h, 1d")
    until.add_argument("--until", dest="ends_at", type=typed.moment, metavar="MOMENT", help="ISO 8601")
    verb.add_argument("--groups", type=typed.groups, default=[], metavar="NAMES", help="articles,comments,…")
    verb.add_argument(
        "--announce-before", type=typed.notice, metavar="LENGTH", help="how long before readers are told; 0: not at all"
    )
    verb.add_argument("--sentence", default="", help="what readers see; default: the sentence in the admin")
    verb.add_argument("--announcement", default="", help="what readers see before it begins")
    verb.add_argument("--reason", default="", help="a note for staff")
    verb.add_argument("--dry-run", action="store_true", help="check it and show what it would do")


def _for_json(value) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
