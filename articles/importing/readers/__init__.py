"""The readers: each knows one kind of source by its content."""

from django.utils.translation import gettext as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ..options import Options
from ..records import Reader
from . import ghost, markdown, medium, own, substack, wordpress

# Functions that return a Reader for files of their kind, else None. Markdown comes last.
READERS = [
    own.recognise,
    wordpress.recognise,
    ghost.recognise,
    medium.recognise,
    substack.recognise,
    markdown.recognise,
]


def reader_of(files: Files, options: Options) -> Reader:
    """The reader for a source. Raises Refused if nothing in it can be imported."""
    for recognise in READERS:
        if reader := recognise(files, options):
            return reader
    raise Refused(_("nothing here can be imported: no Markdown, HTML, WordPress, Ghost, Substack or Medium export"))
