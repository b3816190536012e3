"""Proves slots: finds a page for each, measures it in a browser, and stores what was found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..models import Proof, Slot, Source
from .browser import Reader, reader, sent
from .cases import Case
from .pages import Site, is_on
from .state import digest_of


@dataclass(frozen=True)
class Result:
    slot: Slot
    # None: no page has the slot, so nothing was measured.
    path: str | None
    cases: tuple[Case, ...] = ()

    @property
    def is_passed(self) -> bool:
        return bool(self.cases) and not any(case.problem for case in self.cases)


def prove(keys: Iterable[str]) -> Iterator[Result]:
    """Measure the slots and store a `Proof` for each that a page has. Raises NoBrowserError, if there is one."""
    site = Site()
    # All pages first: while the browser runs, this thread may not read the database.
    prepared = [_prepared(site, Slot.row(key)) for key in keys]
    yield from (Result(slot, None) for slot, path, _documents in prepared if not path)
    found = [each for each in prepared if each[1]]
    if not found:
        return
    with reader(site) as opened:
        measured = [(_measured(opened, *each), digest_of(each[0])) for each in found]
        name = opened.name
    for result, digest in measured:
        cases = [case.row() for case in result.cases]
        Proof(key=result.slot.key, browser=name, digest=digest, is_passed=result.is_passed, cases=cases).save()
        yield result


def _prepared(site: Site, slot: Slot):
    path = site.page_with(slot)
    if path is None:
        return slot, None, {}
    documents = {}
    for has_advertisement, source in ((False, Source.PREVIEW), (True, Source.ADSENSE)):
        answer = site.answer(path, slot, source)
        if not is_on(slot, answer.text):
            return slot, None, {}
        documents[has_advertisement] = sent(answer)
    return slot, path, documents


def _measured(opened: Reader, slot: Slot, path: str, documents: dict) -> Result:
    return Result(slot, path, tuple(opened.cases(slot, path, documents)))
