"""The report of a transfer as CSV, row by row."""

from collections.abc import Iterator
from io import StringIO

from ..transfer.notes import Kind, Note, Notes, Outcome, Result
from ..transfer.reports import Report
from .models import Transfer, TransferPost


def _outcome(post: TransferPost) -> Outcome:
    notes = Notes(Note(Kind(kind), text, is_loss) for kind, text, is_loss in post.notes)
    return Outcome(post.name, Result(post.result), post.reason, notes, post.address)


def lines(transfer: Transfer) -> Iterator[str]:
    file = StringIO()
    report = Report(file)
    for post in transfer.posts.order_by("number").iterator(500):
        report.add(_outcome(post))
        yield file.getvalue()
        file.seek(0)
        file.truncate()
    yield file.getvalue()
