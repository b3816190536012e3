"""Who imports and who exports: apps register themselves in their module `moving`, which is loaded at the start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.utils.module_loading import import_string

from ..transfer.notes import Outcome, Summary


class Run(Protocol):
    """An import that is under way. All raise Refused."""

    label: str
    summary: Summary

    def prepare(self) -> int:
        """Read what posts there are; returns their number."""

    def outcomes(self) -> Iterator[Outcome]: ...

    def stop(self) -> None:
        """Let `outcomes` end after the post at hand, with what belongs to the end."""

    def key_of(self, outcome: Outcome) -> int | None:
        """The primary key of what a post became, None in a dry run."""


@dataclass(frozen=True)
class Importer:
    """`form` asks for options; its `options()` are JSON. The others are dotted names: only the worker loads them."""

    form: type[forms.Form]
    # (path, options, dry_run) -> Run
    begin: str
    # (keys, by) -> (how many were deleted, how many were changed since and stay)
    undo: str
    # (keys) -> {key: (title, address in the admin, is it public)}
    rows: str


_importers: list[Importer] = []


def register(importer: Importer) -> None:
    _importers.append(importer)


def importer() -> Importer:
    return _importers[0]


def call(name: str, *arguments) -> Any:
    return import_string(name)(*arguments)
