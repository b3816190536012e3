"""HTML of other systems becomes Markdown that renders to the same words."""

import pytest

from articles.importing.html import to_markdown
from publishing.transfer.notes import Notes


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ("<p>One <b>two</b> <i>three</i>", "One **two** *three*"),
        ("<h1>A</h1><h3>B</h3>", "# A\n\n### B"),
        ('<a href="/x">y</a>', "[y](/x)"),
        ('<figure><img src="a.jpg" alt="b"><figcaption>c</figcaption></figure>', '![b](a.jpg "c")'),
        ('<pre><code class="language-python">a = 1\n\nb</code></pre>', "```python\na = 1\n\nb\n```"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ("<iframe src='//www.youtube.com/embed/abcdefghijk'></iframe>", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("<p># 1 &lt;b> [x](y)", "\\# 1 \\<b> [x\\](y)"),
    ],
)
def test_html_becomes_markdown(html, source):
    assert to_markdown(html, Notes()) == source + "\n"
