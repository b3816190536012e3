"""Quizzes for tests."""

from itertools import count

from quizzes.kinds import rules_of
from quizzes.kinds.base import field_name
from quizzes.models import BankCategory, Choice, Question, Quiz
from quizzes.taking import papers, snapshots, tickets

_numbers = count(1)

RIGHT_AND_WRONG = (("Right", 100), ("Wrong", 0))
# For each kind a question that can be published: its choices and further fields.
EXAMPLES = {
    "single": (RIGHT_AND_WRONG, {}),
    "multiple": ((("Both", 50), ("And", 50), ("Neither", 0)), {}),
    "true_false": ((("True", 100), ("False", 0)), {}),
    "short_answer": ((("yield", 100, "Just so."), ("return", 0, "That ends it.")), {"matching": "case"}),
    "numeric": ((({"text": "3.14", "tolerance": "0.01"}, 100), ("*", 0, "Not that.")), {}),
    "ordering": ((("First", 0), ("Second", 0), ("Third", 0)), {}),
    "matching": (
        (({"text": "list", "pair": "[]"}, 0), ({"text": "dict", "pair": "{}"}, 0), ({"pair": "<>"}, 0)),
        {},
    ),
    "cloze": (
        (({"text": "for", "blank": 1}, 100), ({"text": "in", "blank": 2}, 100)),
        {"stem": "Fill it.\n\n```python\n[[1]] x [[2]] range(3):\n    print(x)\n```", "matching": "python"},
    ),
    "output": (
        (),
        {"program": "print(1 + 1)", "language": "python", "recorded_output": "2\n", "interpreter": "CPython"},
    ),
}


def make_question(quiz=None, kind="single", choices=None, **fields):
    """A question, placed in `quiz` at the end; `choices` are (text or fields, weight) or (…, weight, feedback)."""
    number = next(_numbers)
    example, more = EXAMPLES[kind]
    position = fields.pop("position", None)
    fields = {"stem": f"Stem {number}", "explanation": f"Because {number}."} | more | fields
    category = fields.pop("category", None) or BankCategory.objects.get_or_create(path="Tests")[0]
    question = Question(kind=kind, category=category, **fields)
    if kind == "output":
        question.record(question.recorded_output, question.interpreter)
    question.save()
    for place, (text, weight, *feedback) in enumerate(example if choices is None else choices, 1):
        given = text if isinstance(text, dict) else {"text": text}
        row = {"question": question, "weight": weight, "feedback": "".join(feedback), "position": place} | given
        Choice.objects.create(**row)
    if quiz is not None:
        quiz.place(question, position)
    return question


def make_quiz(*, questions=2, articles=(), published=True, kinds=(), **fields):
    """A quiz with that many single-choice questions and one of each of `kinds`, published unless told otherwise."""
    number = next(_numbers)
    quiz = Quiz.objects.create(**({"title": f"Quiz {number}", "slug": f"quiz-{number}"} | fields))
    quiz.articles.set(articles)
    for _ in range(questions):
        make_question(quiz)
    for kind in kinds:
        make_question(quiz, kind)
    if published:
        quiz.publish(by=None)
    return quiz


def make_paper(quiz, edition=None, ticket=None):
    """The paper that everybody gets, or that of a ticket."""
    edition = edition or quiz.current_edition
    return papers.Paper(snapshots.edition(edition.pk), ticket or tickets.Ticket(edition.pk))


def paper_data(quiz, *answers, edition=None, ticket=None, **extra):
    """What a browser sends: the ticket, and for the n-th question on the paper the n-th of `answers`.

    An answer is a text, or a tuple of texts: those of the choices, of the items in their order, of the right sides for
    the left sides in the author's order, of the blanks. What is typed is sent as it is. None: unanswered.
    """
    paper = make_paper(quiz, edition, ticket)
    data = {"ticket": paper.ticket.sealed()}
    for question, wanted in zip(paper.questions, answers, strict=False):
        texts = (wanted,) if isinstance(wanted, str) else wanted or ()
        data |= _fields(paper, question, texts)
    return data | extra


def _fields(paper, question, texts):
    name, rules = field_name(question), rules_of(question["kind"])
    if rules.is_typed and not rules.has_blanks:
        return {name: list(texts)}
    if question["kind"] == "cloze":
        return dict(zip(paper.field_names(question), texts, strict=False))
    if question["kind"] == "matching":
        lefts = [choice for choice in question["choices"] if choice["html"]]
        rights = {
            choice["pair"]: paper.token(question, choice, "right") for choice in rules.right_sides(question, paper)
        }
        return {
            field_name(question, paper.token(question, left)): rights[text]
            for left, text in zip(lefts, texts, strict=False)
        }
    tokens = [(choice["html"], paper.token(question, choice)) for choice in question["choices"]]
    if question["kind"] == "ordering":
        return {name: [token for text in texts for html, token in tokens if text in html]}
    return {name: [token for html, token in tokens if any(text in html for text in texts)]}
