"""Texts of an export of this system are what they were, whatever Hugo needs written in another way."""

import pytest

from articles.importing.readers.own import as_typed
from articles.transfer.content import escaped, term_of


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('Call `{{< ref "x" >}}` so.', 'Call `{{</* ref "x" */>}}` so.'),
        ("{{% raw %}}\n{{% endraw %}}", "{{%/* raw */%}}\n{{%/* endraw */%}}"),
        ("One that does not end: `{{<`", "One that does not end: `{{&lt;`"),
        ("{{% raw", "{{&#37; raw"),
        ("```python {1,3-4}\nx = 1\n```", '```python {hl_lines=["1","3-4"]}\nx = 1\n```'),
        ("> ~~~ {r, echo=FALSE}\n> x\n> ~~~", "> ~~~ &#123;r, echo=FALSE}\n> x\n> ~~~"),
        ("```\n{1}\n```\n\n{{ x }} and {% y %} {#z}", "```\n{1}\n```\n\n{{ x }} and {% y %} {#z}"),
    ],
)
def test_what_hugo_would_take_for_something_else_comes_back_as_it_was_typed(typed, written):
    assert escaped(typed) == written
    assert as_typed(written) == typed


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("C++", "c++"),
        ("C#", "c#"),
        ("By hand", "by-hand"),
        ("Node.js", "node.js"),
        ("Статьи", "статьи"),
        ("?!", "label"),
    ],
)
def test_a_label_has_the_folder_that_hugo_gives_to_its_name(name, term):
    assert term_of(name) == term
