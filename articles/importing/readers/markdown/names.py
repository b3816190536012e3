"""What the path of a file says: whether it is a post, its name, its date, and whether it is a draft."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

MARKDOWN = {".md", ".markdown", ".mdown", ".mkd", ".mdx"}
HTML = {".html", ".htm", ".xhtml"}
RST = {".rst"}
READ = MARKDOWN | HTML | RST
# Formats of texts without a reader.
UNREAD = {".org", ".adoc", ".asciidoc", ".asc", ".txt", ".textile", ".ipynb", ".rmd", ".qmd", ".docx", ".odt", ".rtf"}
UNREAD |= {".doc", ".tex"}
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".ico", ".tif", ".tiff", ".heic"}
_ENDING = re.compile(r"\.(?:html?|md|markdown|mdown|mkd|mdx|rst|php)$", re.IGNORECASE)

# Wherever they are, and where they are outermost; a text in one of the second kind may be a post if it has a date.
_TEMPLATES = {"_layouts", "_includes", "_sass", "_site", "_templates", "node_modules", "__tests__"}
_OUTER_TEMPLATES = {"layouts", "templates", "themes", "theme", "partials", "shortcodes", "archetypes", "scaffolds"}
_OUTER_TEMPLATES |= {"includes", "vendor", "layout"}
# Of files that are served as they are.
PUBLIC = {"static", "public", "assets", "uploads", "images", "extra", "dist", "build", "output"}
_PEOPLE = {"authors", "_authors"}
_DRAFTS = {"_drafts", "drafts", "draft", "_draft", "unpublished", "private", "_private"}
_NO_POSTS = re.compile(r"(?:readme|_?404|_sidebar|_navbar|_footer|_coverpage)$", re.IGNORECASE)
# Of a project, beside its posts; a post may have such a name, too, if it has a date.
_OF_PROJECT = re.compile(
    r"(?:license|licence|contributing|code[-_]of[-_]conduct|security|changelog|summary|governance|agents|claude"
    r"|pull_request_template|issue_template)$",
    re.IGNORECASE,
)
_NO_TEXTS = {"robots", "humans", "ads", "security", "requirements", "license", "licence", "requirements-dev", "llms"}
_DATE = r"(?:^|.*?/)(\d{4})[-_/](\d{1,2})[-_/](\d{1,2})"
# In a name before the words, in folders, or the whole name.
_DATED = re.compile(_DATE + r"(?:T\d\d[-:]?\d\d(?:[-:]?\d\d)?Z?)?(?:[-_/ ]+(?P<rest>.*))?$")
_COMPACT = re.compile(r"(?:^|.*/)((?:19|20)\d\d)(\d\d)(\d\d)[-_ ](?P<rest>.+)$")
_MONTH = re.compile(r"(?:^|.*/)((?:19|20)\d\d)/(\d{2})/(?P<rest>.+)$")


def without_ending(name: str) -> str:
    """Of an address or a file: only what is an ending is cut off, so that "App-1.2" stays whole."""
    return _ENDING.sub("", name)


@dataclass(frozen=True)
class Name:
    """`stem` is the file's name, or its folder's if it is called index, without the ending; `words` without a date."""

    path: str
    suffix: str
    stem: str
    words: str
    is_index: bool
    # Year, month and day, perhaps impossible; a day of 0 if only the month is known.
    date: tuple[int, int, int] | None

    @property
    def folders(self) -> tuple[str, ...]:
        return PurePosixPath(self.path).parts[:-1]


def name_of(path: str) -> Name:
    pure = PurePosixPath(path)
    whole = without_ending(path).removesuffix(".draft")
    is_index = whole.rpartition("/")[2].lower() == "index" and "/" in whole
    if is_index:
        whole = whole.rpartition("/")[0]
    stem = whole.rpartition("/")[2]
    date, words = None, stem
    for pattern in (_DATED, _COMPACT, _MONTH):
        found = pattern.match(whole)
        if found and int(found[1]) > 0:
            date = (int(found[1]), int(found[2]), int(found[3]) if pattern is not _MONTH else 0)
            words = (found["rest"] or stem).rpartition("/")[2] or stem
            break
    return Name(path, pure.suffix.lower(), stem, words, is_index, date)


def no_post(path: str) -> tuple[str, bool] | None:
    """Why a file is no post, and whether that is a loss; None if it may be one."""
    pure = PurePosixPath(path)
    suffix, stem = pure.suffix.lower(), without_ending(pure.name)
    folders = {part.lower() for part in pure.parts[:-1]}
    if suffix in PICTURES:
        return _("a picture"), False
    if suffix in UNREAD:
        is_loss = pure.stem.lower() not in _NO_TEXTS and not folders & (_TEMPLATES | PUBLIC)
        return _("not Markdown (a %(suffix)s file)") % {"suffix": suffix}, is_loss
    if suffix not in READ:
        return _("no text (a %(suffix)s file)") % {"suffix": suffix or "nameless"}, False
    if folders & _TEMPLATES:
        return _("a template"), False
    if folders & _PEOPLE:
        return _("about an author"), False
    if stem.lower() == "_index":
        return _("the page of a section"), False
    if _NO_POSTS.match(stem):
        return _("about the folder or the site"), False
    return None


def no_post_without_date(path: str) -> str:
    """Why a text is no post if it has no date, else ""."""
    pure = PurePosixPath(path)
    if pure.parts[0].lower() in _OUTER_TEMPLATES and len(pure.parts) > 1:
        return _("a template")
    return _("about the folder or the site") if len(pure.parts) == 1 and _OF_PROJECT.match(without_ending(path)) else ""


def says_something(folder: str) -> bool:
    """Whether the name of a folder says something of the posts in it."""
    return folder.lower() in {"_posts", *_DRAFTS, *_PEOPLE}


def draft_reason(path: str, collections: set[str] | None = None) -> str:
    """Why a file is a draft by its path, else "". `collections`: the folders "_name" that the site publishes."""
    *folders, name = PurePosixPath(path).parts
    for folder in folders:
        if folder.lower() in _DRAFTS:
            return _("it is in the folder %(folder)s") % {"folder": folder}
        if folder.startswith("_") and collections is not None and folder[1:] not in {"posts", *collections}:
            return _("it is in the folder %(folder)s") % {"folder": folder}
    if name.startswith("_"):
        return _("its name begins with _")
    if re.search(r"\.draft\.\w+$", name, re.IGNORECASE):
        return _("its name ends in .draft")
    return ""
