"""The steps of a transfer, each in a task: preview, import, undo, export. Each ends, whatever happens."""

import logging
import threading
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ..text import languages
from ..transfer.export.writing import export
from ..transfer.lock import Busy, exclusive
from ..transfer.notes import Outcome, Refused, Result, Summary
from . import files, registry
from .models import Transfer, TransferPost

logger = logging.getLogger(__name__)

Step, State, Mark = Transfer.Step, Transfer.State, TransferPost.Mark
# Posts of one write of the progress, or so many seconds.
AT_ONCE, SECONDS = 50, 2.0
BEAT_SECONDS = 3.0
UNDONE_AT_ONCE = 20
NOTES = 30
KEPT_DAYS = 90


def described(transfer: Transfer) -> str:
    return _("%(move)s by %(name)s") % {"move": transfer, "name": transfer.who}


def start(transfer: Transfer, step: str) -> None:
    """Let the worker take a step. Raises Busy if another transfer waits or runs, with a sentence who it is."""
    Transfer.objects.end_lost()
    other = Transfer.objects.active().select_related("by").first()
    if other:
        message = {
            State.QUEUED: _("%(move)s is waiting. One at a time."),
            State.RUNNING: _("%(move)s is running. One at a time."),
        }[other.state]
        raise Busy(message % {"move": described(other)})
    transfer.step, transfer.state = step, State.QUEUED
    transfer.total = transfer.seen = 0
    transfer.error, transfer.stop_asked, transfer.asked_at = "", False, timezone.now()
    transfer.started_at = transfer.beat_at = transfer.finished_at = None
    if step != Step.UNDO:
        # What an import before has created can still be undone.
        transfer.summary = {"created": created(transfer)}
    try:
        with transaction.atomic():
            transfer.save()
            carry_out.enqueue(transfer.pk)
    except IntegrityError as error:
        raise Busy(_("Somebody else has just started one.")) from error


def stop(transfer: Transfer) -> None:
    """At once if it waits or its worker was killed, else after the post at hand."""
    Transfer.objects.end_lost()
    waiting = Transfer.objects.filter(pk=transfer.pk, state=State.QUEUED)
    if not waiting.update(state=State.STOPPED, finished_at=timezone.now()):
        Transfer.objects.filter(pk=transfer.pk, state=State.RUNNING).update(stop_asked=True)


@task()
def carry_out(key: int) -> str:
    """Take the step that a transfer waits for. What it raises is told on its page, as the state *failed*."""
    now = timezone.now()
    waiting = Transfer.objects.filter(pk=key, state=State.QUEUED)
    if not waiting.update(state=State.RUNNING, started_at=now, beat_at=now):
        return "nothing to do"
    transfer = Transfer.objects.select_related("by").get(pk=key)
    with languages.of_the_desk():
        error = _step(transfer)
    return _finish(transfer, error)


def _step(transfer: Transfer) -> str:
    """What ended it before it was done, as a sentence."""
    try:
        with exclusive(described(transfer)), _Beat(transfer) as beat:
            STEPS[transfer.step](transfer, beat)
    except _Stopped:
        pass
    except (Refused, Busy) as refused:
        return str(refused)
    except OSError as fault:
        logger.exception("Transfer %s", transfer.pk)
        return _("The disk: %(problem)s.") % {"problem": fault.strerror or fault}
    except Exception as fault:
        # A fault of the program must not leave it running for ever.
        logger.exception("Transfer %s", transfer.pk)
        return _("A fault of this program ended it: %(fault)s") % {"fault": repr(fault)}
    return ""


def _finish(transfer: Transfer, error: str) -> str:
    was_stopped = Transfer.objects.values_list("stop_asked", flat=True).get(pk=transfer.pk)
    transfer.state = State.FAILED if error else State.STOPPED if was_stopped else State.DONE
    transfer.error, transfer.finished_at = error[:500], timezone.now()
    changed = ["state", "error", "finished_at"]
    if transfer.step == Step.IMPORT and transfer.seen:
        transfer.imported_at = transfer.finished_at
        changed.append("imported_at")
    transfer.save(update_fields=changed)
    if transfer.state == State.DONE and transfer.step == Step.IMPORT and transfer.is_upload:
        files.delete(transfer.path)
    return transfer.state


class _Stopped(Exception):  # noqa: N818 - somebody asked for it
    """An export is given up."""


class _Beat(threading.Thread):
    """Says every few seconds that the task is alive and where it is, and whether it is to stop, on a connection of its
    own: an export reads one state of the database all the time.
    """

    def __init__(self, transfer: Transfer):
        super().__init__(name=f"transfer-{transfer.pk}", daemon=True)
        self.key, self.text, self.stop_asked = transfer.pk, "", False
        self._ended = threading.Event()

    def run(self):
        try:
            while not self._ended.wait(BEAT_SECONDS):
                self._beat()
        finally:
            connection.close()

    def _beat(self):
        row = Transfer.objects.filter(pk=self.key)
        try:
            row.update(beat_at=timezone.now(), **({"label": self.text[:100]} if self.text else {}))
            self.stop_asked = bool(row.values_list("stop_asked", flat=True).first())
        except DatabaseError:
            logger.warning("Transfer %s could not say that it is alive", self.key)

    def tell(self, text: str) -> None:
        """Raises _Stopped if it is to stop."""
        self.text = text
        if self.stop_asked:
            raise _Stopped

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self.join()


def source_of(transfer: Transfer) -> Path:
    """Raises Refused if it is not there."""
    path = files.path_of(transfer.path) if transfer.is_upload else Path(settings.IMPORT_ROOT) / transfer.path
    if not path.exists():
        raise Refused(_("The file is not there any more, or not on the machine of the worker. Choose it again."))
    return path


def _move_in(transfer: Transfer, beat: _Beat) -> None:
    is_dry_run = transfer.step == Step.PREVIEW
    transfer.posts.all().delete()
    run = registry.call(registry.importer().begin, source_of(transfer), transfer.options, is_dry_run)
    transfer.label = run.label[:100]
    progress = _Progress(transfer, run.summary)
    progress.write()
    transfer.total = run.prepare()
    progress.write()
    for outcome in run.outcomes():
        if progress.add(outcome, None if is_dry_run else run.key_of(outcome)):
            run.stop()
    progress.write()


class _Progress:
    """Stores outcomes as rows, and how far it is, a few times a minute."""

    def __init__(self, transfer: Transfer, summary: Summary):
        self.transfer, self.summary = transfer, summary
        self._rows, self._written_at, self._number = [], time.monotonic(), 0
        self._created = created(transfer)

    def add(self, outcome: Outcome, key: int | None) -> bool:
        """Whether it is to stop."""
        self._number += 1
        # Comments and portraits are told too, and are no posts.
        self.transfer.seen += outcome.is_post
        self._rows.append(_row(self.transfer, self._number, outcome, key))
        if outcome.result == Result.CREATED and key:
            self._created.append(key)
        if len(self._rows) >= AT_ONCE or time.monotonic() - self._written_at > SECONDS:
            return self.write()
        return False

    def write(self) -> bool:
        """Whether it is to stop."""
        transfer = self.transfer
        transfer.summary, transfer.beat_at = _numbers(self.summary), timezone.now()
        transfer.summary["created"] = self._created
        with transaction.atomic():
            TransferPost.objects.bulk_create(self._rows)
            transfer.save(update_fields=["summary", "beat_at", "seen", "total", "label"])
        self._rows, self._written_at = [], time.monotonic()
        return Transfer.objects.values_list("stop_asked", flat=True).get(pk=transfer.pk)


def _numbers(summary: Summary) -> dict:
    """As JSON. Of sentences, those that are most frequent."""
    counters = ("results", "losses", "notes", "reasons", "others")
    found = {name: dict(getattr(summary, name).most_common(20)) for name in counters}
    return found | {name: getattr(summary, name) for name in ("right", "noted", "lossy")}


def _row(transfer: Transfer, number: int, outcome: Outcome, key: int | None) -> TransferPost:
    return TransferPost(
        transfer=transfer,
        number=number,
        mark=_mark(outcome),
        result=str(outcome.result),
        name=outcome.name[:300],
        reason=outcome.reason[:500],
        address=outcome.address[:500],
        key=key,
        notes=[[str(note.kind), note.text[:500], note.is_loss] for note in outcome.notes[:NOTES]],
    )


def _mark(outcome: Outcome) -> str:
    if outcome.result == Result.SKIPPED:
        return Mark.LEFT_OUT
    if outcome.has_loss:
        return Mark.LOSS
    return Mark.NOTED if outcome.notes else Mark.RIGHT


def created(transfer: Transfer) -> list[int]:
    """The keys of what its imports have created here, and nobody has undone."""
    return list(transfer.summary.get("created", ()))


def _undo(transfer: Transfer, beat: _Beat) -> None:
    """What it created goes to the trash, unless somebody has changed it since."""
    keys = created(transfer)[::-1]
    transfer.total, deleted, stay = len(keys), 0, 0
    for start_at in range(0, len(keys), UNDONE_AT_ONCE):
        some = keys[start_at : start_at + UNDONE_AT_ONCE]
        done, changed = registry.call(registry.importer().undo, some, transfer.by)
        deleted, stay = deleted + done, stay + changed
        transfer.seen, transfer.beat_at = transfer.seen + len(some), timezone.now()
        left = keys[start_at + UNDONE_AT_ONCE :][::-1]
        transfer.summary |= {"deleted": deleted, "stay": stay, "created": left}
        transfer.save(update_fields=["total", "seen", "beat_at", "summary"])
        if Transfer.objects.values_list("stop_asked", flat=True).get(pk=transfer.pk):
            return


def _move_out(transfer: Transfer, beat: _Beat) -> None:
    name = files.new_name(".zip")
    path = files.path_of(name)
    exported = export(path, beat.tell, has_files=transfer.options["has_files"])
    transfer.path, transfer.label = name, ""
    transfer.seen = transfer.total = sum(exported.rows.values())
    transfer.summary = {
        "rows": dict(exported.rows), "files": exported.files, "missing": len(exported.missing),
        "bytes": path.stat().st_size,
    }  # fmt: skip
    transfer.save(update_fields=["path", "label", "seen", "total", "summary"])


STEPS = {Step.PREVIEW: _move_in, Step.IMPORT: _move_in, Step.UNDO: _undo, Step.EXPORT: _move_out}


def delete_old() -> tuple[int, int]:
    """Delete files that were not used for a week, and reports after 90 days. Returns how many of each."""
    Transfer.objects.end_lost()
    old = Transfer.objects.exclude(state__in=[State.QUEUED, State.RUNNING])
    old = old.filter(asked_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    number = old.count()
    old.delete()
    return files.delete_old(), number
