"""Articles of about 800 words, the same ones every time."""

import random

WORDS = """
the a one that which of in for with and but because when server reader database function value name list
request answer page error test cache process thread table column index query file line letter word reason
mistake rule idea habit year morning colleague machine network address header keeps gives takes reads writes
waits returns fails holds counts moves stays opens closes names means small long plain careful common strange
quiet old new first last never often slowly again together
"""
VOCABULARY = WORDS.split()
CODE = """```python
def application(environ, start_response):
    routes = {"/": home, "/about": about}
    view = routes.get(environ["PATH_INFO"], missing)
    status, body = view(environ)  # every view returns both
    start_response(status, [("Content-Type", "text/html")])
    return [body.encode()]
```"""


def sentence(words: random.Random, length: int) -> str:
    return " ".join(words.choices(VOCABULARY, k=length)).capitalize() + "."


def paragraph(words: random.Random, sentences: int = 6) -> str:
    return " ".join(sentence(words, words.randint(8, 16)) for _ in range(sentences))


def body(words: random.Random) -> str:
    """Four parts with headings, a list of six with bold lead-ins, a listing, a quotation."""
    points = "\n".join(f"- **{sentence(words, 2)}** {sentence(words, 10)}" for _ in range(6))
    extras = ["", points, CODE, "> " + paragraph(words, 2)]
    parts = [paragraph(words), paragraph(words)]
    for number, extra in enumerate(extras, 1):
        parts += [f"## {number}. {sentence(words, 4)[:-1]}", paragraph(words), extra, paragraph(words)]
    return "\n\n".join(part for part in parts if part)
