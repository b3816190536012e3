"""Math in articles: what is a formula, what stays text, and what MathML may hold."""

import re

import pytest

from publishing.tests.rows import failures
from publishing.text.blocks import mathml
from publishing.text.blocks.cleaning import cleaned_again
from publishing.text.markdown import render_article

from .trees import elements, parsed

FORMULAS = r"""
E = mc^2
x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
e^{i\pi} + 1 = 0
\sum_{k=1}^{n} k = \frac{n(n+1)}{2}
\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}
\lim_{x \to 0} \frac{\sin x}{x} = 1
\frac{d}{dx} f(x) = f'(x)
\nabla \times \mathbf{E} = -\frac{\partial \mathbf{B}}{\partial t}
\oint_{\partial S} \vec{B} \cdot d\vec{l} = \mu_0 I
\mathcal{O}(n \log n)
P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}
\binom{n}{k} = \frac{n!}{k!(n-k)!}
\begin{pmatrix} a & b \\ c & d \end{pmatrix}
\begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix}
\begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc
\begin{cases} x & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases}
\begin{aligned} a &= b + c \\ &= d \end{aligned}
\begin{align} a &= b \\ c &= d \end{align}
\begin{align*} a &= b \\ c &= d \end{align*}
\begin{gather} a = b \\ c = d \end{gather}
\begin{array}{c|c} a & b \\ \hline c & d \end{array}
\begin{equation} a = b \tag{1} \end{equation}
\begin{split} a &= b \\ &= c \end{split}
\begin{smallmatrix} a & b \\ c & d \end{smallmatrix}
\sqrt[3]{x}
\sqrt{1+\sqrt{1+\sqrt{x}}}
x_{i,j}^{2}
{}^{14}_{6}\mathrm{C}
\mathbb{R}^n \to \mathbb{C}
\mathfrak{g} \oplus \mathfrak{h}
\mathsf{T}, \mathtt{code}, \mathit{it}
\hat{x}, \bar{y}, \tilde{z}, \dot{q}, \ddot{q}
\overline{AB} \parallel \underline{CD}
\overbrace{a+b+c}^{3} + \underbrace{d+e}_{2}
\left( \frac{1}{2} \right)^2
\left\{ x \in \mathbb{R} \,\middle|\, x > 0 \right\}
\left. \frac{dy}{dx} \right|_{x=0}
\bigl( \Bigl( \biggl( x \biggr) \Bigr) \bigr)
\forall \varepsilon > 0\ \exists \delta > 0
A \cup B \cap C \setminus D \subseteq E
\neg p \lor q \land r \implies s \iff t
a \leq b \geq c \neq d \approx e \equiv f \sim g
\alpha \beta \gamma \Gamma \delta \Delta \epsilon \zeta \eta \theta \lambda \mu \xi \pi \rho \sigma \tau \phi \Omega
\rightarrow \Rightarrow \mapsto \leftrightarrow \uparrow \hookrightarrow
\xrightarrow{f} \xleftarrow[g]{h}
\operatorname{argmin}_x f(x)
\operatorname*{arg\,max}_{\theta} L(\theta)
\max_{i} \min_j a_{ij}
\det A, \ker f, \dim V, \gcd(a,b), \log_2 n, \ln x, \exp x
a \bmod b, \quad a \equiv b \pmod{n}
\lfloor x \rfloor, \lceil y \rceil
\langle \psi | \hat{H} | \psi \rangle
\| v \|_2 = \sqrt{\sum_i v_i^2}
|x|, \lvert x \rvert, \lVert x \rVert
f\colon X \to Y
\prod_{i=1}^{n} (1 + x_i)
\sum_{\substack{i<j \\ i,j \in S}} a_{ij}
\iint_D f\,dA, \iiint_V g\,dV
\frac{\partial^2 u}{\partial t^2} = c^2 \nabla^2 u
i\hbar\frac{\partial}{\partial t}\Psi = \hat H\Psi
\cfrac{1}{1+\cfrac{1}{1+x}}
\dfrac{1}{2}, \tfrac{1}{2}
1{,}000{,}000
50\%
\$5 + \$6
\text{speed} = \frac{\text{distance}}{\text{time}}
\text{Größe} = \mathrm{kg}\cdot\mathrm{m}^2
x \times y \div z \pm w \cdot v \ast u
\dots, \ldots, \cdots, \vdots, \ddots
\therefore \because \angle \triangle \perp
\infty, \emptyset, \varnothing, \partial, \nabla, \hbar, \ell, \Re, \Im, \aleph
\boxed{x = 5}
\color{red}{x} + y
\textcolor{blue}{x}
\stackrel{\text{def}}{=}
\overset{!}{=}, \underset{x}{y}
\mathbf{x}^\top \mathbf{A} \mathbf{x}
\boldsymbol{\theta} \sim \mathcal{N}(0, \Sigma)
\mathrm{H_2O}
x' + y'' + z^{\prime}
\not= \not\in \notin
\phantom{x} y
\mathop{\mathrm{Res}}_{z=0}
\widehat{abc}, \widetilde{xyz}
\vec{AB} + \overrightarrow{CD}
\cancel{x}
\displaystyle \sum_{i} i
\mathscr{L}\{f(t)\}
\begin{Bmatrix} a \\ b \end{Bmatrix}
a\,b\;c\:d\!e\quad f\qquad g
\prime \dagger \ddagger \star \circ \bullet
H(X) = -\sum_{x} p(x) \log_2 p(x)
\mathbb{E}[X] = \int_{-\infty}^{\infty} x f(x)\,dx
\sin^2\theta + \cos^2\theta = 1
\frac12 + \frac{a}b
x^{y^{z}}_{a_{b_c}}
f(n) = \begin{cases} 1 & n = 0 \\ n f(n-1) & n > 0 \end{cases}
\zeta(s) = \sum_{n=1}^\infty \frac{1}{n^s}
\left\lbrack 0, 1 \right\rbrack
a \overset{?}{\lessgtr} b
\text{a < b \& c}
""".strip().splitlines()
UNREADABLE = [
    r"\frac{a",
    r"\unknown",
    "x^",
    "a & b",
    r"\left( x",
    r"\href{javascript:alert(1)}{x}",
    r"\unicode{60}",
    r"\class{a}{x}",
    r"\style{color:red}{x}",
    r"\def\x{y}\x",
    r"\newcommand{\RR}{x}\RR",
    r"\begin{unknown}x\end{unknown}",
    "{" * 900 + "}" * 900,
    "x+" * 2000,
]


def test_a_hundred_formulas_become_mathml():
    def check(latex):
        for source in (f"a ${latex}$ b", f"$$\n{latex}\n$$"):
            html = render_article(source).html
            assert html.count("<math") == html.count("</math>") == 1, html
            assert mathml.checked(re.search("<math.*</math>", html)[0]) in html
            assert "\\" not in re.sub("<[^>]*>", "", html).replace("∖", "")

    assert len(FORMULAS) >= 100
    assert failures(FORMULAS, check) == {}


def test_a_formula_that_cannot_be_read_is_shown_as_typed():
    def check(latex):
        assert parsed(render_article(f"a $ {latex}$ $${latex}$$ b").html).to_text(strip=False).count(latex) == 2
        html = render_article(f"$$\n{latex}\n$$").html
        assert html.startswith('<pre tabindex="0"><code>$$\n') and latex in parsed(html).to_text(strip=False)

    assert failures(UNREADABLE, check) == {}


@pytest.mark.parametrize(
    "source",
    [
        "between $5 and $6",
        "$1,000 or US$20, 5$ and 6$",
        "I have $5, you have 5$.",
        "5$/month and 6$/month",
        "$HOME/bin:$PATH and $HOME",
        "$ x $ and $x $",
        "a $$$ b $$$ c",
        "$a `b` c$",
    ],
)
def test_prices_and_variables_stay_text(source):
    assert "<math" not in render_article(source).html


def test_dollars_in_code_and_behind_a_backslash_are_dollars():
    assert render_article("`$x$` \\$x\\$").html == "<p><code>$x$</code> $x$</p>\n"
    assert render_article("$\\$5$").html.count("<math") == 1


@pytest.mark.parametrize(
    "source", ["the $n$th", "两个$x$的", "($x$)", "**$x$**", "[$x$](/a)", "$`x`$", "# $x$", "a\n: $x$"]
)
def test_a_formula_stands_where_words_stand(source):
    assert "<math><mi>" in render_article(source).html


@pytest.mark.parametrize(
    "source", ["$$x$$", "$$\nx\n$$", "text\n$$ x\n$$\ntext", "- $$\n  x\n  $$", "> $$\n> x\n> $$", "```math\nx\n```"]
)
def test_a_formula_on_lines_of_its_own_scrolls_in_itself(source):
    frame = '<div class="math" tabindex="0" role="group" aria-label="Formula">'

    assert f'{frame}<math display="block"><mi>x</mi></math></div>' in render_article(source).html


def test_markdown_means_nothing_in_a_block():
    html = render_article("$$\na_1 * b_1\n- c\n= d\n1. e\n$$").html

    assert html.startswith('<div class="math"') and html.count("<math") == 1 and html.endswith("</math></div>\n")


def test_dollars_that_are_not_closed_eat_nothing():
    assert render_article("$$\nx\n\nNext *one*").html == "<p>$$\nx</p>\n<p>Next <em>one</em></p>\n"


def test_a_formula_is_a_word_and_is_searched_for_as_typed():
    rendered = render_article("Two words $a + b + c$\n\n$$\nx + y\n$$")

    assert rendered.words == 4
    assert [block.words for block in rendered.blocks] == [3, 1]
    assert rendered.text == "Two words a + b + c\nx + y"
    assert rendered.html[: rendered.blocks[0].end].endswith("</p>")


def test_a_heading_with_a_formula_has_an_id_of_its_words():
    assert render_article("## On $x^2$").contents == [{"level": 2, "id": "on-x2", "text": "On x^2"}]


def test_mathml_that_somebody_typed_is_a_formula():
    typed = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"><semantics><mi onclick="f()">x</mi>'
    typed += '<annotation encoding="application/x-tex">x</annotation></semantics></math>'
    html = "<math><mrow><mi>x</mi></mrow></math>"

    assert render_article(f"Let {typed} be").html == f"<p>Let {html} be</p>\n"
    assert render_article(f"<div>{typed}\n</div>").html == f"<div>{html}\n</div>"
    assert render_article("<math display='block'>\n <mi>x</mi>\n</math>").html == (
        '<math display="block">\n <mi>x</mi>\n</math>'
    )
    assert "<math" not in render_article("a <math><script>f()</script></math> <math><mi>x").html


def test_cells_of_a_formula_have_their_places_without_a_style():
    html = render_article("$$\\begin{align} a &= b \\end{align} \\begin{array}{l|r} c & d \\end{array}$$").html

    assert " style=" not in html and "(1)" not in html
    assert '<mtd class="no-end right"><mi>a</mi></mtd><mtd class="left no-start">' in html
    assert '<mtd class="left line-right"><mi>c</mi></mtd><mtd class="right"><mi>d</mi></mtd>' in html


def test_stored_html_that_is_cleaned_again_keeps_its_formulas():
    html = render_article("Let $x < y$ be\n\n$$\n\\begin{align} a &= b \\end{align}\n$$").html

    assert cleaned_again(html) == html


HOSTILE = [
    "<math><mi href='javascript:alert(1)' onclick='alert(1)' style='x'>x</mi></math>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math><maction actiontype='statusline' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<p title='<math><mi>x</mi></math> onmouseover=alert(1) '>x</p>",
    '<p title="<math><mi>x</mi></math> onmouseover=alert(1) ">x</p>',
    "<math><math><mi>x</mi></math></math><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "</math><math><mi>x</mi>",
    "<math display='\"><script>alert(1)</script>'></math>",
]


def test_mathml_of_others_is_cleaned_as_everything_is():
    def check(html):
        nodes = [node for node in elements(parsed(cleaned_again(html))) if not node.name.startswith("#")]
        assert {node.name for node in nodes} <= {"p", "math", "mi", "img", "table", "tbody"}
        assert {name for node in nodes for name in node.attrs or ()} <= {"title", "src"}

    assert failures(HOSTILE, check) == {}
