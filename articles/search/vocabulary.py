"""The words of published articles, to find those that are spelled like a word that is in none.

They are kept in the table `articles_search_words`, in lower case, without accents and not stemmed. A word stays when
the last article that has it changes; `rebuild_search` removes it.
"""

import json
import re
import string
from collections.abc import Iterable

from django.db import connection

from publishing.database import replica

TABLE = "articles_search_words"
# What is worth a suggestion: shorter words are like too many others.
SHORTEST, LONGEST = 4, 30
# Of words with the same beginning.
COMPARED = 1000
# Not those with letters that stand for signs (words.py).
_WORD = re.compile(rf"[^\W\d_\U00020000-\U0010ffff]{{3,{LONGEST}}}")


def words_in(texts: Iterable[str]) -> set[str]:
    """The words to store of texts as they are indexed."""
    return {word for text in texts for word in text.lower().split() if _WORD.fullmatch(word)}


def add(words: set[str]) -> None:
    """Store those that are new. One statement; sorted, so that two at once do not wait for each other."""
    if not words:
        return
    given, rows = _list_of(sorted(words), connection)
    sql = f"""INSERT INTO {TABLE} (word) SELECT value FROM {rows}
        WHERE NOT EXISTS (SELECT 1 FROM {TABLE} WHERE word = value) ORDER BY value ON CONFLICT DO NOTHING"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [given])


def stored() -> set[str]:
    """All of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word FROM {TABLE}")  # noqa: S608
        return {word for (word,) in cursor.fetchall()}


def remove(words: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE word = %s", [[word] for word in words])  # noqa: S608


def known(words: Iterable[str]) -> set[str]:
    """Those of `words` that are stored. One query."""
    database = replica.connection()
    given, rows = _list_of(list(words), database)
    return _read(f"SELECT word FROM {TABLE} WHERE word IN (SELECT value FROM {rows})", given)  # noqa: S608


def like(word: str) -> list[str]:
    """Stored words that are spelled like `word`, the most similar first: with one mistake, or two if none has one.

    Two queries. All words with one mistake are looked up, as many as `word` has letters times 54; for two mistakes, at
    most `COMPARED` words with its first two letters and its last one are compared.
    """
    if not SHORTEST <= len(word) <= LONGEST:
        return []
    found = known(_with_one_mistake(word))
    if not found:
        start = word[:2]
        sql = f"""SELECT word FROM {TABLE} WHERE word > %s AND word < %s AND length(word) BETWEEN %s AND %s
            AND word LIKE %s LIMIT {COMPARED}"""  # noqa: S608
        ends = start, start[:-1] + chr(ord(start[-1]) + 1)
        rows = _read(sql, *ends, len(word) - 2, len(word) + 2, f"%{word[-1]}")
        letters = set(word)
        found = {row for row in rows if len(letters.symmetric_difference(row)) <= 4 and _are_near(word, row)}
    # Letters in another order are more often a mistake than others; the first one is seldom wrong.
    return sorted(found, key=lambda row: (sorted(row) != sorted(word), row[0] != word[0], row))


def _with_one_mistake(word: str) -> set[str]:
    letters = string.ascii_lowercase + "".join(set(word) - set(string.ascii_lowercase))
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {start + end[1:] for start, end in cuts if end}
    found |= {start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1}
    found |= {start + letter + end[1:] for start, end in cuts if end for letter in letters}
    found |= {start + letter + end for start, end in cuts for letter in letters}
    return found - {word}


def _are_near(one: str, other: str) -> bool:
    """Whether at most two letters differ: missing, added, replaced or exchanged with the next one."""
    earlier, above = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, second in enumerate(other, 1):
            steps = [above[column] + 1, line[-1] + 1, above[column - 1] + (letter != second)]
            if row > 1 < column and letter == other[column - 2] and one[row - 2] == second:
                steps.append(earlier[column - 2] + 1)
            line.append(min(steps))
        if min(line) > 2:
            return False
        earlier, above = above, line
    return above[-1] <= 2


def _list_of(words: list[str], database) -> tuple[object, str]:
    """The parameter, and the SQL of rows with a `value` each."""
    if database.vendor == "sqlite":
        return json.dumps(words), "json_each(%s) AS given"
    return words, "unnest(%s::text[]) AS given (value)"


def _read(sql: str, *parameters) -> set[str]:
    with replica.connection().cursor() as cursor:
        cursor.execute(sql, parameters)
        return {word for (word,) in cursor.fetchall()}
