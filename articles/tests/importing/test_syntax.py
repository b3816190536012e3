"""Markdown of other generators becomes ours; code stays as it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.syntax import to_ours
from publishing.tests.growth import MOST_GROWTH, growth, repeated
from publishing.transfer.notes import Notes


def ours(text, **options):
    return to_ours(text, Notes(), **options)


def blocks(text):
    """Without the number of blank lines between blocks."""
    return "\n\n".join(part.strip("\n") for part in text.split("\n\n") if part.strip())


YOUTUBE = "https://www.youtube.com/watch?v=abc123"

SHORTCODES = {
    "a video of Hugo": ("{{< youtube abc123 >}}", YOUTUBE),
    "with its name": ('Text.\n{{< youtube id="abc123" autoplay="true" >}}\nMore.', f"Text.\n\n{YOUTUBE}\n\nMore."),
    "in a list": ("- one\n- {{< vimeo 55 >}}\n- three", "- one\n- https://vimeo.com/55\n\n- three"),
    "in a line": ("See {{< vimeo 55 >}} now.", "See <https://vimeo.com/55> now."),
    "a post": ('{{< tweet user="ann" id="1" >}}', "https://x.com/ann/status/1"),
    "a gist": ("{{< gist ann 12ab >}}", "https://gist.github.com/ann/12ab"),
    "of Zola": ('{{ youtube(id="abc123") }}', YOUTUBE),
    "of Jekyll": ("{% youtube abc123 %}", YOUTUBE),
    "a picture": (
        '{{< figure src="a b.png" alt="An [a]" caption="Says \\"b\\"" link="/c" >}}',
        '[![An \\[a\\]](<a b.png> "Says \\"b\\"")](/c)',
    ),
    "a caption with a link": (
        '{{< figure src="a.png" caption="By [Ann](/ann)" >}}',
        "![](a.png)\n\nBy [Ann](/ann)",
    ),
    "a picture of Hexo": ("{% img left /a.png 10 20 \"Title\" 'Alt' %}", '![Alt](/a.png "Title")'),
    "a picture beside the text": ("{% asset_img a.png A title %}", '![title](a.png "A")'),
    "an included picture": ('{% include figure image_path="/a.png" alt="A" caption="C" %}', '![A](/a.png "C")'),
    "a box": ("{{% note %}}\nText.\n{{% /note %}}", ":::note\nText.\n:::"),
    "a box with a title": (
        '{{% alert title="Mind" color="warning" %}}\nText.\n{{% /alert %}}',
        ":::warning Mind\nText.\n:::",
    ),
    "a box with an icon": ('{{< alert "circle-check" >}}\nText.\n{{< /alert >}}', ":::note\nText.\n:::"),
    "a box of another kind": ("{% note danger %}\nText.\n{% endnote %}", ":::caution Danger\nText.\n:::"),
    "a box in a box": (
        '{{< notice tip >}}\n{{< details "More" >}}\nText.\n{{< /details >}}\n{{< /notice >}}',
        "::::tip\n:::details More\nText.\n:::\n::::",
    ),
    "a box in a list": (
        "1. one\n   {{% note %}}\n   Text.\n   {{% /note %}}\n2. two",
        "1. one\n\n   :::note\n   Text.\n   :::\n\n2. two",
    ),
    "a quote of Zola": ('{% quote(author="Ann") %}\nText.\n{% end %}', "> Text.\n>\n> — Ann"),
    "a quote of Hexo": (
        "{% blockquote Ann, Book https://a.example/b %}\nText.\n{% endblockquote %}",
        "> Text.\n>\n> — [Ann, Book](https://a.example/b)",
    ),
    "a pull quote": ("{% pullquote %}\nText.\n{% endpullquote %}", ":::pull\nText.\n:::"),
    "a link to a post": ('[a]({{< ref "b.md" >}}) [c]({% post_url 2024-01-02-d %})', "[a](@/b.md) [c](2024-01-02-d)"),
    "a link of Hexo": ('{% post_link a-b "The post" %}', "[The post](a-b)"),
    "what is shown as text": ("{{</* youtube a */>}} and {{%/* note */%}}", "{{< youtube a >}} and {{% note %}}"),
    "an end without a beginning": ("a {{< /note >}} b", "a  b"),
    "ends that cross": ("{{< a1 >}}x{{< b1 >}}y{{< /a1 >}}z{{< /b1 >}}", "xyz"),
    "an unknown one with content": ("{{< shiny >}}\nText.\n{{< /shiny >}}", "Text."),
    "called otherwise": ('{% include youtubePlayer.html id="abc123" %}', YOUTUBE),
    "in indented HTML": (
        '<div>\n    <div>\n        {% include figure.liquid path="a.png" title="A" %}\n    </div>\n</div>',
        '<div>\n    <div>\n\n![](a.png "A")\n\n    </div>\n</div>',
    ),
    "in a row": (
        '|a|b|\n|-|-|\n|{{< vimeo 5 >}}|{{< figure src="c.png" >}}|',
        "|a|b|\n|-|-|\n|<https://vimeo.com/5>|![](c.png)|",
    ),
    "a button": ("{% btn https://a.example/b, Go on %}", "[Go on](https://a.example/b)"),
    "a gallery": (
        '{{< gallery >}}\n{{< figure src="a.png" >}}\n{{< figure src="b.png" >}}\n{{< /gallery >}}',
        ":::gallery\n![](a.png)\n\n![](b.png)\n:::",
    ),
    "a file": ("{% pdf /a/b.pdf %}", "[/a/b.pdf](/a/b.pdf)"),
    "a label": ("{% label info@text %}", "text"),
    "a component of Zola": ('{{ <youtube id="abc123" /> }}', YOUTUBE),
    "components of Zola": ('{% <note title="A"> %}\n*b*{{ <hr/> }}\n{% </note> %}', ":::note A\n*b*\n:::"),
    "an unknown one with an address": (
        '{{< shiny title="A" link="/b" >}}\n*c*\n\nd\n{{< /shiny >}}',
        "[A](/b)\n\n*c*\n\nd",
    ),
    "an unknown one with an address and words": ('{{< shiny title="A" url="/b" >}}\nc\n{{< /shiny >}}', "[A – c](/b)"),
    "an unknown one with a picture": ('{{< shiny src="b.png" alt="B" >}}\nc\n{{< /shiny >}}', "![B](b.png)\n\nc"),
    "tabs": ('{{< tabs >}}\n{{< tab "A" >}}\na\n{{< /tab >}}\n{{< /tabs >}}', "**A**\n\na"),
    "tabs that are named around them": (
        '{{< tabs items="A,B" >}}\n{{< tab >}}\na\n{{< /tab >}}\n{{< tab >}}\nb\n{{< /tab >}}\n{{< /tabs >}}',
        "**A**\n\na\n\n**B**\n\nb",
    ),
    "tabs that are named by their ids": (
        '{{< tabs tabID1="a" tabName1="A" tabID2="b" tabName2="B" >}}\n{{< tab tabID="b" >}}\nb\n{{< /tab >}}\n'
        '{{< tab tabID="a" >}}\na\n{{< /tab >}}\n{{< /tabs >}}',
        "**B**\n\nb\n\n**A**\n\na",
    ),
    "tabs of Hexo": ("{% tabs x %}\n<!-- tab A@icon -->\na\n<!-- endtab -->\n{% endtabs %}", "**A**\n\na"),
    "a diagram": ("{% mermaid() %}\na-->b\n{% end %}", "```mermaid\na-->b\n```"),
    "a box as a value": ('{{ admonition(type="tip", body="**b**") }}', ":::tip\n**b**\n:::"),
    "a note beside the text": ("a{{< sidenote >}}b c{{< /sidenote >}}", "a^[b c]"),
    "more": ("a\n\n<!-- more -->\n\nb", "a\n\nb"),
}

LIQUID = {
    "code": ("{% highlight ruby linenos %}\n*x*\n{% endhighlight %}", "```ruby\n*x*\n```"),
    "code of Hugo": ('{{< highlight go "hl_lines=2 4-5" >}}\nx\n{{< /highlight >}}', "```go {2,4-5}\nx\n```"),
    "code of Hexo": (
        "{% codeblock a.js lang:js mark:2,5 %}\nx\n{% endcodeblock %}",
        '```js title="a.js" {2,5}\nx\n```',
    ),
    "code that is called otherwise": (
        "{{< code-toggle file=hugo >}}\n# a\n{{< /code-toggle >}}",
        '```title="hugo"\n# a\n```',
    ),
    "fences in a tag for code": ("{{< code >}}\n```go\nx\n```\n{{< /code >}}", "```go\nx\n```"),
    "names of a listing": (
        '```js displayName="Before"\n```\n\n```js [[1, 2, "a"], [2, 5, "b"]]\n```\n\n```js [a.js]\n```',
        '```js title="Before"\n```\n\n```js\n```\n\n```js title="a.js"\n```',
    ),
    "code in a list": ("- a\n  {% code %}\n  x\n    y\n  {% endcode %}", "- a\n  ```\n  x\n    y\n  ```"),
    "the line of a fence": (
        '```ruby:a.rb\n```\n\n```js A title https://a.example/b\n```\n\n``` py hl_lines="1 3" linenums="1"\n```',
        '```ruby title="a.rb"\n```\n\n```js title="A title"\n```\n\n```py {1,3}\n```',
    ),
    "code with a fence in it": ("{% highlight md %}\n```\nx\n```\n{% endhighlight %}", "````md\n```\nx\n```\n````"),
    "raw": ("{% raw %}{{ x }} {% y %}{% endraw %}", "{{ x }} {% y %}"),
    "raw in raw": ("`{% raw %}{% raw %}{% endraw %}` {{ page.title }}", "`{% raw %}` A title"),
    "raw around code": ("{% raw %}\n```\n{{ x }}\n```\n{% endraw %}", "```\n{{ x }}\n```"),
    "raw in code": ("```\n{% raw %}\n{{ x }}\n{% endraw %}\n```", "```\n{{ x }}\n```"),
    "a quoted value": ("{{ '{{ x }}' }} {{{ page.title }}}", "{{ x }} A title"),
    "a quote that is a box": ("> a\n> b\n{: .prompt-tip }", "> [!TIP]\n> a\n> b"),
    "a comment": ("a{% comment %}b{% endcomment %}c", "ac"),
    "the address of the site": (
        "[a]({{ site.baseurl }}/b) ![c]({{ '/d.png' | relative_url }})",
        "[a](/b) ![c](/d.png)",
    ),
    "a value": ("{{ page.title }}!", "A title!"),
    "a loop over words": (
        '{% assign all = "1|2" | split: "|" %}\n{% for one in all %}\n- {{ one }}\n{% endfor %}',
        "- 1\n- 2",
    ),
    "a link to an unknown address": (
        "[a]({{ site.b }}/c) [d][1] [1] [e](f)\n\n[1]: {{ site.b }}/g\n\nEnd.",
        "a d 1 [e](f)\n\nEnd.",
    ),
    "what is captured": ("{% capture a %}b{% endcapture %}{{ a }}.", "b."),
    "a comment of kramdown": ("a\n\n{::comment}\nb\n{:/comment}\n\nc", "a\n\nc"),
    "CodeHilite": ("a:\n\n    :::python\n    x\n\n    y\n\nb", "a:\n\n```python\nx\n\ny\n```\n\nb"),
    "kramdown": ('Text.\n{: .lead}\n\n![a](b.png){: width="3"} and *c*{:.d}', "Text.\n\n![a](b.png) and *c*"),
    "a contents list": ("* TOC\n{:toc}\n\nText.", "Text."),
}

BOXES = {
    "Docusaurus": (":::tip[Read *this*]\nText.\n:::", ":::tip Read *this*\nText.\n:::"),
    "VitePress": ("::: danger\nText.\n:::", ":::caution Danger\nText.\n:::"),
    "Pandoc": ('::: {.warning title="Mind"}\nText.\n:::', ":::warning Mind\nText.\n:::"),
    "Zhihu of colons": ("::::note\n:::tip\nText.\n:::\n::::", "::::note\n:::tip\nText.\n:::\n::::"),
    "boxes of equal colons": (":::note\n:::tip\nText.\n:::\nMore.\n:::", "::::note\n:::tip\nText.\n:::\nMore.\n::::"),
    "Quarto": ("::: {.callout-tip}\nText.\n:::", ":::tip\nText.\n:::"),
    "VitePress, open": ("::: details A {open}\nText.\n:::", ":::details A\nText.\n:::"),
    "only an id": ("::: {#a b=2}\nText.\n:::", "Text."),
    "an unknown one": ("::: columns\nText.\n:::", "Text."),
    "unknown around known": ("::::shiny\n:::note\nText.\n:::\n::::", ":::note\nText.\n:::"),
    "a group of listings": ("::: code-group\n```js [a.js]\nx\n```\n:::", '```js title="a.js"\nx\n```'),
    "Material": (
        '!!! note "Mind"\n    The gap.\n\n    ```\n    x\n    ```\n\nNext.',
        ":::note Mind\nThe gap.\n\n```\nx\n```\n:::\n\nNext.",
    ),
    "Material, to fold": ('??? bug "Log"\n    x\n', ":::details Log\nx\n:::"),
    "Material, nested": ("!!! note\n    a\n    !!! tip\n        b\n    c\n", "::::note\na\n\n:::tip\nb\n:::\nc\n::::"),
    "tabs": ('=== "One"\n\n    a\n\n=== "Two"\n\n    b\n', "**One**\n\na\n\n**Two**\n\nb"),
    "an alert": ("> [!NOTE]\n> Text.", "> [!NOTE]\n> Text."),
    "an alert of Obsidian": ("> [!danger] Mind\n> Text.\n\nNext.", ":::caution Mind\nText.\n:::\n\nNext."),
    "an alert to fold": ("> [!faq]- Why?\n> Text.", ":::details Why?\nText.\n:::"),
    "an alert in an alert": (
        "> [!info] A\n> a\n> > [!tip] B\n> > b\n> c",
        "::::note A\na\n:::tip B\nb\n:::\nc\n::::",
    ),
    "colons in code": (":::note\n```\n:::\n```\n:::", "::::note\n```\n:::\n```\n::::"),
    "not a box": ("::: : x\n\n10 != 3\n\n??? what", "::: : x\n\n10 != 3\n\n??? what"),
}

HEADINGS = {
    "Hugo": ("## A {#b}", "## A {#b}"),
    "Pandoc": ("## A {#b .c d=e}", "## A {#b}"),
    "kramdown": ("## A\n{: #b}", "## A {#b}"),
    "Docusaurus": ("## A {/* #b */}", "## A {#b}"),
    "React": ("## A {/*b*/}", "## A {#b}"),
    "only a class": ("## A {.b}", "## A"),
    "an anchor before it": ('<a name="b"></a>\n\n## A', "## A {#b}"),
    "an anchor in it": ('## <a id="b"></a>A', "## A {#b}"),
    "underlined": ("A {#b}\n---", "A {#b}\n---"),
    "not an id": ("## A {b}", "## A {b}"),
    "a link to one of GitHub": ("[x](#c--d-1)\n\n## C & D\n\n## C & D", "[x](#c-d-2)\n\n## C & D\n\n## C & D"),
    "a link in another script": ("[x](#ärger)\n\n## Ärger", "[x](#arger)\n\n## Ärger"),
    "a link to an own id": ("[x](#My_id)\n\n## C {#My_id}", "[x](#My_id)\n\n## C {#My_id}"),
    "a link that leads nowhere": ("[x](#y)\n\n## C", "[x](#y)\n\n## C"),
}

MDX = {
    "lines of JavaScript": ("import A from 'a'\nimport {\n  b\n} from 'b'\n\nexport const c = 1\n\nText.", "Text."),
    "an expression": ("import A from 'a'\n\nHello {props.name}.", "Hello ."),
    "an export with blank lines": ("export const a = {\n  b: 1,\n\n  c: [\n  ],\n}\n\nText.", "Text."),
    "a comment": ("a{/* b */}c", "ac"),
    "a text": ("import A from 'a'\n\n{'{'}x{\"}\"}", "{x}"),
    "the end of a line": ("import A from 'a'\n\na{'\\n'}b", "a b"),
    "tabs": (
        '<Tabs>\n<TabItem value="a" label="A">\n\nOne.\n\n</TabItem>\n'
        '<TabItem value="b">\n\nTwo.\n\n</TabItem>\n</Tabs>',
        "**A**\n\nOne.\n\n**b**\n\nTwo.",
    ),
    "a box": ('<Admonition type="tip" title="T">\n\nText.\n\n</Admonition>', ":::tip T\nText.\n:::"),
    "a box with a sign": ('<AlertBox level="warning" title="!">\n  Text.\n</AlertBox>', ":::warning\nText.\n:::"),
    "a terminal": ("<TerminalBlock>\n\na *b*\n\n</TerminalBlock>", "```\na *b*\n```"),
    "a name for programs": ('<Diagram name="a_b_c1" alt="A">\n\nText.\n\n</Diagram>', "Text."),
    "an embed": ('<LiteYouTubeEmbed id="abc123" title="x" />', YOUTUBE),
    "a picture": ("import pic from './a.png'\n\n<Image src={pic} alt=\"A\" />", "![A](./a.png)"),
    "a picture that is required": ("<Image src={require('./a.png').default} alt=\"A\" />", "![A](./a.png)"),
    "a card": ('{/* b */}\n\n<Card title="A" href="/b">Text.</Card>', "[A – Text.](/b)"),
    "a link": ('<Link to="/a">B</Link>', "[B](/a)"),
    "an unknown component": ("import A from 'a'\n\n<A b={1}>Text.</A>", "Text."),
    "attributes of JSX": (
        '<div className="a" style={{color: "red"}}><img src={"b.png"} /></div>',
        '<div class="a"><img src="b.png" /></div>',
    ),
    "an anchor": ("import A from 'a'\n\n<Anchor id=\"b\"/>Text.", '<a id="b"></a>Text.'),
    "a component alone on its line": ("<Intro>\n\nText {x}.\n\n</Intro>", "Text {x}."),
    "Markdown in an element": (
        "<figure>\n  <figcaption style={{ a: 1 }}>A `b` [c](d).<br/>*E*</figcaption>\n</figure>\n\n{/* f */}",
        '<figure>\n  <figcaption>A <code>b</code> <a href="d">c</a>.<br/><em>E</em></figcaption>\n</figure>',
    ),
    "not a component": ("A `List<T>` and List<T> of it.", "A `List<T>` and List<T> of it."),
}

INLINE = {
    "a mark": ("==a b== but a == b", "==a b== but a == b"),
    "below and above": ("H~2~O x^2^", "H~2~O x^2^"),
    "struck": ("~a b~ ~~c~~ ~/d ~/e", "~a b~ ~~c~~ ~/d ~/e"),
    "keys": ("++ctrl+alt+del++ but i++ and C++", "<kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Del</kbd> but i++ and C++"),
    "emoji": (":tada: 10:30:45 :no_such: `:tada:`", "🎉 10:30:45 :no_such: `:tada:`"),
    "an abbreviation": ('HTML.\n\n*[HTML]: Hyper "Text"', '<abbr title="Hyper &quot;Text&quot;">HTML</abbr>.'),
    "mathematics": ("$a_1 * b_1$ costs $5 or $10", "$a_1 * b_1$ costs $5 or $10"),
    "mathematics in a quote": ("> $$\n> a_1\n> $$", "> $$\n> a_1\n> $$"),
    "a span": ("[a]{.b} [c]{.d}\n\n[c]: /e", "a [c]\n\n[c]: /e"),
    "mathematics, shown": ("$$\na_1 * b_1\n$$", "$$\na_1 * b_1\n$$"),
    "escaped mathematics": ("\\\\(a\\_b\\\\) c", "$a_b$ c"),
    "attributes": ("[a](b){.c} ![d](e.png){ width=50% }", "[a](b) ![d](e.png)"),
    "attributes of a paragraph": ('a\n{ style="b: c" }', "a"),
    "light and dark pictures": ("![a](b.png#only-light)![a](c.png#only-dark){ .d }", "![a](b.png)"),
    "a footnote": ('  [^1]:\n    a\n\n    b{ title="c" }', "  [^1]:\n    a\n\n    b"),
    "addresses": ("<https://a.example/~b~/c^d^> [x](y~1~z)", "<https://a.example/~b~/c^d^> [x](y~1~z)"),
    "slots": ("[[Get]] and a[[1]] [[1, 2]]", "[[Get]] and a[[1]] [[1, 2]]"),
    "pages of a wiki": ("[[A page]] [[b|c]] ![[d.png]]", "A page c ![](d.png)"),
    "a contents list": ("[[TOC]]\n\n[TOC]\n\nText.", "Text."),
    "an embed of WordPress": ("[embed]https://a.example/b[/embed]", "https://a.example/b"),
    "a movie as a picture": ("![A](b.mp4)", "![A](b.mp4)"),
}

HTML = {
    "a frame": ("<iframe width=\"5\" src='//www.youtube.com/embed/abc123'></iframe>", YOUTUBE),
    "without quotes": ("<iframe src=https://a.example/b></iframe>", "https://a.example/b"),
    "in an element": (
        '<div class="video"><iframe src="https://a.example/b"></iframe></div>',
        '<div class="video">\n\nhttps://a.example/b\n\n</div>',
    ),
    "in a paragraph": (
        '<p>See <iframe src="https://a.example/b"></iframe></p>',
        '<p>See <a href="https://a.example/b">https://a.example/b</a></p>',
    ),
    "a picture of several files in HTML": (
        '<div>\n  <picture>\n      <source srcset="b.png">\n      <img src="a.png">\n  </picture>\n</div>',
        '<div>\n  <img src="a.png">\n</div>',
    ),
    "what is shown without scripts": (
        '<div>\n<div><noscript>\n<img src="a.png">\n</noscript></div>\n</div>\n\nA <noscript>b</noscript>.',
        '<div>\n<div><div>\n<img src="a.png">\n</div></div>\n</div>\n\nA <span>b</span>.',
    ),
    "a picture for when there are no scripts": (
        '<img src="b.gif" data-src="a.png"><noscript><img src="a.png"></noscript>',
        '<img src="b.gif" data-src="a.png">',
    ),
    "mathematics": (
        '<math display="block">\n  <mi>x</mi>\n  <mo>*</mo>\n</math>\n\n<math><mi>y</mi></math>.',
        '<math display="block"> <mi>x</mi> <mo>*</mo> </math>\n\n<math><mi>y</mi></math>.',
    ),
    "a gist": ('<script src="https://gist.github.com/ann/1.js"></script>', "https://gist.github.com/ann/1"),
    "a video": ('<video controls><source src="/a/b.mp4">No video.</video>', "[b.mp4](/a/b.mp4)"),
    "an object": ('<object data="https://a.example/b.pdf"></object>', "https://a.example/b.pdf"),
    "Markdown in HTML": ('<div class="a" markdown="1">\n*b*\n</div>', '<div class="a">\n\n*b*\n\n</div>'),
    "Markdown in what folds": (
        '<details markdown="1">\n<summary>A</summary>\n*b*\n</details>',
        "<details>\n\n<summary>A</summary>\n\n*b*\n\n</details>",
    ),
    "a name": ('<a name="b"></a>Text.', '<a id="b"></a>Text.'),
    "tags in capitals": ("<DIV>\n\n*a*\n\n</DIV>", "<DIV>\n\n*a*\n\n</DIV>"),
    "an address in capitals": ("<MAILTO:A@B.EXAMPLE>", "<MAILTO:A@B.EXAMPLE>"),
    "a comment between lists": ("- a\n\n<!-- -->\n\n- b", "- a\n\n<!-- -->\n\n- b"),
    "what stays": (
        "<details><summary>A</summary>\n\n*b*\n\n</details>",
        "<details><summary>A</summary>\n\n*b*\n\n</details>",
    ),
    "pictures of several sources": (
        '<picture><source srcset="a.webp"><img src="a.png"></picture>',
        '<img src="a.png">',
    ),
}


@pytest.mark.parametrize("cases", [SHORTCODES, LIQUID, BOXES, HEADINGS, MDX, INLINE, HTML])
def test_what_other_generators_write_becomes_ours(cases):
    got = {name: blocks(ours(text, variables={"page.title": "A title"})) for name, (text, _) in cases.items()}

    assert got == {name: blocks(expected) for name, (_, expected) in cases.items()}


def test_headings_keep_the_ids_of_their_generator_for_links_from_elsewhere():
    text = "## C & `d`\n\n## C & d\n\n## Ärger\n\n## Plain *words*\n\n## E {#own}\n\n## Comments"

    assert ours(text, dialect="hugo") == (
        "## C & `d` {#c--d}\n\n## C & d {#c--d-1}\n\n## Ärger {#ärger}\n\n## Plain *words*\n\n"
        "## E {#own}\n\n## Comments"
    )
    assert ours(text) == text


CODE = [
    "```\n{{< youtube a >}} {% x %} :::note ==a== :tada: {#b}\n## c {#d}\n:::\n```",
    "~~~ python\n{: .x}\n[TOC]\n~~~",
    "> ```\n> {{ x }}\n> ```",
    "- a\n\n  ```\n  {{ x }}\n  ```",
    "Text:\n\n    {{ x }} ==a==\n    {% y %}\n",
    "- a\n\n      {{ x }}\n",
    "`{{ x }}` and ``{% y ` %}`` and `a ==b== :tada:`",
    "```\nnot closed {{ x }}\n",
    "<pre>\n{{ x }} ==a==\n</pre>",
]


@pytest.mark.parametrize("text", CODE)
def test_code_stays_as_it_is(text):
    assert ours(text) == text


@pytest.mark.parametrize(
    ("text", "note", "is_loss"),
    [
        ("{{< shiny 1 >}} {{< shiny 1 >}}", "the tag “shiny” is not known: left out, {{< shiny 1 >}} (2×)", True),
        ("{{< shiny >}}a{{< /shiny >}}", "the tag “shiny” is not known: its content is kept", False),
        ('<A alt="B">\n\nc\n\n</A>', "the tag “a” has a picture without an address: left out, “B”", True),
        ("{{ site.secret }}", "a value that is not known here: left out, {{ site.secret }}", True),
        ("{% if a %}b{% endif %}", "a condition that is not decided: all of its text is kept, {% if a %}", True),
        ("<math><a>x</a></math>", "mathematics in MathML: only its words and signs are kept", True),
        ("::: shiny\na\n:::", "the box “shiny” is not known: its content is kept", False),
        ("[TOC]", "the place of a list of contents: left out, pages have one", False),
        ("<script>alert(1)</script>", "a script in the text: left out", True),
        ("import A from 'a'\n\n{a.b}", "an expression of JavaScript: left out, {a.b}", True),
        ("@[code](../a.js)", "a file that is put into the text: left out, @[code](../a.js)", True),
        ('--8<-- "a.md"', 'a file that is put into the text: left out, --8<-- "a.md"', True),
    ],
)
def test_what_cannot_be_read_is_told_and_never_shown(text, note, is_loss):
    notes = Notes()
    text = to_ours(text, notes)

    assert (note, is_loss) in [(note.text, note.is_loss) for note in notes]
    assert not any(sign in text for sign in ("{{", "{%", ":::", "import", "script", "8<"))


def test_what_is_ours_needs_no_note():
    text = "# A\n\n:::note Title\nText with {braces}, a | b, 50 % and 5 < 6.\n:::\n\n"
    text += '![a](b.png "C")\n\n- [ ] d[^1]\n\n[^1]: E.\n'
    notes = Notes()

    assert to_ours(text, notes) == text
    assert notes == []


# --- any text ---

SIGNS = st.sampled_from(
    "{{< a >}} {{< /a >}} {{% note %}} {{% /note %}} {% if a %} {% endif %} {{ a }} {% raw %} {% endraw %} ::: :::note "  # noqa: SIM905
    "!!! ??? === > > - 1. # ## {#a} {: .b} <A> </A> <a <div> </div> <iframe src=a> ` ``` ~~~ $ $$ == ~ ^ :a: [[ ]] "
    "[a](#b) @[code](a) [embed]a[/embed] {% highlight x %} {% endhighlight %} {% include a b=c %} <A b={c} /> <> </> "
    "::: {#a} {:toc} <details markdown=1> </details> <summary> </summary> ?q $a_b$ [a]{.b} {: toc} {{< a 1 />}} --8<-- "
    "<!-- --> *[a]: https://a.example import export {a} | \\".split()
    + ["\n", "\n\n", "    ", "\n\nword\n\n", " "]
)


@settings(derandomize=True, max_examples=300)
@given(st.lists(SIGNS, max_size=40))
def test_any_text_is_read_to_its_end(parts):
    text = "".join(parts)

    # Outside of comments.
    text = re.sub("<!--.*?-->", "", text, flags=re.DOTALL).replace("<!--", "")
    assert text.count("word") <= ours(text).count("word")


@settings(derandomize=True, max_examples=300)
@given(st.text("{}<>%:[]()#`~$*_!|=+^\\\n \"'a/-.@&;", max_size=80))
def test_no_text_is_too_odd(text):
    assert isinstance(ours(text), str)
    assert isinstance(ours(f"{{/* */}}\n\n{text}"), str)


SHAPES = {
    "open tags": "{{<",
    "nested tags": "{{< note >}}\n",
    "tags": "{{< a >}}\n{{< /a >}}\n",
    "values": '{{ a | b: "',
    "raw": "{% raw %}",
    "boxes": ":::note\n",
    "indented boxes": '!!! note "a"\n    b\n',
    "alerts": "> [!danger] a\n>",
    "headings": "# a  {#b} {\n",
    "links to headings": "[a](#b)\n\n# B\n\n",
    "components": "<A>\n",
    "open values": '<a b="',
    "open braces": "<a b={",
    "backticks": "`` ` ",
    "mathematics": "$a_b",
    "signs": "==a ~b ^c ++d ",
    "attributes": "){.a ",
    "abbreviations": "*[a]: b\n",
    "comments": "<!--",
    "JavaScript": "import a\n",
    "spaces": " ",
}


@pytest.mark.parametrize("name", SHAPES)
def test_time_is_in_proportion_to_the_text(name):
    assert growth(ours, repeated(SHAPES[name]), 6_000, 8) <= MOST_GROWTH * 8
