"""AdSense in a browser, with a stand-in for Google: nothing foreign before consent, and nothing moves afterwards."""

import pytest

from . import stand_in

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
window.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
CONNECT = """
from publishing.sponsors.models import AdSense, Creative
from publishing.sponsors.tests.factories import fill
Creative.objects.all().delete()
AdSense(client="ca-pub-1234567890123456", is_on=True, consent="{consent}", privacy_page="/privacy/",
        platform_script="{platform}").save()
for key in ("article-top", "article-body", "article-end", "list", "beside"):
    fill(key, "adsense" if key in {keys} else "off", ad_unit="{unit}")
"""
ARTICLE = "/articles/the-smallest-framework-that-could-possibly-teach-you/"


class Reader:
    """A page in a browser, and what it asked other hosts for."""

    def __init__(self, page, site):
        self.page, self.foreign = page, []
        page.on("request", lambda request: request.url.startswith(site.url) or self.foreign.append(request.url))
        page.add_init_script(WATCH)

    def settle(self, ms=400):
        self.page.wait_for_timeout(ms)

    def platform_asks(self):
        """`wait_for_function` runs text, which no policy of ours allows."""
        while not self.page.evaluate("Boolean(window.report)"):
            self.settle(50)

    def platform_says(self, **data):
        self.page.evaluate("data => report(data, data.isSuccess)", data)

    def box(self):
        return self.page.locator(".slot > div").first.bounding_box()

    def shift(self):
        return self.page.evaluate("window.shift")


@pytest.fixture
def reader(browser, slots_site):
    context = browser.new_context(base_url=slots_site.url, viewport={"width": 1280, "height": 900})
    yield Reader(context.new_page(), slots_site)
    context.close()


@pytest.fixture
def connect(slots_site):
    def connect(unit=stand_in.FILLS, keys=("article-top",), consent="own", platform=""):
        slots_site.run(CONNECT.format(unit=unit, keys=list(keys), consent=consent, platform=platform))

    return connect


def question(reader):
    return reader.page.get_by_role("dialog", name="Advertisements")


def test_nothing_foreign_is_asked_for_until_the_reader_accepts_then_the_box_is_filled_and_nothing_moves(
    reader, connect
):
    connect()
    reader.page.goto(ARTICLE)
    question(reader).wait_for()
    reader.page.mouse.wheel(0, 3000)
    reader.settle()
    assert reader.foreign == []
    reader.page.evaluate("scrollTo(0, 0)")
    before = reader.box()

    reader.page.get_by_role("button", name="Accept").click()
    reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
    reader.settle()

    asked = sorted(url.split("/")[-1].split("?")[0] for url in reader.foreign)
    assert asked == ["adsbygoogle.js", "frame.html", "second.js"]
    assert "client=ca-pub-1234567890123456" in reader.foreign[0]
    assert reader.page.evaluate("window.hasSecond")
    assert question(reader).count() == 0
    assert reader.box() == before
    assert reader.shift() == 0
    assert reader.page.evaluate("window.violations") == []


def test_all_other_scripts_of_the_page_work_under_its_policy(reader, connect):
    connect()
    errors = []
    reader.page.on("pageerror", lambda error: errors.append(error.message))
    reader.page.goto(ARTICLE)
    reader.page.get_by_role("button", name="Decline").click()
    reader.page.get_by_role("button", name="Heart this").click()
    reader.page.keyboard.press("?")

    reader.page.get_by_role("dialog", name="Keys").wait_for()
    assert errors == []
    assert reader.page.evaluate("window.violations") == []


def test_who_declines_is_left_alone_on_the_next_page_too(reader, connect):
    connect()
    reader.page.goto(ARTICLE)
    reader.page.get_by_role("button", name="Decline").click()
    reader.settle()
    reader.page.goto(ARTICLE)
    reader.settle()

    assert reader.foreign == []
    assert question(reader).count() == 0
    assert reader.page.get_by_text("No advertisement here.").first.is_visible()


def test_who_withdraws_gets_a_page_without_google_at_once(reader, connect):
    connect()
    reader.page.goto(ARTICLE)
    reader.page.get_by_role("button", name="Accept").click()
    reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
    reader.page.get_by_role("button", name="Privacy choices").click()
    question(reader).get_by_text("You have accepted.").wait_for()
    assert question(reader).evaluate("each => each === document.activeElement")
    reader.foreign.clear()

    with reader.page.expect_navigation():
        reader.page.get_by_role("button", name="Decline").click()
    reader.settle()

    assert reader.foreign == []
    assert reader.page.locator("ins").count() == 0


def test_who_answers_in_one_tab_has_answered_in_the_others(reader, connect, slots_site):
    connect()
    reader.page.goto(ARTICLE)
    question(reader).wait_for()
    other = Reader(reader.page.context.new_page(), slots_site)
    other.page.goto(ARTICLE)
    other.page.get_by_role("button", name="Accept").click()

    reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
    assert question(reader).count() == 0
    other.page.get_by_role("button", name="Privacy choices").click()
    reader.foreign.clear()
    with reader.page.expect_navigation():
        other.page.get_by_role("button", name="Decline").click()
    reader.settle()

    assert reader.foreign == []
    assert reader.page.locator("ins").count() == 0


def test_a_choice_ends_after_twelve_months(reader, connect):
    connect()
    reader.page.goto(ARTICLE)
    reader.page.get_by_role("button", name="Accept").click()
    reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
    reader.settle()
    reader.page.evaluate(
        """() => {
          const at = new Date();
          at.setMonth(at.getMonth() - 12);
          localStorage.setItem("advertising", JSON.stringify({ answer: "accepted", at }));
        }"""
    )
    reader.foreign.clear()
    reader.page.goto(ARTICLE)

    question(reader).wait_for()
    reader.settle()
    assert reader.foreign == []


def test_the_question_is_met_first_by_keyboard_hides_no_focus_and_can_be_left(reader, connect):
    connect()
    reader.page.goto(ARTICLE)
    question(reader).wait_for()
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.closest('.consent') !== null")
    buttons = [question(reader).get_by_role("button", name=name) for name in ("Decline", "Accept")]
    look = "each => { const s = getComputedStyle(each); return [s.color, s.backgroundColor, s.font, s.border]; }"
    assert buttons[0].evaluate(look) == buttons[1].evaluate(look)
    sizes = [button.bounding_box() for button in buttons]
    assert (sizes[0]["width"], sizes[0]["height"]) == pytest.approx((sizes[1]["width"], sizes[1]["height"]), abs=1)

    reader.page.keyboard.press("Escape")

    assert question(reader).count() == 0
    assert reader.page.evaluate("localStorage.getItem('advertising')") is None
    assert reader.shift() == 0


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize(
    "unit", [stand_in.FILLS, stand_in.FILLS_LATE, stand_in.HAS_NONE, stand_in.FAILS, stand_in.GROWS]
)
def test_whatever_google_does_the_box_keeps_its_size_and_nothing_moves(reader, connect, unit, width):
    connect(unit, keys=("article-end",))
    reader.page.set_viewport_size({"width": width, "height": 900})
    reader.page.goto(ARTICLE)
    reader.page.get_by_role("button", name="Accept").click()
    slot = reader.page.locator(".slot").first
    slot.scroll_into_view_if_needed()
    before, page_height = reader.box(), reader.page.evaluate("document.body.scrollHeight")
    filled = unit in (stand_in.FILLS, stand_in.FILLS_LATE, stand_in.GROWS)
    if filled:
        reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
    reader.settle(800)

    assert reader.page.get_by_text("No advertisement here.").is_visible() is not filled
    assert (reader.box()["width"], reader.box()["height"]) == (before["width"], before["height"])
    assert slot.get_attribute("style") is None
    assert reader.page.evaluate("document.body.scrollHeight") == page_height
    assert reader.shift() == 0


def test_a_script_that_is_blocked_leaves_the_box_as_it_was(reader, connect):
    connect()
    reader.page.route("**/adsbygoogle.js*", lambda route: route.abort())
    reader.page.goto(ARTICLE)
    before = reader.box()
    reader.page.get_by_role("button", name="Accept").click()
    reader.settle(800)

    assert reader.box() == before
    assert reader.page.get_by_text("No advertisement here.").first.is_visible()
    assert reader.shift() == 0


def test_a_box_is_asked_for_when_it_is_near_and_one_that_the_width_hides_never_is(reader, connect):
    connect(keys=("article-top", "article-end"))
    reader.page.goto(ARTICLE)
    reader.page.get_by_role("button", name="Accept").click()
    reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
    reader.settle()
    assert reader.page.locator("ins").count() == 1

    reader.page.locator(".slot-article-end").scroll_into_view_if_needed()
    reader.page.locator(".slot-article-end iframe").wait_for()

    assert [each.is_visible() for each in reader.page.locator("ins").all()] == [True, True]
    assert sum(stand_in.SCRIPT_PATH in url for url in reader.foreign) == 1


def test_with_a_platform_its_host_alone_is_asked_until_it_says_yes(reader, connect, other_host):
    connect(consent="tcf", platform=f"{other_host}/platform.js")
    reader.page.goto(ARTICLE)
    reader.platform_asks()
    reader.settle()
    assert reader.foreign == [f"{other_host}/platform.js"]
    assert question(reader).count() == 0

    reader.page.evaluate("choose(true)")
    reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
    reader.page.get_by_role("link", name="Privacy choices").click()
    assert reader.page.evaluate("window.asked") == 1
    with reader.page.expect_navigation():
        reader.page.evaluate("choose(false)")
    reader.settle()

    assert reader.page.locator("ins").count() == 0
    assert reader.shift() == 0


def test_a_platform_that_says_no_loads_nothing(reader, connect, other_host):
    connect(consent="tcf", platform=f"{other_host}/platform.js")
    reader.page.goto(ARTICLE)
    reader.platform_asks()
    reader.page.evaluate("choose(false)")
    reader.settle()

    assert reader.foreign == [f"{other_host}/platform.js"]


CONSENTS = {"purpose": {"consents": {"1": True}}, "vendor": {"consents": {"755": True}}}


def test_where_no_consent_is_needed_advertisements_load_also_if_the_platform_is_slow_and_says_it_twice(
    reader, connect, other_host
):
    connect(consent="tcf", platform=f"{other_host}/slow-platform.js")
    errors = []
    reader.page.on("pageerror", lambda error: errors.append(error.message))
    reader.page.goto(ARTICLE)
    reader.platform_asks()
    for unclear in ({"isSuccess": False, "gdprApplies": False}, {"eventStatus": "cmpuishown", **CONSENTS}, {}):
        reader.platform_says(**unclear)
    reader.settle()
    assert reader.foreign == [f"{other_host}/slow-platform.js"]

    for status in ("tcloaded", "useractioncomplete"):
        reader.platform_says(gdprApplies=False, eventStatus=status)
        reader.page.frame_locator("ins iframe").get_by_text("An advertisement").wait_for()
        reader.settle(200)

    assert [reader.page.locator(each).count() for each in ("ins", "ins iframe")] == [1, 1]
    assert errors == []
    reader.page.get_by_role("link", name="Privacy choices").click()
    reader.page.wait_for_url("**/privacy/")


def test_half_an_agreement_of_a_platform_is_none(reader, connect, other_host):
    connect(consent="tcf", platform=f"{other_host}/platform.js")
    reader.page.goto(ARTICLE)
    reader.platform_asks()
    for lacks in ({"purpose": None}, {"vendor": {"consents": {"755": "no"}}}, {"vendor": {}}):
        reader.platform_says(gdprApplies=True, eventStatus="tcloaded", **CONSENTS | lacks)
    reader.settle()

    assert reader.foreign == [f"{other_host}/platform.js"]


def test_without_scripts_there_is_no_advertisement_and_the_link_leads_to_the_privacy_page(browser, slots_site, connect):
    connect()
    context = browser.new_context(base_url=slots_site.url, java_script_enabled=False)
    reader = Reader(context.new_page(), slots_site)
    reader.page.goto(ARTICLE)

    assert reader.foreign == []
    assert reader.page.get_by_text("No advertisement here.").first.is_visible()
    reader.page.get_by_role("link", name="Privacy choices").click()
    assert reader.page.url.endswith("/privacy/")
    context.close()
