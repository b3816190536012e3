"""What a check finds."""

from dataclasses import dataclass

# code → whether it stops the first publication. docs/checks.md says what each means.
BLOCKING = {
    "no-summary": True,
    "no-category": True,
    "no-byline": True,
    "no-alt": True,
    "skipped-level": True,
    "dead-link": True,
    "dead-anchor": True,
    "placeholder": True,
    "long-title": False,
    "long-summary": False,
    "file-name-alt": False,
    "no-language": False,
    "python-syntax": False,
    "same-title": False,
    "no-link": False,
    "open-container": False,
    "no-card": False,
    "left-out": False,
    "unread-formula": False,
}


@dataclass(frozen=True)
class Finding:
    """A sentence for an editor, the field that it is about, and the line of the field's source, from 1.

    `about` is the piece of text that has it: with `code`, what two versions of an article have in common.
    """

    code: str
    message: str
    field: str = "body"
    line: int | None = None
    about: str = ""

    def __str__(self):
        return self.message

    @property
    def is_blocking(self) -> bool:
        return BLOCKING[self.code]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.code, self.field, self.about
