"""What the process knows of words: templates and caches keep those of each language."""

import sys

import pytest
from django.template import engines

OURS = ("publishing", "articles", "comments", "quizzes")


def forget_words() -> None:
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OURS and ".tests" not in name:
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and getattr(value, "__module__", "") == name:
                    value.cache_clear()


@pytest.fixture
def fresh_words():
    """No word is known from another test, and none of this one afterwards."""
    forget_words()
    yield
    forget_words()
