"""Gives the links of a text the addresses of here."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from publishing.text.recordings import is_named_so
from publishing.transfer.notes import Kind, Notes

from .. import references
from ..records import Post
from ..references import Form, Reference
from .index import _TEXT, ELSEWHERE, Addresses

MOST_TOLD = 200


def rewrite(body: str, post: Post, addresses: Addresses, notes: Notes) -> str:
    """The text with links to posts of the source leading to where they are here, outside of code.

    Adds a note, once for each page, on what leads nowhere: such a link leads to the old site, if that is known.
    Linear in the length of the text. Call it once all posts are known, and after the pictures have their addresses.
    """
    found = references.read(body)
    edits = list(_Links(post, addresses, notes).edits(found))
    return references.changed(body, edits) if edits else body


@dataclass
class _Links:
    post: Post
    addresses: Addresses
    notes: Notes
    # By address as it is written.
    _new: dict[str, str | None] = field(default_factory=dict)
    # Addresses without a fragment that were told of.
    _told: set[str] = field(default_factory=set)

    def edits(self, found: references.References) -> Iterator[tuple[int, int, str]]:
        # In the order of the text, so that each run tells the same.
        used = dict.fromkeys(link.label for link in found.links if link.form == Form.USE)
        inside = {inner for link in found.links for inner in link.inner}
        for link in found.links:
            if link.form == Form.USE or (link in inside and link.form in (Form.BARE, Form.AUTOLINK)):
                continue
            if new := self._address(link.address):
                yield _edit(link, new)
        for label in used:
            definition = found.definitions[label]
            if new := self._address(definition.address):
                yield _edit(definition, new)

    def _address(self, address: str) -> str | None:
        """Where a link leads now; None if it stays as it is."""
        if address not in self._new:
            self._new[address] = self._found(address.strip())
        return self._new[address]

    def _found(self, address: str) -> str | None:
        if not address or address.startswith("#") or address in self.addresses.finder.ours:
            return None
        new = self.addresses.find(address, self.post)
        if new is ELSEWHERE:
            return None
        if new is None:
            # What a reference, "@/", does not find is below the root of the old site.
            rooted = address[1:] if address.startswith("@/") else address
            old = self.addresses.finder.absolute(rooted, self.post)
            self._tell(rooted, old)
            new = (old or rooted) if rooted != address else old if old != address else None
        return new

    def _tell(self, address: str, old: str) -> None:
        """A link to a page of the old site still leads there; one to a file may not."""
        address = address.partition("#")[0]
        if address in self._told:
            return
        self._told.add(address)
        shown = address if len(address) <= MOST_TOLD else f"{address[:MOST_TOLD]}…"
        stays = gettext("the link leads to the old site") if old else gettext("the link leads nowhere")
        said = {"address": shown, "link": stays}
        file = self.addresses.finder.find(address, self.post)
        if is_named_so(address) and (not file or file in self.addresses.finder.refused):
            reason = self.addresses.finder.refused.get(file, gettext("not in the source"))
            self.notes.lose(Kind.RECORDING, gettext("%(address)s: %(reason)s; %(link)s") % {"reason": reason, **said})
        elif file and not _TEXT.search(file.name):
            self.notes.lose(
                Kind.FILE,
                gettext("%(address)s has no place here: it is neither a picture nor audio or video; %(link)s") % said,
            )
        elif file:
            self.notes.lose(Kind.LINK, gettext("%(address)s was not imported; %(link)s") % said)
        elif old and (old.startswith(address) or address.startswith("/")):
            self.notes.add(Kind.LINK, gettext("%(address)s is no post of the source; %(link)s") % said)
        else:
            self.notes.lose(Kind.LINK, gettext("%(address)s is no post of the source; %(link)s") % said)


def _edit(link: Reference, new: str) -> tuple[int, int, str]:
    written = references.written(new, link)
    if link.form in (Form.BARE, Form.AUTOLINK):
        return link.start, link.end, f"[{link.words}]({written})"
    return *link.at, written
