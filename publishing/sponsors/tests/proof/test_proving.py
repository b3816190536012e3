"""The command in a real Chromium, on the served demo, and what the desk says of its result."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from publishing.sponsors.models import Key, Proof, Slot, Source
from publishing.sponsors.proof import state
from publishing.sponsors.tests.factories import fill, make_list
from publishing.tests.factories import make_user

PROOF = "p = Proof.objects.first(); print(json.dumps([p.key, p.browser, p.is_passed, p.cases]))"
# A box that grows with what comes into it.
GROWING = """
from publishing.sponsors.proof import proving
real = proving.sent
STYLE = b'<style>.slot > div { height: auto; min-height: 250px } .slot ins { position: static }</style></head>'
def growing(answer):
    status, headers, body = real(answer)
    return status, headers, body.replace(b'</head>', STYLE)
proving.sent = growing
try:
    [result] = proving.prove(["article-end"])
finally:
    proving.sent = real
print(*(f"{case.width} {case.outcome}: {case.problem}" for case in result.cases if case.problem), sep="\\n")
"""


def test_a_slot_is_measured_in_every_case_and_the_proof_is_stored(site, browser):
    before = site.run("print(list(Slot.objects.values()), ArticleCounts.objects.values_list('views').count())")
    printed = site.manage("prove_slots", "article-end")
    key, name, is_passed, cases = json.loads(site.run("import json\n" + PROOF))

    assert "article-end: 15 cases on /articles/" in printed and "shift 0, each box kept its size" in printed
    assert (key, is_passed) == ("article-end", True)
    assert name == f"Chromium {browser.version.partition('.')[0]}"
    assert {(case["width"], case["outcome"]) for case in cases} == {
        (width, outcome)
        for width in (360, 768, 1280)
        for outcome in ("placeholder", "small", "large", "none", "blocked")
    }
    assert all(case["shift"] == 0 and case["first"] == case["last"] and case["first"] for case in cases)
    assert site.run("print(list(Slot.objects.values()), ArticleCounts.objects.values_list('views').count())") == before


def test_a_box_that_grows_is_found_out(site, browser):
    del browser
    found = site.run(GROWING)

    assert "360 large: shift " in found or "360 large: the box was " in found
    assert "placeholder" not in found


def refused(*arguments):
    with pytest.raises(CommandError) as error:
        call_command("prove_slots", *arguments, stdout=StringIO())
    return error.value.returncode, str(error.value)


def test_without_a_browser_it_says_how_to_get_one(db, monkeypatch):
    make_list()
    monkeypatch.setenv("PATH", "/nowhere")

    code, said = refused("list")

    assert code == 3
    assert "apt install chromium-headless-shell" in said


def test_a_slot_that_no_page_has_is_not_proven(db):
    fill("list", "off", pages="/nowhere/")

    assert refused("list") == (2, "No page has the slot list.")


def proof_of(slot, **fields):
    cases = [{"width": 360, "outcome": "large", "problem": ""}] * 15
    known = {"key": slot.key, "browser": "Chromium 140", "digest": state.digest_of(slot), "is_passed": True}
    return Proof.objects.create(**known | {"cases": cases, "made_at": "2026-11-27T12:00:00Z"} | fields)


@pytest.fixture
def desk(client, db):
    client.force_login(make_user("owner"))
    return client


def words_of(desk, slot):
    """What the list and the form say, which is the same."""
    form = desk.get(f"/admin/sponsors/slot/{slot.pk}/change/").text
    sentence = state.in_words_of(slot, state.latest(slot.key))
    assert sentence in form
    assert sentence in desk.get("/admin/sponsors/slot/").text
    return sentence


def test_the_desk_says_when_a_slot_was_proven_and_when_that_is_out_of_date(desk):
    slot, _ = Slot.objects.update_or_create(key=Key.ARTICLE_END, defaults={"source": Source.PREVIEW})
    assert words_of(desk, slot) == "Not proven: run “manage.py prove_slots”."

    proof_of(slot)
    assert words_of(desk, slot) == "Proven 27 November 2026, Chromium 140: 15 cases, shift 0."

    slot.sizes = {"phone": [[320, 100]]}
    slot.save()
    assert words_of(desk, slot).startswith("Out of date since its sizes or its style changed; proven 27 November 2026")

    moved = {"width": 360, "outcome": "large", "problem": "shift 0.2"}
    proof_of(slot, is_passed=False, cases=[moved, moved], made_at="2026-11-28T12:00:00Z")
    assert words_of(desk, slot) == "Moves the page in 2 of 2 cases: 28 November 2026, Chromium 140."
