"""reStructuredText, through docutils: no file is read, and no raw HTML taken."""

import re

from django.utils.translation import gettext, ngettext
from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.parsers.rst.languages import en
from docutils.readers import standalone
from docutils.utils import SystemMessage, new_document
from docutils.writers import html5_polyglot

from publishing.transfer.notes import Kind, Notes, Refused

from ....html import to_markdown as markdown_of
from ....records import Post
from .markdown_text import without_prefixes

_LINE = r"([=\-`:.'\"~^_*+#!$%&(),/;<>?@\[\]\\{|}])\1{2,}"
_OVER = re.compile(r"\s*" + _LINE + r"[ \t]*\n[ \t]*(\S.*)\n\1{3,}[ \t]*\n")
_UNDER = re.compile(r"\s*(\S.*)\n" + _LINE.replace(r"\1", r"\2") + r"[ \t]*\n")
_FIELD = re.compile(r":([\w -]+):[ \t]*(.*(?:\n[ \t]+\S.*)*)(?:\n|$)")
_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]+\| )?([\w:+.-]+)::", re.MULTILINE)
_ROLE = re.compile(r":([\w:+.-]+):`")
_EMBEDS = {
    "youtube": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
    "gist": "https://gist.github.com/",
}
_CODE = ("code", "code-block", "sourcecode", "highlight-block")
_KIND_AS_TITLE = re.compile(
    r'<p class="admonition-title">(?:Note|Warning|Tip|Hint|Important|Attention|Caution|Danger|Error|!\w+!)</p>'
)
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 6,
    "syntax_highlight": "none",
    "initial_header_level": 2,
    "doctitle_xform": False,
    "toc_backlinks": False,
    "embed_stylesheet": False,
    "math_output": "LaTeX",
    "line_length_limit": 100_000,
}


def read(head: dict, body: str):
    """The title is the first heading; fields above or below it are the head."""
    head = dict(head)
    rest = _fields(head, body)
    if over := _OVER.match(rest):
        title, rest = over[2], rest[over.end() :]
    elif under := _UNDER.match(rest):
        title, rest = under[1], rest[under.end() :]
    else:
        title = ""
    head.setdefault("title", title.strip().replace("``", "`"))
    return head, _fields(head, rest), to_markdown


def _fields(head: dict, text: str) -> str:
    rest = text.lstrip("\n")
    while found := _FIELD.match(rest):
        head.setdefault(found[1].strip().lower(), " ".join(found[2].split()))
        rest = rest[found.end() :]
    return rest


def to_markdown(post: Post) -> str:
    """Raises Refused if docutils cannot read it."""
    _register_unknown(post.text)
    reader = _Reader()
    try:
        document = publish_doctree(post.text, reader=reader, settings_overrides=_SETTINGS)
        html = publish_from_doctree(
            document, writer=_Writer(), settings_overrides=_SETTINGS | {"output_encoding": "unicode"}
        )
    except (SystemMessage, RecursionError, ValueError, AttributeError, LookupError, TypeError) as error:
        raise Refused(gettext("the reStructuredText is broken: %(error)s") % {"error": str(error)[:200]}) from error
    reader.tell(document, post.notes)
    body = html.partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
    return without_prefixes(markdown_of(_KIND_AS_TITLE.sub("", body), post.notes))


class _Reader(standalone.Reader):
    """Keeps what docutils reports."""

    def new_document(self):
        document = super().new_document()
        self.messages = []
        document.reporter.attach_observer(self.messages.append)
        return document

    def tell(self, document: nodes.document, notes: Notes) -> None:
        for message in self.messages:
            words = message.children[0].astext() if message.children else ""
            if words and (message["level"] >= 3 or "disabled" in words):
                notes.lose(
                    Kind.SYNTAX,
                    gettext("reStructuredText, line %(line)s: %(words)s")
                    % {"line": message.get("line", "?"), "words": words[:150]},
                )
        for name, count in getattr(document, "other_directives", {}).items():
            told = ngettext(
                "the directive %(name)s is not known: only its text was kept",
                "the directive %(name)s is not known: only its text was kept (%(number)s times)",
                count,
            )
            notes.lose(Kind.SYNTAX, told % {"name": name, "number": count})


def _register_unknown(text: str) -> None:
    """Directives and roles that docutils does not know; it keeps them for the whole process."""
    asked = new_document("", get_default_settings(Parser))
    asked.reporter.report_level = 5
    for name in set(_DIRECTIVE.findall(text)) | set(_CODE):
        if name in _CODE or not directives.directive(name, en, asked)[0]:
            directives.register_directive(name, _Code if name in _CODE else _Other)
    for name in set(_ROLE.findall(text)):
        if not roles.role(name, en, 0, asked.reporter)[0]:
            roles.register_local_role(name, _words)


class _AnyOptions(dict):
    def __missing__(self, name):
        return directives.unchanged

    def __bool__(self):
        return True


class _Code(Directive):
    """Code with whatever options its generator has."""

    optional_arguments, final_argument_whitespace, has_content = 1, True, True
    option_spec = _AnyOptions()

    def run(self):
        language = self.arguments[0].split()[0] if self.arguments else ""
        return [nodes.literal_block("\n".join(self.content), "\n".join(self.content), classes=["code", language])]


class _Other(Directive):
    """Of Sphinx, of a plugin: its text; of players an address alone in a paragraph."""

    optional_arguments, final_argument_whitespace, has_content = 1, True, True
    option_spec = _AnyOptions()

    def run(self):
        if (start := _EMBEDS.get(self.name)) and self.arguments:
            address = start + self.arguments[0].split()[0]
            return [nodes.paragraph("", "", nodes.reference("", address, refuri=address))]
        document = self.state.document
        document.other_directives = getattr(document, "other_directives", {})
        document.other_directives[self.name] = document.other_directives.get(self.name, 0) + 1
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder)
        return holder.children


def _words(name, rawtext, text, lineno, inliner, options=None, content=()):
    """A role of Sphinx: its words, as code if they name something of a program."""
    words, _, target = text.partition(" <")
    words = words if target else text.lstrip("~!")
    is_code = name.rpartition(":")[2] in {"class", "meth", "func", "mod", "attr", "data", "exc", "file", "command",
                                          "program", "option", "envvar", "obj", "samp", "kbd"}  # fmt: skip
    return [nodes.literal(rawtext, words) if is_code else nodes.inline(rawtext, words)], []


class _Translator(html5_polyglot.HTMLTranslator):
    """HTML with fewer elements: of footnotes, code and lines."""

    def visit_literal(self, node):
        self.body.append(f"<code>{self.encode(node.astext())}</code>")
        raise nodes.SkipNode

    def visit_literal_block(self, node):
        language = next((name for name in node["classes"] if name and name != "code"), "")
        self.body.append(
            f'<pre><code class="language-{language or "text"}">{self.encode(node.astext())}</code></pre>\n'
        )
        raise nodes.SkipNode

    def visit_image(self, node):
        # Otherwise docutils makes its address the alternative text.
        node.setdefault("alt", "")
        is_block = not isinstance(node.parent, (nodes.TextElement, nodes.figure))
        self.body.append("<p>" if is_block else "")
        super().visit_image(node)
        self.body.append("</p>" if is_block else "")

    def visit_footnote_reference(self, node):
        mark = f'<sup><a href="#{node["refid"]}" id="{node["ids"][0]}">{node.astext()}</a></sup>'
        self.body.append(mark)
        raise nodes.SkipNode

    def visit_footnote(self, node):
        self.body.append(f'<div class="footnote" id="{node["ids"][0]}">')

    def depart_footnote(self, node):
        back = next(iter(node["backrefs"]), "")
        self.body.append(f'<a href="#{back}">↩</a></div>\n')

    def visit_label(self, node):
        if isinstance(node.parent, nodes.footnote):
            raise nodes.SkipNode
        self.body.append(f"[{node.astext()}] ")
        raise nodes.SkipNode

    def visit_citation_reference(self, node):
        self.body.append(f"[{node.astext()}]")
        raise nodes.SkipNode

    def visit_citation(self, node):
        self.body.append("<div>")

    def depart_citation(self, node):
        self.body.append("</div>\n")

    def visit_line_block(self, node):
        self.body.append("<p>" if not isinstance(node.parent, nodes.line_block) else "")

    def depart_line_block(self, node):
        self.body.append("</p>\n" if not isinstance(node.parent, nodes.line_block) else "")

    def visit_line(self, node):
        pass

    def depart_line(self, node):
        self.body.append("<br>\n")

    def visit_problematic(self, node):
        self.body.append(self.encode(node.astext()))
        raise nodes.SkipNode

    def visit_system_message(self, node):
        raise nodes.SkipNode

    def visit_topic(self, node):
        if "contents" in node["classes"]:
            # Pages have a list of contents of their own.
            raise nodes.SkipNode
        self.body.append('<aside class="admonition">')

    def depart_topic(self, node):
        self.body.append("</aside>\n")

    def visit_title(self, node):
        if isinstance(node.parent, (nodes.topic, nodes.sidebar)):
            self.body.append('<p class="admonition-title">')
            self.context.append("</p>\n")
        else:
            super().visit_title(node)


class _Writer(html5_polyglot.Writer):
    def __init__(self):
        super().__init__()
        self.translator_class = _Translator
