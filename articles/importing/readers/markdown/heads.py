"""The head of a text file: YAML, TOML, JSON, lines of "Key: value", or none.

Scalars of YAML stay as they were typed unless they are `true`, `false`, `null` or a number that reads the same when it
is written again: `no`, `1.10` and dates are strings.
"""

import json
import re
import tomllib

import yaml
from django.utils.translation import gettext

from publishing.text.parsing import NoAliasLoader

HEAD_CHARACTERS = 64 * 1024
MOST_LEVELS = 50

_FENCE = re.compile(r"(---|\+\+\+|;;;)(yaml|yml|toml|json)?[ \t]*\n")
_ENDS = {
    "---": re.compile(r"^(?:-{3,}|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE),
    ";;;": re.compile(r"^;;;[ \t]*$", re.MULTILINE),
}
_LANGUAGES = {"---": "YAML", "+++": "TOML", ";;;": "JSON", "yml": "YAML"}
_KEY_LINE = re.compile(r"([A-Za-z][\w -]{0,40}):(?:[ \t]+(.*))?$")
_NIKOLA_LINE = re.compile(r"\.\. ([a-z_]+):[ \t]*(.*)$", re.MULTILINE)
_DASHED = re.compile(r"([A-Za-z][\w-]*:[ \t][^\n]*\n(?:[^\n]+\n)*?)-{3,}[ \t]*\n")
# A head of plain lines has one of these; other lines with a colon are text.
_PLAIN_KEYS = {"title", "date", "author", "authors", "category", "slug", "tags"}
_COLON_IN_VALUE = re.compile(r"""^([A-Za-z][\w-]*):[ \t]+((?![\['"{|>&*!%@`#])\S.*)$""", re.MULTILINE)
_TOML_DATE = re.compile(r"^([ \t]*[\w-]+[ \t]*=[ \t]*)(\d{4}-\d\d-\d\d[\dTZ:. +-]{0,40})[ \t]*(?:#.*)?$", re.MULTILINE)


class Broken(Exception):  # noqa: N818 - of the input
    """The head cannot be read; the message says why and where."""


def split(text: str, has_plain_lines: bool = True) -> tuple[dict, str, str]:
    """The head of `text` ({} if it has none), the text after it, and a remark for the editor if it was repaired.

    Without `has_plain_lines`, lines "Key: value" are text. Raises Broken if the head is not closed, too long, invalid,
    or nested too deeply.
    """
    text = text.lstrip("\n\ufeff")
    if fence := _FENCE.match(text):
        return _fenced(text, fence)
    if text.startswith("{") and re.match(r'\{\s*["}]', text):
        return _json(text)
    if text.startswith("<!--") and _NIKOLA_LINE.match(text[4:].lstrip()):
        head, _, body = text[4:].partition("-->")
        return _nikola(head), body, ""
    if _NIKOLA_LINE.match(text):
        end = re.compile(r"^(?!\.\. )", re.MULTILINE).search(text).start()
        return _nikola(text[:end]), text[end:], ""
    return _plain(text) if has_plain_lines else ({}, text, "")


def _fenced(text, fence):
    mark, start = fence[1], fence.end()
    end = _ENDS[mark].search(text, start, start + HEAD_CHARACTERS)
    if not end:
        if mark == "---" and not re.match(r"\s*[\"'\w][^\n]*:(\s|$)", text[start:]):
            return {}, text, ""
        raise Broken(
            gettext("the front matter that starts with %(mark)s is not closed by another %(mark)s") % {"mark": mark}
        )
    head, body = text[start : end.start()], text[end.end() :].removeprefix("\n")
    language = _LANGUAGES.get(fence[2] or mark, (fence[2] or "").upper())
    if language == "JSON":
        head = head if head.lstrip().startswith("{") else "{" + head + "}"
        return _checked(_json(head)[0]), body, ""
    metadata, remark = _toml(head) if language == "TOML" else _yaml(head)
    if isinstance(metadata, str):
        # Two lines that divide the text.
        return {}, text, ""
    return _checked(metadata), body, remark


def _checked(metadata) -> dict:
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise Broken(gettext("the front matter is not a list of keys and values"))
    return {str(key): value for key, value in metadata.items()}


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else NoAliasLoader):
    """Without the implicit types of YAML 1.1."""

    yaml_implicit_resolvers = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), "tTfF")
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"(?:0|-?[1-9]\d{0,17})\Z"), "-0123456789")
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"-?(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9]\Z"), "-0123456789"
)


def load_yaml(text: str):
    """Raises yaml.YAMLError, also for aliases and for more than MOST_LEVELS levels."""
    level = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
        if level > MOST_LEVELS:
            raise yaml.composer.ComposerError(None, None, "nested too deeply", event.start_mark)
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader


def _yaml(head: str):
    head = head.expandtabs(2) if re.search(r"^ *\t", head, re.MULTILINE) else head
    try:
        return load_yaml(head), ""
    except yaml.YAMLError as error:
        told = error
    except (ValueError, RecursionError, TypeError) as error:
        raise Broken(gettext("the YAML front matter is broken: %(error)s") % {"error": str(error)[:200]}) from error
    # A colon in a title without quotes is what most broken heads have.
    quoted = _COLON_IN_VALUE.sub(lambda line: f"{line[1]}: {json.dumps(line[2].rstrip(), ensure_ascii=False)}", head)
    mark = getattr(told, "problem_mark", None)
    where = {"line": mark.line + 2 if mark else "?"}
    try:
        words = gettext("the YAML front matter is not valid (line %(line)s); it was read as it was meant")
        return load_yaml(quoted), words % where
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        problem = getattr(told, "problem", None) or str(told)
        raise Broken(
            gettext("the YAML front matter is broken (line %(line)s): %(problem)s")
            % {**where, "problem": problem[:200]}
        ) from told


def _toml(head: str):
    try:
        return tomllib.loads(head), ""
    except RecursionError as error:
        raise Broken(gettext("the front matter is nested too deeply")) from error
    except ValueError as error:
        told = error
    # A date that does not exist is the business of the dates.
    try:
        return tomllib.loads(_TOML_DATE.sub(r'\1"\2"', head)), ""
    except (ValueError, RecursionError) as error:
        raise Broken(gettext("the TOML front matter is broken: %(told)s") % {"told": str(told)[:200]}) from error


def _json(text: str):
    try:
        metadata, end = json.JSONDecoder().raw_decode(text.lstrip())
    except RecursionError as error:
        raise Broken(gettext("the front matter is nested too deeply")) from error
    except ValueError as error:
        raise Broken(gettext("the JSON front matter is broken: %(error)s") % {"error": str(error)[:200]}) from error
    return _checked(metadata), text.lstrip()[end:], ""


def _nikola(head: str) -> dict:
    return {line[1]: line[2].strip() for line in _NIKOLA_LINE.finditer(head)}


def _plain(text: str):
    """Lines "Key: value" up to an empty line (MultiMarkdown, Pelican) or to a line of dashes (Hexo)."""
    if found := _DASHED.match(text[:HEAD_CHARACTERS]):
        loaded, remark = _yaml(found[1])
        if isinstance(loaded, dict) and _PLAIN_KEYS & {str(key).lower() for key in loaded}:
            return _checked(loaded), text[found.end() :], remark
    metadata, key, at = {}, "", 0
    for line in text[:HEAD_CHARACTERS].split("\n"):
        if not line.strip():
            break
        if found := _KEY_LINE.match(line):
            key = found[1].strip().lower().replace(" ", "_")
            metadata[key] = (found[2] or "").strip()
        elif key and line[0] in " \t":
            metadata[key] = f"{metadata[key]}\n{line.strip()}".strip()
        else:
            return {}, text, ""
        at += len(line) + 1
    return (metadata, text[at:], "") if _PLAIN_KEYS & set(metadata) else ({}, text, "")
