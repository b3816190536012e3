"""The pages about maintenance in the admin, as people use them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from publishing.maintenance import switch
from publishing.maintenance.announcements import announce, end
from publishing.maintenance.desk import undo, words
from publishing.maintenance.models import Change, Window
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/maintenance/window/"
PLAN, PAST, UNDO = f"{LIST}add/", f"{LIST}past/", f"{LIST}undo/"
USUAL = ["articles", "comments", "feeds", "previews", "search"]


@pytest.fixture
def owner(client):
    user = make_user("owner")
    client.force_login(user)
    return user


def moment_fields(name, moment):
    moment = timezone.localtime(moment) if moment else None
    return {
        f"{name}_0": f"{moment:%Y-%m-%d}" if moment else "",
        f"{name}_1": f"{moment:%H:%M:%S}" if moment else "",
    }


def fields(state="banner", starts=None, lasts="open", ends=None, **others):
    now = timezone.now()
    values = {
        "state": state,
        "length": lasts,
        "announce_before": "0",
        "announce_hours": "",
        "sentence": "",
        "announcement": "",
        "reason": "",
        "groups": USUAL,
    }
    values |= moment_fields("starts_at", None if starts is None else now + starts)
    values |= moment_fields("ends_at", None if ends is None else now + ends)
    return values | others


def hidden(response):
    """What the form for confirming sends."""
    form = response.text[response.text.index('name="digest"') - 200 :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(unescape(value))
    return found


def confirm(client, values, address=PLAN):
    shown = client.post(address, values)
    assert shown.status_code == 200, shown.context["form"].errors.as_text()
    return client.post(address, hidden(shown) | {"action": "confirm"}, follow=True)


def errors(response):
    return response.context["form"].errors.as_text()


def test_nothing_is_stored_before_it_is_confirmed(client, owner):
    for state in ("announced", "banner", "read-only", "closed"):
        assert client.get(f"{LIST}plan/{state}/").status_code == 200
    shown = client.post(PLAN, fields("closed", lasts="60"))

    assert "503" in shown.text and "200 → 503" in shown.text
    assert not Window.objects.exists() and not Change.objects.exists()


def test_who_announces_gets_a_form_that_announces(client, owner):
    announced = client.get(f"{LIST}plan/announced/")
    closed = client.get(f"{LIST}plan/closed/")

    assert announced.context["form"]["announce_before"].value() == "1440"
    assert closed.context["form"]["announce_before"].value() == "0"


def test_the_calendar_of_the_form_speaks_the_language_of_the_desk(client, owner):
    page = client.get(PLAN).text

    assert page.index('src="/admin/jsi18n/"') < page.index("DateTimeShortcuts")


def test_confirming_begins_the_window_and_logs_who_and_why(client, owner):
    old = announce("read-only")

    page = confirm(client, fields(sentence="A new disk.", reason="Ticket 12"))

    window = Window.objects.active().get()
    assert (window.state, window.sentence, window.created_by) == ("banner", "A new disk.", owner)
    old.refresh_from_db()
    assert old.is_over
    assert [entry.change_message for entry in LogEntry.objects.filter(object_id=window.pk)] == ["Announced"]
    change = Change.objects.filter(window=window).get()
    assert (change.made_by, change.from_state, change.to_state, change.reason) == (
        owner, "read-only", "banner", "Ticket 12",
    )  # fmt: skip
    assert "Now: Banner" in page.text and "Ticket 12" in page.text and "owner" in page.text


def test_what_the_new_window_ends_is_named_before_it_is_confirmed(client, owner):
    old = announce("banner", reason="Works")

    assert str(old) in client.post(PLAN, fields("closed", lasts="60")).text


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        (fields("closed", lasts="until"), "ends_at", "Enter the end"),
        (fields("closed", lasts="until", ends=timedelta(hours=25)), "ends_at", "24 hours at most"),
        (fields(lasts="until", ends=timedelta(hours=-1)), "ends_at", "after the start"),
        (fields(lasts="until", ends=timedelta(days=36_525)), "ends_at", "31 days at most"),
        (fields(lasts="60", ends=timedelta(hours=3)), "ends_at", "Leave this empty"),
        (fields(starts=timedelta(days=36_525), lasts="60"), "starts_at", "two years ahead"),
        (fields("read-only", lasts="until", ends=timedelta(days=8)), "ends_at", "7 days at most"),
        (fields(starts=timedelta(days=800)), "starts_at", "two years ahead"),
        (fields(starts=timedelta(days=-2)), "starts_at", "more than a day ago"),
        (fields(starts=timedelta(hours=3)), "__all__", "overlaps"),
        (fields(announce_before="other"), "announce_hours", "how many hours"),
        (fields(announce_before="other", announce_hours="-3"), "announce_hours", "greater than"),
        (fields(announce_before="other", announce_hours="8000"), "announce_before", "31 days before at most"),
        (fields(groups=[]), "groups", "required"),
        (fields(groups=["admin"]), "groups", "not one of the available choices"),
        (fields("off"), "state", "not one of the available choices"),
        (fields(lasts="١"), "length", "not one of the available choices"),
        (fields(sentence="x" * 201), "sentence", "at most 200"),
        (fields(starts_at_0="2026-02-30", starts_at_1="10:00"), "starts_at", "valid date"),
    ],
)
def test_what_makes_no_sense_is_explained_beside_its_field_and_what_was_typed_is_kept(
    client, owner, values, field, words
):
    coming = announce(
        "banner", starts_at=timezone.now() + timedelta(hours=4), ends_at=timezone.now() + timedelta(days=2)
    )

    response = client.post(PLAN, values | {"reason": "Ticket <12>"})

    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
    assert 'value="Ticket &lt;12&gt;"' in response.text
    assert list(Window.objects.all()) == [coming]


def test_back_to_the_form_keeps_what_was_typed(client, owner):
    values = fields("read-only", lasts="240", sentence="A new disk.", groups=["feeds"])

    back = client.post(PLAN, hidden(client.post(PLAN, values)) | {"action": "edit"})

    assert back.status_code == 200
    form = back.context["form"]
    assert {name: form[name].value() for name in ("state", "length", "sentence", "groups")} == {
        "state": "read-only", "length": "240", "sentence": "A new disk.", "groups": ["feeds"],
    }  # fmt: skip
    assert not Window.objects.exists()


def test_a_confirmation_of_what_somebody_else_has_changed_is_shown_again(client, owner):
    first = hidden(client.post(PLAN, fields("closed", lasts="60")))
    second = hidden(client.post(PLAN, fields("banner")))
    client.post(PLAN, second | {"action": "confirm"})

    refused = client.post(PLAN, first | {"action": "confirm"})

    assert refused.status_code == 409
    assert "Somebody changed maintenance" in refused.text and "Banner → Closed" in refused.text
    assert [window.state for window in Window.objects.active()] == ["banner"]
    client.post(PLAN, hidden(refused) | {"action": "confirm"})
    assert [window.state for window in Window.objects.active()] == ["closed"]


def test_a_form_that_was_open_while_somebody_else_changed_maintenance_says_so(client, owner):
    window = announce("closed", ends_at=timezone.now() + timedelta(hours=1))
    address = f"{LIST}{window.pk}/change/"
    opened = sent_as_shown(client, address) | {"digest": client.get(address).context["digest"]}
    confirm(client, {"minutes": "120"}, f"{LIST}{window.pk}/extend/")

    shown = client.post(address, opened | {"sentence": "A new disk."})

    assert shown.status_code == 409 and "Somebody changed maintenance" in shown.text
    back = client.post(address, hidden(shown) | {"action": "edit"})
    again = client.post(address, sent_as_shown(client, address) | {"digest": back.context["digest"]})
    assert again.status_code == 200, "who has been told is not told again"


def test_quizzes_stay_open_unless_they_are_chosen(client, owner):
    shown = client.get(PLAN)
    assert set(shown.context["form"]["groups"].value()) == set(USUAL)

    confirm(client, fields("closed", lasts="60"))
    assert Client().get("/quizzes/").status_code == 200
    confirm(client, fields("closed", lasts="60", groups=[*USUAL, "quizzes"]))
    assert Client().get("/quizzes/").status_code == 503


def test_a_planned_window_is_announced_and_can_be_changed_and_called_off(client, owner):
    confirm(client, fields("closed", timedelta(days=1), "60", announce_before="4320", announcement="Soon."))
    window = Window.objects.get()
    page = client.get(LIST).text
    assert window.announce_before == timedelta(days=3)
    assert "Now: Announced" in page and "Soon." in page and "Call off" in page

    address = f"{LIST}{window.pk}/change/"
    initial = client.get(address).context["form"]
    assert (initial["length"].value(), initial["announce_before"].value()) == ("until", "4320")
    confirm(client, fields("read-only", timedelta(days=2), "240"), address)
    window.refresh_from_db()
    assert (window.state, window.ends_at - window.starts_at) == ("read-only", timedelta(hours=4))

    assert "It is ended." in confirm(client, {}, f"{LIST}{window.pk}/end/").text
    assert not Window.objects.not_over().exists()
    assert "Nothing was ended" in client.post(f"{LIST}{window.pk}/end/", follow=True).text


def test_why_it_is_extended_and_ended_is_in_the_log(client, owner):
    window = announce("closed", ends_at=timezone.now() + timedelta(hours=1), reason="A new disk")

    confirm(client, {"minutes": "60", "reason": "It is slower than thought"}, f"{LIST}{window.pk}/extend/")
    client.post(f"{LIST}{window.pk}/end/", {"reason": "x" * 201})
    assert Window.objects.not_over().exists()
    confirm(client, {"reason": "All is well"}, f"{LIST}{window.pk}/end/")

    assert [change.reason for change in Change.objects.all()][:2] == ["All is well", "It is slower than thought"]
    assert all(reason in client.get(f"{LIST}past/").text for reason in ("All is well", "It is slower than thought"))


def test_an_active_window_can_be_amended_but_not_turned_into_another(client, owner):
    window = announce("banner")

    confirm(client, fields("closed", lasts="open", sentence="Nearly done."), f"{LIST}{window.pk}/change/")

    window.refresh_from_db()
    assert (window.state, window.sentence) == ("banner", "Nearly done.")


def test_a_change_is_logged_with_the_reason_that_was_given_for_it(client, owner):
    window = announce("banner", reason="Ticket 12")

    confirm(client, fields("banner", lasts="open", reason="Ticket 13"), f"{LIST}{window.pk}/change/")

    assert [change.reason for change in window.changes.order_by("pk")] == ["Ticket 12", "Ticket 13"]


def sent_as_shown(client, address):
    """What the form of a window sends if nobody changes anything."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    for name in ("starts_at", "ends_at"):
        values |= moment_fields(name, values.pop(name))
    return {name: "" if value is None else value for name, value in values.items()}


def test_a_window_that_began_at_once_can_get_another_length(client, owner):
    """Its end has fractions of a second, which the form does not show."""
    confirm(client, fields("closed", lasts="60"))
    window = Window.objects.get()
    address = f"{LIST}{window.pk}/change/"

    confirm(client, sent_as_shown(client, address) | {"length": "240"}, address)

    window.refresh_from_db()
    assert window.ends_at == window.starts_at.replace(microsecond=0) + timedelta(hours=4)


@pytest.mark.parametrize("notice", [timedelta(minutes=20), timedelta(hours=23, minutes=43, seconds=7)])
def test_a_notice_of_odd_length_stays_what_it_is_unless_it_is_changed(client, owner, notice):
    """As the command line announces: from now on."""
    starts_at = timezone.now().replace(microsecond=0) + notice
    window = announce("closed", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), announce_before=notice)
    address = f"{LIST}{window.pk}/change/"

    confirm(client, sent_as_shown(client, address) | {"sentence": "A new disk."}, address)
    window.refresh_from_db()
    assert (window.sentence, window.announce_before) == ("A new disk.", notice)

    confirm(client, sent_as_shown(client, address) | {"announce_hours": "2"}, address)
    window.refresh_from_db()
    assert window.announce_before == timedelta(hours=2)


def test_the_end_is_moved_by_a_button_and_never_beyond_the_longest(client, owner):
    window = announce("closed", ends_at=timezone.now() + timedelta(hours=22))
    before = window.ends_at

    confirm(client, {"minutes": "60"}, f"{LIST}{window.pk}/extend/")
    window.refresh_from_db()
    assert window.ends_at == before + timedelta(hours=1)
    assert "24 hours at most" in client.post(f"{LIST}{window.pk}/extend/", {"minutes": "120"}, follow=True).text
    for wrong in ("", "-30", "1000000", "٣٠"):
        client.post(f"{LIST}{window.pk}/extend/", {"minutes": wrong})
    window.refresh_from_db()
    assert window.ends_at == before + timedelta(hours=1)


def test_an_end_and_an_extension_say_what_they_do_before_they_are_confirmed(client, owner):
    window = announce("closed", ends_at=timezone.now() + timedelta(hours=1))
    before, end_of_it = states(), f"{LIST}{window.pk}/end/"

    shown = client.post(end_of_it, {"reason": "All is well"})
    assert "Closed → Off" in shown.text and "503 → 200" in shown.text and "All is well" in shown.text
    assert "Back to the form" not in shown.text
    longer = client.post(f"{LIST}{window.pk}/extend/", {"minutes": "120"})
    assert "Closed → Closed" in longer.text and "503 → 200" not in longer.text
    assert words.moment(window.ends_at + timedelta(hours=2)) in longer.text
    assert states() == before and Change.objects.count() == 1

    confirm(client, {"minutes": "30"}, f"{LIST}{window.pk}/extend/")
    refused = client.post(end_of_it, hidden(shown) | {"action": "confirm"})
    assert refused.status_code == 409 and "Somebody changed maintenance" in refused.text
    assert states() == [("closed", window.ends_at + timedelta(minutes=30))]
    client.post(end_of_it, hidden(refused) | {"action": "confirm"})
    assert states() == []


def test_what_is_over_stays_as_it_was_and_nothing_is_deleted(client, owner):
    window = announce("banner", sentence="As it was.")
    end()

    assert client.get(f"{LIST}{window.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{window.pk}/change/", fields(sentence="Rewritten.")).status_code == 403
    assert client.post(f"{LIST}{window.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(LIST, {"action": "delete_selected"}).status_code == 405
    assert Window.objects.get().sentence == "As it was."


def test_only_a_post_changes_anything(client, owner):
    window = announce("banner", ends_at=timezone.now() + timedelta(hours=2))
    before = list(Window.objects.values()), Change.objects.count()

    for address in (f"{LIST}{window.pk}/end/", f"{LIST}{window.pk}/extend/?minutes=60", UNDO):
        assert client.get(address).status_code == 405
    for address in (LIST, PAST, f"{PLAN}?action=confirm", f"{LIST}plan/closed/", f"{LIST}{window.pk}/change/"):
        assert client.get(address).status_code == 200
    assert (list(Window.objects.values()), Change.objects.count()) == before
    assert client.get(f"{LIST}plan/off/").status_code == 404


def test_who_may_only_look_sees_the_state_and_no_buttons(client):
    user = make_user("moderator")
    user.user_permissions.add(Permission.objects.get(codename="view_window"))
    client.force_login(user)
    window = announce("banner", ends_at=timezone.now() + timedelta(hours=2))

    page = client.get(LIST)

    assert "Now: Banner" in page.text
    assert "End now" not in page.text and "Extend" not in page.text and "plan/closed/" not in page.text
    for address in (PLAN, f"{LIST}{window.pk}/end/", f"{LIST}{window.pk}/extend/", UNDO):
        assert client.post(address, fields()).status_code == 403
    assert client.get(f"{LIST}{window.pk}/change/").status_code == 200
    assert Window.objects.active().get() == window


def test_a_form_of_another_site_changes_nothing():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("owner"))
    window = announce("banner")

    for address in (PLAN, f"{LIST}{window.pk}/end/", f"{LIST}{window.pk}/extend/", UNDO):
        assert (
            browser.post(address, fields(action="confirm"), headers={"sec-fetch-site": "cross-site"}).status_code == 403
        )
    assert Window.objects.active().get() == window


def test_a_closed_site_does_not_lock_out_who_can_open_it(client, owner):
    window = announce("closed", ends_at=timezone.now() + timedelta(hours=1))

    confirm(client, {}, f"{LIST}{window.pk}/end/")

    assert client.get("/robots.txt").wsgi_request.maintenance.state == "off"


# --- taking back ---


def states():
    return [(window.state, window.ends_at) for window in Window.objects.not_over().order_by("starts_at")]


def test_a_switch_can_be_undone_and_what_it_ended_goes_on(client, owner):
    until = timezone.now() + timedelta(hours=5)
    announce("banner", ends_at=until, reason="Works")

    page = confirm(client, fields("closed", lasts="60"))
    assert "Undo the last change" in page.text
    assert "The last change is undone." in client.post(UNDO, follow=True).text

    assert states() == [("banner", until)]
    assert Window.objects.active().get().reason == "Works"
    assert "Undo the last change" not in client.get(LIST).text


def test_an_end_and_an_extension_can_be_undone(client, owner):
    until = timezone.now() + timedelta(hours=5)
    window = announce("read-only", ends_at=until)
    confirm(client, {"minutes": "120"}, f"{LIST}{window.pk}/extend/")
    client.post(UNDO)
    assert states() == [("read-only", until)]

    confirm(client, {}, f"{LIST}{window.pk}/end/")
    assert states() == []
    client.post(UNDO)
    assert states() == [("read-only", until)]


def test_nothing_is_undone_after_somebody_else_has_changed_it_or_too_late(client, owner, monkeypatch):
    confirm(client, fields("banner"))
    announce("read-only")

    assert "Nothing was undone" in client.post(UNDO, follow=True).text
    assert Window.objects.active().get().state == "read-only"
    confirm(client, fields("banner"))
    monkeypatch.setattr(undo, "SECONDS", -1)
    assert "Nothing was undone" in client.post(UNDO, follow=True).text
    assert Window.objects.active().get().state == "banner"


# --- the history ---


def rows(response):
    cells = re.findall(r"<td>(.*?)</td>", response.text, re.DOTALL)
    words = [" ".join(unescape(re.sub("<[^>]+>", "", cell)).split()) for cell in cells]
    return [words[start + 1 : start + 5] for start in range(0, len(words), 5)]


def test_the_history_has_what_people_did_and_what_the_clock_did(client, owner, time_machine):
    time_machine.move_to("2026-06-01T12:00:00Z", tick=False)
    client.force_login(owner)
    start = timezone.now() + timedelta(hours=1)
    announce("read-only", by=owner, starts_at=start, ends_at=start + timedelta(hours=1), reason="A new disk")
    time_machine.move_to("2026-06-01T15:00:00Z", tick=False)
    announce("banner")
    end(reason="It was short")

    assert rows(client.get(PAST)) == [
        ["Ended", "Banner → Off", "the command line", "It was short"],
        ["Began", "Off → Banner", "the command line", ""],
        ["Ended", "Read-only → Off", "by the clock", "A new disk"],
        ["Began", "Off → Read-only", "by the clock", "A new disk"],
        ["Announced", "Off → Off", owner.get_username(), "A new disk"],
    ]
    assert [row[2] for row in rows(client.get(PAST, {"who": "clock"}))] == ["by the clock"] * 2
    assert [row[2] for row in rows(client.get(PAST, {"who": str(owner.pk)}))] == [owner.get_username()]
    assert [row[1] for row in rows(client.get(PAST, {"to": "banner"}))] == ["Off → Banner"]
    for nonsense in ({"who": "x"}, {"to": "<b>"}, {"page": "-1"}, {"page": "9" * 30}, {"who": "١"}):
        assert client.get(PAST, nonsense).status_code == 200


def test_an_open_window_that_was_to_make_way_is_ended_by_the_clock_also_if_the_other_is_called_off(
    client, owner, time_machine
):
    time_machine.move_to("2026-06-01T12:00:00Z", tick=False)
    client.force_login(owner)
    announce("banner", reason="Works")
    start = timezone.now() + timedelta(hours=1)
    coming = announce("closed", starts_at=start, ends_at=start + timedelta(hours=1))
    time_machine.move_to("2026-06-01T12:30:00Z", tick=False)
    end(windows=Window.objects.filter(pk=coming.pk))
    assert ["Ended", "Banner → Off", "by the clock", "Works"] not in rows(client.get(PAST))
    time_machine.move_to("2026-06-01T15:00:00Z", tick=False)
    client.force_login(owner)

    assert rows(client.get(PAST))[0] == ["Ended", "Banner → Off", "by the clock", "Works"]
    announce("banner")
    start = timezone.now() + timedelta(hours=1)
    announce("closed", starts_at=start, ends_at=start + timedelta(hours=1))
    time_machine.move_to("2026-06-01T16:30:00Z", tick=False)
    client.force_login(owner)
    assert [row[:3] for row in rows(client.get(PAST))][:3] == [
        ["Began", "Off → Closed", "by the clock"], ["Announced", "Banner → Banner", "the command line"],
        ["Gets an end", "Banner → Banner", "the command line"],
    ], "the beginning of the other says it"  # fmt: skip


def test_the_pages_cost_the_same_for_two_windows_and_for_fifty(client, owner, count_queries):
    counts = []
    for number in (2, 50):
        while Window.objects.count() < number:
            announce("banner", by=owner)
        found = []
        for address in (LIST, PAST):
            client.get(address)
            with count_queries() as queries:
                client.get(address)
            found.append(len(queries))
        counts.append(found)

    assert counts[0] == counts[1]
    assert len(rows(client.get(PAST))) == 30
    assert "Older" in client.get(PAST).text and "Newer" in client.get(PAST, {"page": "2"}).text


# --- what readers see, and the switch ---


def previews(response):
    return [unescape(document) for document in re.findall(r'<iframe[^>]*srcdoc="([^"]*)"', response.text)]


def test_the_notice_and_the_page_are_shown_as_readers_will_see_them_in_their_language(client, owner, settings):
    settings.LANGUAGE_CODE, settings.DESK_LANGUAGE = "fr", "en"
    shown = client.post(
        PLAN,
        fields(
            "closed",
            timedelta(days=1),
            "60",
            announce_before="1440",
            sentence='Un <b>"disque"</b>',
            announcement="Bientôt",
        ),
    )

    before, page, notice = previews(shown)
    assert "Bientôt" in before and "Accéder aux quiz" in before or "quiz" in before
    for document in (page, notice):
        assert "Un &lt;b&gt;&quot;disque&quot;&lt;/b&gt;" in document
        assert document.startswith("<!doctype html>") and '<html lang="fr"' in document
        assert "<script" not in document
    assert "What will answer" in shown.text


def test_while_the_switch_says_a_state_the_page_says_so_first_and_nothing_else_changes_answers(
    client, owner, monkeypatch
):
    monkeypatch.setattr(switch, "_switch", switch.Switch("/no/such/file", "read-only"))

    page = client.get(LIST).text
    assert "Now: Read-only, by the switch" in page and "MAINTENANCE says so" in page
    assert "Without the switch: Off" in page
    shown = client.post(PLAN, fields("closed", lasts="60"))
    assert "Now: Read-only, by the switch" in shown.text and "200 → 503" not in shown.text
    assert "By the switch on the server" in client.get("/admin/").text


def test_the_inbox_has_what_is_announced(client, owner):
    announce(
        "closed",
        starts_at=timezone.now() + timedelta(hours=2),
        ends_at=timezone.now() + timedelta(hours=3),
        announce_before=timedelta(days=1),
    )

    inbox = client.get("/admin/").text

    assert "Announced" in inbox and "It begins " in inbox
