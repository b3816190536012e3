"""The report of an import as a table, one row a note."""

import csv
from typing import TextIO

from ..web.spreadsheets import plain
from .notes import Outcome

HEAD = ("post", "result", "address", "kind", "lost", "note")


class Report:
    """Writes CSV into a text file, row by row."""

    def __init__(self, file: TextIO):
        self._writer = csv.writer(file)
        self._writer.writerow(HEAD)

    def add(self, outcome: Outcome) -> None:
        start = (outcome.name, str(outcome.result), outcome.address)
        rows = [(*start, str(note.kind), "yes" if note.is_loss else "", note.text) for note in outcome.notes]
        if outcome.reason or not rows:
            rows.insert(0, (*start, "", "yes" if outcome.reason else "", outcome.reason))
        self._writer.writerows([[plain(value) for value in row] for row in rows])
