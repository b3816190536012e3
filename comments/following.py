"""Comments come in with the articles of the same source."""

from django.utils.translation import gettext as _

from articles.importing import following
from publishing.transfer.files import Files
from publishing.transfer.notes import Kind, Note, Outcome, Refused, Result

from .transfer import disqus, ghost, jsonl, wordpress
from .transfer.finding import Articles
from .transfer.formats import format_of
from .transfer.importer import Importer

ENDINGS = (".xml", ".json", ".jsonl")
# A list of YAML could be anything.
_FORMATS = (wordpress, disqus, ghost, jsonl)


@following.register
def import_comments(run) -> None:
    """Import the comments in the files of an import of articles; each file with comments is told as an outcome."""
    for name in run.files.names:
        if name.lower().endswith(ENDINGS) and (outcome := _imported(run, name)):
            run.tell(outcome)


def _imported(run, name: str) -> Outcome | None:
    outcome = Outcome(_("%(name)s: comments") % {"name": name}, Result.UNCHANGED)
    importer = Importer(
        lambda sentence, is_loss: outcome.notes.append(Note(Kind.COMMENT, sentence, is_loss)),
        dry_run=run.options.dry_run,
        articles=Articles(known=run.articles),
    )
    try:
        if (file_format := _format_of(run.files, name)) is None:
            return None
        importer.import_file(file_format, run.files, name)
    except Refused:
        # The reader of the articles says so, if it is one of its files.
        return None
    if not any(importer.counts.values()):
        return None
    if importer.counts["created"]:
        outcome.result = Result.CREATED
    outcome.notes.insert(0, Note(Kind.COMMENT, importer.results))
    return outcome


def _format_of(files: Files, name: str):
    found = format_of(files, name)
    return found if found in _FORMATS else None
