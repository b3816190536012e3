"""Whether Python in an article parses. It is never compiled or run."""

import ast
import re
import textwrap
import warnings

LANGUAGES = frozenset({"python", "python3", "py", "py3"})
# In characters, of one block and of all of a text. 20,000 take up to 25 ms, and code that the parser refuses for its
# depth is not checked: more could take its stack.
MOST_CODE, MOST_CODE_OF_A_TEXT = 20_000, 100_000

_NAME = "article"
# A string with "\d" would otherwise be reported in the log of the server.
warnings.filterwarnings("ignore", category=SyntaxWarning, module=re.escape(_NAME))


def problem(code: str) -> tuple[int, str] | None:
    """The line, from 1, and the message of the parser; None for code that parses, and for what is not checked."""
    if len(code) > MOST_CODE or code.lstrip().startswith(">>>"):
        return None
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        compile(textwrap.dedent(code), _NAME, "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    except ValueError as error:
        return 1, str(error)
    except (RecursionError, MemoryError):
        return None
    return None
