"""What is known of a whole source: read once, when it is asked for."""

import re
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.transfer.files import Files, Folder
from publishing.transfer.notes import Kind, Refused

from ...options import Options
from ...records import Person
from . import names, people
from .sites import configuration, labels
from .sites.inherited import Inherited
from .when import dates, history

# Of the files that are asked how they write ambiguous dates.
_ASKED, _ASKED_BYTES = 2_000, 1_000
# Of a configuration that nobody has filled in.
_NO_SITES = re.compile(r"(?:^|\.)example\.|^localhost|^127\.|^0\.|your-?(?:site|domain|username|name)|\.test$|\.local$")


class Source:
    def __init__(self, files: Files, options: Options):
        self.files, self.options = files, options

    @cached_property
    def site(self) -> configuration.Site:
        return configuration.site_of(self.files)

    @cached_property
    def name(self) -> str:
        """The address of the site if its configuration lies here, else the name of the folder."""
        try:
            host = urlsplit(self.site.url).hostname
        except ValueError:
            host = ""
        return self.files.name if not host or _NO_SITES.search(host) else self.site.url

    def placed(self, path: str) -> names.Name:
        """The name of a file, in the folders of the whole site."""
        base = f"{self.site.base}/" if self.site.base else ""
        return names.name_of(f"{self.site.prefix}/{path}" if self.site.prefix else path.removeprefix(base))

    @cached_property
    def people(self) -> dict[str, Person]:
        """By their keys."""
        return people.described(self.files, self.site.around)

    @cached_property
    def inherited(self) -> Inherited:
        return Inherited(self.files, self.site.defaults)

    @cached_property
    def told(self) -> labels.Told:
        return labels.told(self.files)

    @cached_property
    def zone(self):
        return self.options.zone or self.site.zone or timezone.get_default_timezone()

    @cached_property
    def texts(self) -> list[str]:
        """The names of what may be posts."""
        return [name for name in self.files.names if names.no_post(name) is None]

    @cached_property
    def _stems(self) -> set[str]:
        return {names.name_of(name).stem.casefold() for name in self.texts}

    def has_page(self, name: str) -> bool:
        """Whether there is a text with this name, as links in double brackets have it."""
        return names.without_ending(name).rpartition("/")[2].strip().casefold() in self._stems

    @cached_property
    def has_markdown(self) -> bool:
        return any(name.lower().endswith(tuple(names.MARKDOWN | names.RST)) for name in self.texts)

    @cached_property
    def folders_of_posts(self) -> set[str]:
        """Folders with another text than an index of their own in or below them."""
        found = {""}
        for path in self.texts:
            folders = list(names.name_of(path).folders)
            if names.name_of(path).is_index:
                folders.pop()
            found |= {"/".join(folders[: at + 1]) for at in range(len(folders))}
        return found

    def moment(self, value):
        """Raises NoDate."""
        return dates.read(value, self.zone, lambda: self.is_month_first)

    @cached_property
    def is_month_first(self) -> bool:
        """As the unambiguous dates of the folder are, else yes."""
        return dates.order_of(map(self._start, islice(self.texts, _ASKED))) is not False

    def _start(self, name: str) -> str:
        try:
            with self.files.open(name) as file:
                return file.read(_ASKED_BYTES).decode("utf-8", "replace")
        except (Refused, OSError):
            return ""

    @cached_property
    def commits(self) -> dict:
        """The first commit of each file. Without a history, that is a note of the files."""
        try:
            if not isinstance(self.files, Folder):
                raise history.NoGit(_("only a folder has a history, not a zip"))
            return history.first_commits(self.files.root)
        except history.NoGit as error:
            self.files.notes.lose(Kind.DATE, _("no dates from git: %(error)s") % {"error": error})
            return {}
