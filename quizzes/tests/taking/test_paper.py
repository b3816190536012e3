import json
import re

import pytest
from django.test import Client

from publishing.tests.factories import make_article
from quizzes.models import Choice
from quizzes.taking.tickets import Ticket
from quizzes.tests.factories import make_paper, make_question, make_quiz

pytestmark = pytest.mark.django_db


def get(client, quiz):
    return client.get(quiz.get_absolute_url()).content.decode()


def test_a_paper_asks_every_question_with_native_controls(client):
    article = make_article(title="Forty lines")
    quiz = make_quiz(questions=0, published=False, title="Routing", articles=[article], difficulty="beginner")
    make_question(quiz, stem="What does a *route* connect?")
    make_question(quiz, "multiple", [("Path", 50), ("Method", 50), ("Template", 0)])
    make_question(quiz, "true_false", [("True", 0), ("False", 100)])
    quiz.publish(by=None)

    page = " ".join(get(client, quiz).split())

    assert '<h1 dir="auto">Routing</h1>' in page
    assert f'from <a href="{article.get_absolute_url()}">“Forty lines”</a>' in page
    assert "3 questions. No time limit, no" in " ".join(page.split())
    assert "<small>Question 1 · choose one</small> <bdi>What does a <em>route</em> connect?</bdi></legend>" in page
    assert "Question 2 · choose all that apply" in page
    assert (page.count("<fieldset"), page.count('type="radio"'), page.count('type="checkbox"')) == (3, 4, 3)
    assert f'name="ticket" value="{Ticket(quiz.current_edition.pk).sealed()}"' in page


def test_no_byte_of_the_paper_tells_the_answer(client):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, "multiple", [("A", "70", "Feedback-A"), ("B", "30"), ("C", "-31.25")], explanation="Secret-why")
    quiz.publish(by=None)

    response = client.get(quiz.get_absolute_url())

    everything = response.content.decode() + str(response.headers)
    for secret in ("Feedback-A", "Secret-why", "31.25", "weight", "acceptedAnswer"):
        assert secret not in everything
    values = re.findall(r'<input type="checkbox"[^>]*\svalue="([^"]*)"', everything)
    assert len(values) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", value) for value in values)


def test_the_paper_differs_only_in_tokens_and_order_whichever_choice_is_right(client):
    """Two quizzes that differ in nothing but their key have pages of the same shape."""
    pages = []
    for weights in ((100, 0, 0), (0, 0, 100)):
        quiz = make_quiz(questions=0, published=False, title="Same")
        make_question(quiz, choices=list(zip("abc", weights, strict=True)), stem="Which?")
        quiz.publish(by=None)
        page = re.sub(r"<main.*?</h1>", "", get(client, quiz), flags=re.DOTALL)
        page = page[page.index("<form class") : page.index("</form>")]
        page = re.sub(r'name="ticket" value="[^"]+"|data-edition="\d+"', "", page)
        page = re.sub(r'value="[0-9a-f]{16}"', "", re.sub(r"quiz-\d+|quiz:\d+:|q\d+", "", page))
        pages.append(re.sub(r'<span dir="auto">[abc]</span>', "<span></span>", page))

    assert pages[0] == pages[1]


def test_the_paper_is_the_same_for_everyone_and_may_be_kept(post_from_site):
    quiz = make_quiz()
    first, second = Client().get(quiz.get_absolute_url()), Client(headers={"cookie": "reader=x; sessionid=y"})
    post_from_site(quiz.get_absolute_url(), {})

    again = second.get(quiz.get_absolute_url())

    assert first.content == again.content
    assert not again.cookies
    assert again.headers["Cache-Control"].startswith("public")
    assert f"paper:{quiz.pk}" in again.headers["Cache-Tag"]


def test_choices_stand_in_an_order_that_has_nothing_to_do_with_the_key():
    quiz = make_quiz(questions=0, published=False)
    for _ in range(40):
        make_question(quiz, choices=[("Right", 100), ("b", 0), ("c", 0), ("d", 0)])
    edition = quiz.publish(by=None)

    papers = [make_paper(quiz, edition) for _ in range(2)]
    places = [[choice["weight"] for choice in papers[0].choices(q)].index("100") for q in papers[0].questions]

    # Forty keyed shuffles: each of the four places is expected ten times and practically never less than twice.
    assert all(places.count(place) >= 2 for place in range(4))
    assert places == [[choice["weight"] for choice in papers[1].choices(q)].index("100") for q in papers[1].questions]


def test_pinned_choices_and_true_and_false_keep_their_order(client):
    quiz = make_quiz(questions=0, published=False)
    pinned = [(f"Option {number}", 100 if number == 9 else 0) for number in range(10)]
    make_question(quiz, choices=pinned, shuffle=False)
    for _ in range(6):
        make_question(quiz, "true_false", [("True", 100), ("False", 0)])
    quiz.publish(by=None)

    page = get(client, quiz)

    assert re.findall(r'<span dir="auto">(Option \d)</span>', page) == [f"Option {number}" for number in range(10)]
    assert re.findall(r'<span dir="auto">(True|False)</span>', page) == ["True", "False"] * 6


def test_a_token_depends_on_edition_question_choice_side_and_secret():
    paper = make_paper(make_quiz(questions=1, kinds=["matching"]))
    single, matching = paper.questions
    other = make_paper(make_quiz(questions=1), ticket=None)
    elsewhere = make_paper(make_quiz(questions=1))
    renamed = Ticket(paper.edition.pk, secret="another")

    tokens = [paper.token(single, choice) for choice in single["choices"]]
    tokens += [paper.token(matching, choice, side) for choice in matching["choices"] for side in ("choice", "right")]
    tokens += [other.token(other.questions[0], choice) for choice in other.questions[0]["choices"]]
    tokens += [elsewhere.token(single, single["choices"][0])]
    tokens += [type(paper)(paper.edition, renamed).token(single, single["choices"][0])]

    assert len(set(tokens)) == len(tokens)
    assert all(re.fullmatch("[0-9a-f]{16}", token) for token in tokens)


def test_code_in_stem_and_choices_is_valid_and_described(client):
    quiz = make_quiz(questions=0, published=False)
    listing = "```python\nprint(1)\n```"
    make_question(quiz, choices=[(listing, 100), ("`1`", 0)], stem=f"What prints?\n\n{listing}", shuffle=False)
    quiz.publish(by=None)

    page = get(client, quiz)

    legend = re.search(r"<legend>(.*?)</legend>", page, re.DOTALL)[1]
    assert legend.endswith("What prints?</bdi>")
    assert "<p" not in legend and "<pre" not in legend
    described = re.search(r'<fieldset[^>]*aria-describedby="([^"]+)"', page)[1]
    assert re.search(rf'<div class="stem prose" id="{described}" dir="auto"><pre', page)
    for label in re.findall(r"<label.*?</label>", page, re.DOTALL):
        assert "<p>" not in label and "<pre" not in label
    block = re.search(r'id="c(\w{16})" aria-describedby="t\1"', page)
    assert f'<label for="c{block[1]}">Answer 1</label>' in page


def test_structured_data_names_the_quiz_and_no_answer(client):
    article = make_article(title="</script>Forty lines")
    quiz = make_quiz(title="Routing", articles=[article], difficulty="advanced", summary="On paths.")

    page = get(client, quiz)

    found = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    (data,) = [entry for entry in found if entry["@type"] == "Quiz"]
    assert (data["name"], data["educationalLevel"]) == ("Routing", "Advanced")
    assert data["isBasedOn"] == [f"http://testserver{article.get_absolute_url()}"]
    assert data["about"][0]["name"] == article.title
    assert not {"hasPart", "acceptedAnswer", "suggestedAnswer"} & set(data)


def test_readers_see_the_edition_and_not_what_editors_are_writing(client):
    quiz = make_quiz()
    Choice.objects.filter(text="Right").update(text="Unpublished words")

    assert "Unpublished words" not in get(client, quiz)


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_published_any_more_says_so(client, post_from_site, status):
    quiz = make_quiz()
    quiz.status = status
    quiz.save()

    assert client.get(quiz.get_absolute_url()).status_code == 410
    assert post_from_site(quiz.get_absolute_url(), {}).status_code == 410


def test_a_draft_of_an_article_is_not_named(client):
    quiz = make_quiz(articles=[make_article(status="draft", title="Not out yet")])

    assert "Not out yet" not in get(client, quiz)


def test_two_questions_cost_as_many_queries_as_twelve(client, count_queries):
    counts = []
    for number in (2, 12):
        quiz = make_quiz(questions=number, articles=[make_article() for _ in range(number)])
        client.get(quiz.get_absolute_url())
        with count_queries() as queries:
            client.get(quiz.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 5
