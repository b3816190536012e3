"""Liquid: variables, and the tags that decide and repeat."""

import re

from django.utils.translation import gettext as _

from .hidden import UNKNOWN, Found, Hidden
from .nesting import Tag

_FILTER = re.compile(r"\|(?=(?:[^\"']|\"[^\"]*\"|'[^']*')*$)")
_SITE_ROOT = frozenset({"site.url", "site.baseurl", "site.github.url", "page.baseurl", "url", "base_url", "base.url"})
_CONTROL = frozenset(
    "if unless elsif else case when for break continue cycle tablerow assign capture increment decrement set "  # noqa: SIM905
    "block extends macro import from call filter layout render paginate form style javascript".split()
)
_ASSIGN = re.compile(
    r"\{%-?\s*assign\s+([\w-]+)\s*=\s*(\"[^\"]*\"|'[^']*')\s*(?:\|\s*split:\s*(\"[^\"]*\"|'[^']*')\s*)?-?%\}\n?"
)
_LOOP = re.compile(
    r"\{%-?\s*for\s+([\w-]+)\s+in\s+([\w-]+)\s*-?%\}\n?((?:(?!\{%-?\s*(?:for|endfor)\b).){0,5000}?)\{%-?\s*endfor\s*-?%\}\n?",
    re.DOTALL,
)
MOST_TURNS = 500


class Values:
    """What is known to a template."""

    def __init__(self, variables: dict[str, str], hidden: Hidden, found: Found):
        self.variables, self.hidden, self.found = variables, hidden, found
        # Names of what is shown where it is captured.
        self.shown: set[str] = set()

    def run(self, text: str) -> str:
        """`text` with its lists of words assigned, and the loops over them run."""
        if "assign" not in text:
            return text
        lists: dict[str, list[str]] = {}

        def assign(found: re.Match) -> str:
            value = found[2][1:-1]
            if found[3]:
                lists[found[1]] = value.split(found[3][1:-1] or None)
            else:
                self.variables[found[1]] = value
            return ""

        def loop(found: re.Match) -> str:
            name, values, body = found.groups()
            if values not in lists or len(lists[values]) > MOST_TURNS or "{%" in body:
                return found[0]
            place = re.compile(rf"\{{\{{-?\s*{re.escape(name)}\s*-?\}}\}}")
            parts = place.split(body)
            return "".join(value.join(parts) for value in lists[values])

        return _LOOP.sub(loop, _ASSIGN.sub(assign, text))

    def show(self, tag: Tag) -> str:
        """The value of `{{ … }}`."""
        expression = tag.name
        if not expression or expression.startswith("/*"):
            return ""
        name, *filters = (part.strip() for part in _FILTER.split(expression))
        if len(name) > 1 and name[0] in "\"'" and name[-1] == name[0]:
            value = name[1:-1]
            return self.hidden.hide(value) if re.search(r"[{}%]", value) else value
        if name in _SITE_ROOT:
            # Addresses from the root of the site stay such.
            return next((word[9:].strip("\"' ") for word in filters if word.startswith("append:")), "")
        if name in self.shown or name.lower() in ("toc", "page.toc", "content | toc"):
            return ""
        return self.of(name, tag.source)

    def of(self, name: str, source: str) -> str:
        plain = name.lstrip("$.").lower()
        last = plain.rsplit(".", 1)[-1]
        others = (
            () if plain.startswith(("site.", "config.")) else (f"page.{last}", f"site.params.{last}", f"site.{last}")
        )
        for key in (name, plain, *others):
            if self.variables.get(key):
                return str(self.variables[key])
        self.found.lost[_("a value that is not known here: left out, %(source)s") % {"source": source[:120]}] += 1
        return UNKNOWN

    def resolved(self, tag: Tag) -> None:
        """Put values in place of their names among the arguments of a tag."""
        for key, value in tag.named.items():
            if re.fullmatch(r"(?:page|site)\.[\w.-]+", value):
                tag.named[key] = str(self.variables.get(value) or "")

    def render(self, tag: Tag, content: str | None) -> str | None:
        """What decides and repeats is not run: the text of a condition stays, a loop does not."""
        if tag.name not in _CONTROL:
            return None
        if tag.name in ("for", "tablerow"):
            if content is not None:
                self.found.lost[_("a loop that is not run: left out, %(source)s") % {"source": tag.source[:120]}] += 1
                return ""
        elif tag.name == "capture" and content is not None:
            # It is shown here, not where it is put.
            self.shown.add(next(iter(tag.words), ""))
            return content
        if tag.name in ("if", "unless", "case") and content is not None:
            self.found.lost[
                _("a condition that is not decided: all of its text is kept, %(source)s") % {"source": tag.source[:120]}
            ] += 1
            return content
        if tag.name not in ("else", "elsif", "when", "assign", "set"):
            self.found.lost[_("the tag “%(name)s” of a template: left out") % {"name": tag.name}] += 1
        elif tag.name in ("assign", "set"):
            self.found.changed[
                _("a value that a template sets: left out, %(source)s") % {"source": tag.source[:120]}
            ] += 1
        return ""
