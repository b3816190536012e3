"""Which format a file has, by its content."""

from types import ModuleType

from django.utils.translation import gettext as _

from publishing.transfer import xml
from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from . import disqus, ghost, jsonl, wordpress, yaml_list

XML = {"rss": wordpress, "disqus": disqus}
_START = 4096


def format_of(files: Files, name: str) -> ModuleType:
    """The module for the format of a file. Raises Refused."""
    with files.open(name) as file:
        start = file.read(_START).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if start.startswith(b"{"):
        return ghost if b'"db"' in start else jsonl
    if not start.startswith(b"<"):
        return yaml_list
    with files.open(name) as file:
        root = xml.root_name(file)
    if root not in XML:
        problem = _("“%(name)s” is the export neither of WordPress nor of Disqus")
        raise Refused(problem % {"name": root[:40]})
    return XML[root]
