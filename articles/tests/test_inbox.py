"""The front page of the admin: what waits for the person who asks."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticleCounts, Category, DailyViews, Version
from articles.models.counts import KEPT_DAYS, count_view
from articles.versions import buttons, clock, saving, steps
from articles.versions.notes import Change
from comments.models import Comment
from comments.tests.factories import make_comment
from publishing.maintenance import announcements
from publishing.sponsors.tests.factories import fill
from publishing.tests.factories import make_article, make_author, make_category, make_user

pytestmark = pytest.mark.django_db


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def inbox(client):
    """The sections of the page in their order: title to text; "" is the head."""
    answer = client.get("/admin/")
    assert answer.status_code == 200
    page = answer.content.decode().split('id="content"')[1].split('<details class="everything"')[0]
    head, *parts = re.split(r'<section class="inbox-section', page)
    titles = [words(re.search(r"<h2.*?</h2>", part, re.DOTALL)[0]) for part in parts]
    texts = [words(part.partition(">")[2].split("</h2>", 1)[1].partition("</section>")[0]) for part in parts]
    return {"": words(head.partition(">")[2])} | dict(zip(titles, texts, strict=True))


def type_into(article, by, **changes):
    now = saving.current(saving.locked(article.pk))
    saving.save_working(now, now.fields | changes, by=by, token=now.digest)


def draft(title, *authors, **fields):
    return make_article(title=title, status="draft", published_at=None, authors=authors, **fields)


def in_days(number):
    return timezone.now() + timedelta(days=number)


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


@pytest.fixture
def author():
    """An account that writes, with its byline."""
    user = make_user("author")
    user.byline = make_author("Mei Castellan", user=user)
    return user


def test_nothing_that_waits_is_a_page_with_one_button(client, editor):
    found = inbox(client)

    assert list(found) == [""]
    assert "Nothing waits for you." in found[""]
    assert "Write an article" in found[""] and "New article" not in found[""]
    client.force_login(make_user("moderator"))
    assert "Nothing waits for you." in inbox(client)[""] and "article" not in inbox(client)[""]


def test_an_editor_sees_what_waits_in_its_section(client, editor, author):
    moved, live, other = draft("Sent in", author.byline), make_article(title="Live"), make_article(title="Half done")
    steps.send_for_review(moved, by=author, note="Please look at the end")
    type_into(live, author, body="Changed.")
    steps.send_for_review(live, by=author)
    type_into(other, make_user("editor"), body="Half.")
    mine = make_article(title="Mine")
    type_into(mine, editor, body="My half.")

    found = inbox(client)

    assert "2 things wait for you." in found[""]
    assert "Sent in Mei Castellan · asked" in found["To review"] and "Please look at the end" in found["To review"]
    assert "Live No byline · changes, asked" in found["To review"] and found["To review"].startswith("All 2")
    assert "Half done Edited by editor-" in found["Unfinished changes"]
    assert "Live" not in found["Unfinished changes"] and "Mine" not in found["Unfinished changes"]
    assert found["Mine"].startswith("All 1") and "Mine Published" in found["Mine"]


def test_what_was_sent_back_comes_first_for_its_author_with_the_note(client, author):
    article, change = draft("Returned", author.byline), make_article(title="Change", authors=[author.byline])
    draft("Another", author.byline)
    editor = make_user("editor")
    steps.send_for_review(article, by=author)
    steps.send_back(article, by=editor, note="Who says so?")
    type_into(change, author, body="Changed.")
    steps.send_for_review(change, by=author)
    steps.send_back(change, by=editor, note="Shorter, please.")
    client.force_login(author)

    found = inbox(client)

    assert list(found) == ["", "Sent back", "Mine"]
    assert "Who says so?" in found["Sent back"] and f"By {editor.username}" in found["Sent back"]
    assert "Shorter, please." in found["Sent back"] and found["Sent back"].startswith("All 2")
    assert "Another" in found["Mine"] and "Returned" not in found["Mine"]

    # Still there while it is typed at, gone when it is saved.
    type_into(article, author, body="They do.")
    assert "Returned" in inbox(client)["Sent back"]
    steps.save(article, by=author)
    assert "Returned" not in inbox(client)["Sent back"] and "Returned" in inbox(client)["Mine"]


def test_authors_see_their_own_and_nothing_of_others(client, author):
    other, editor = make_author("Somebody"), make_user("editor")
    guides = Category.objects.create(name="Guides", slug="guides", review_months=1)
    old = {"category": guides, "published_at": timezone.now() - timedelta(days=99)}
    for name, byline in (("Own", author.byline), ("Foreign", other)):
        draft(f"{name} draft", byline)
        make_article(title=f"{name} scheduled", authors=[byline], published_at=in_days(1))
        reviewed = draft(f"{name} review", byline, summary="")
        steps.send_for_review(reviewed, by=editor)
        past = make_article(title=f"{name} guide", authors=[byline], **old)
        count_view(past, ["a"])
    make_comment(make_article())
    announcements.announce("banner")
    client.force_login(author)

    found = inbox(client)

    assert list(found) == ["", "Mine", "Scheduled", "Failing checks", "Still true?", "Most read"]
    assert "Foreign" not in " ".join(found.values())
    assert "Own guide" in found["Still true?"] and "Own guide" in found["Most read"]
    assert "Still true?" in found and 'action="/admin/articles' not in client.get("/admin/").content.decode()


def test_what_the_clock_will_do_stands_under_its_day(client, editor, clock_at_noon):
    first = make_article(title="First", published_at=in_days(2), authors=[make_author("Ann")])
    changed, leaving = make_article(title="Changed"), make_article(title="Leaving")
    type_into(changed, editor, body="New.")
    clock.schedule_changes(changed, by=editor, at=in_days(1), change=Change())
    clock.archive_later(leaving, by=editor, at=in_days(2))

    found = inbox(client)

    assert found["Scheduled"] == (
        "All 3 : Scheduled Tuesday, 2 June 2026 Changed 12:00 UTC · Changes"
        " Wednesday, 3 June 2026 First 12:00 UTC · Ann Leaving 12:00 UTC · Leaves the site"
    )
    assert "Nothing waits for you. The next article appears on Wednesday, 3 June 2026, at 12:00." in found[""]
    steps.unpublish(first, by=editor)
    assert "The next article" not in inbox(client)[""]


@pytest.fixture
def clock_at_noon(clock):
    clock.move_to(timezone.make_aware(timezone.datetime(2026, 6, 1, 12)))
    return clock


def test_failing_checks_are_those_that_stop_what_is_in_review_or_scheduled(client, editor):
    bare = draft("Bare", summary="", body="TODO: all of it, [here](/articles/none/).")
    steps.send_for_review(bare, by=editor)
    make_article(title="Planned", summary="", published_at=in_days(1))
    draft("Still a draft", summary="")
    make_article(title="Public", summary="")

    failing = inbox(client)["Failing checks"]

    assert "Bare In review" in failing and "summary" in failing and "more." in failing
    assert "Planned Scheduled" in failing
    assert "Still a draft" not in failing and "Public" not in failing
    # What was checked is known, what it links to is looked up.
    type_into(bare, editor, summary="A summary.", body="See [here](/articles/later/).")
    assert "/articles/later/" in inbox(client)["Failing checks"]
    make_article(slug="later")
    assert "/articles/later/" not in inbox(client)["Failing checks"]


def test_still_true_is_pressed_in_the_inbox_and_leads_back(client, editor):
    guides = Category.objects.create(name="Guides", slug="guides", review_months=6)
    guide = make_article(title="A guide", category=guides, verified_on=date(2020, 3, 1))
    assert "A guide Last checked on 1 March 2020 Still true" in inbox(client)["Still true?"]
    url = reverse("admin:articles_article_still_true", args=[guide.pk])
    assert f'action="{url}"' in client.get("/admin/").content.decode()

    answer = client.post(url, follow=True)

    assert answer.redirect_chain == [("/admin/", 302)]
    assert "“A guide”: Readers see that it was checked today." in words(answer.content.decode())
    guide.refresh_from_db()
    assert guide.verified_on == timezone.localdate()
    assert "Still true?" not in inbox(client)
    # Only what is checked again at all has the button.
    opinion = make_article(title="An opinion")
    answer = client.post(reverse("admin:articles_article_still_true", args=[opinion.pk]), follow=True)
    assert "“An opinion” needs no check" in words(answer.content.decode())
    assert Version.objects.filter(kind=Version.Kind.CHECKED).count() == 1


def test_a_section_shows_ten_and_leads_to_all(client, editor):
    for number in range(12):
        steps.send_for_review(draft(f"Number {number:02}"), by=editor)
    page = client.get("/admin/").content.decode()
    links = dict(re.findall(r'<a href="([^"]+)">\s*All 12<span class="visually-hidden">: ([^<]+)<', page))
    address = unescape(next(url for url, title in links.items() if title == "To review"))

    assert inbox(client)["To review"].count("Number") == 10
    assert "12 things wait for you." in inbox(client)[""]
    assert [row.title for row in client.get(address).context["cl"].result_list][::-1] == [
        f"Number {number:02}" for number in range(12)
    ]


@pytest.mark.parametrize("state", ["sent_back", "planned", "with_unpublished_changes", "past_review"])
def test_the_list_that_a_section_leads_to_has_its_articles(client, editor, state):
    guides = Category.objects.create(name="Guides", slug="guides", review_months=6)
    articles = {
        "sent_back": draft("Returned"),
        "planned": make_article(title="Planned", published_at=in_days(1)),
        "with_unpublished_changes": make_article(title="Changed"),
        "past_review": make_article(title="Old", category=guides, verified_on=date(2020, 3, 1)),
    }
    steps.send_for_review(articles["sent_back"], by=editor)
    steps.send_back(articles["sent_back"], by=editor, note="No.")
    type_into(articles["with_unpublished_changes"], editor, body="New.")

    listed = client.get(reverse("admin:articles_article_changelist"), {"whose": "all", "state": state})

    assert [row.pk for row in listed.context["cl"].result_list] == [articles[state].pk]


def test_maintenance_and_slots_are_there_only_if_they_are_not_normal(client, editor):
    fill("list", "off")
    assert list(inbox(client)) == [""]

    fill("list")
    announcements.announce("read-only", ends_at=in_days(1))

    found = inbox(client)
    assert found["Sponsored slots"].endswith("In lists of articles Readers see an empty box.")
    assert "Read-only Until" in found["Maintenance"]
    announcements.end()
    assert "Maintenance" not in inbox(client)


def test_moderators_see_comments_first_with_the_age_of_the_oldest(client):
    comment = make_comment(make_article(title="The thread"), name="Ottilie", body="Would it fit?")
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(days=8))
    client.force_login(make_user("moderator"))

    found = inbox(client)

    assert list(found) == ["", "Comments waiting"]
    assert "One thing waits for you." in found[""]
    assert "Ottilie on The thread Would it fit?" in found["Comments waiting"]
    assert "Waiting 1 oldest 1 week" in found["Comments waiting"]
    client.force_login(make_user("owner"))
    assert "Comments waiting" in inbox(client)


def test_everything_is_in_groups_of_what_one_may_see(client, editor):
    def groups():
        page = client.get("/admin/").content.decode().split('<details class="everything"')[1]
        parts = re.findall(r"<h2>(.*?)</h2>(.*?)</section>", page, re.DOTALL)
        return {title: re.findall(r'<li>\s*<a href="[^"]+">([^<]+)', part) for title, part in parts}

    names = [
        "Articles",
        "Front page",
        "Pictures",
        "Audio and video",
        "Cards of links",
        "Categories",
        "Tags",
        "Series",
        "Authors",
        "Corrections",
    ]
    assert groups()["Writing"] == names
    assert list(groups()) == ["Writing", "Comments", "Quizzes", "Site"]
    client.force_login(make_user("author"))
    assert list(groups()) == ["Writing", "Quizzes"]
    client.force_login(make_user("superuser"))
    apps = client.get("/admin/").context["app_list"]
    assert sum(map(len, groups().values())) == sum(len(app["models"]) for app in apps)


# --- most read ---


def test_most_read_counts_the_views_of_seven_and_thirty_days(client, editor, clock_at_noon):
    rising, steady = make_article(title="Rising"), make_article(title="Steady")
    for day, (article, views) in {0: (steady, 5), 5: (steady, 1), 29: (steady, 1), 30: (rising, 3)}.items():
        clock_at_noon.move_to(timezone.make_aware(timezone.datetime(2026, 6, 1, 12)) + timedelta(days=day))
        for number in range(views):
            count_view(article, [f"{day}-{number}"])

    found = inbox(client)["Most read"]

    # The first five are older than 30 days.
    assert found.endswith("1 Rising 3 3 2 Steady 1 2")
    steps.archive(rising, by=editor)
    assert "Rising" not in inbox(client)["Most read"]


def test_a_view_takes_no_statement_more_than_without_days(clock_at_noon, count_queries):
    article = make_article()
    count_view(article, ["first"])

    with count_queries() as queries:
        count_view(article, ["second"])

    assert [sql.split()[0] for sql in queries] == ["SELECT", "DELETE", "INSERT", "UPDATE"]
    clock_at_noon.shift(timedelta(days=1))
    count_view(article, ["third"])
    counts = ArticleCounts.objects.get(article=article)
    assert (counts.views, counts.day_views) == (3, 1)
    assert [(row.day, row.views) for row in DailyViews.objects.all()] == [(date(2026, 6, 1), 2)]
    clock_at_noon.shift(KEPT_DAYS - timedelta(days=1))
    count_view(article, ["fourth"])
    assert [(row.day, row.views) for row in DailyViews.objects.all()] == [(date(2026, 6, 2), 1)]


def test_the_clock_put_back_loses_no_view(clock_at_noon):
    article = make_article()
    count_view(article, ["first"])
    clock_at_noon.shift(timedelta(days=-2))

    count_view(article, ["second"])

    counts = ArticleCounts.objects.get(article=article)
    assert (counts.views, counts.day_views) == (2, 2)


def test_the_inbox_asks_the_same_queries_however_much_waits(client, count_queries):
    owner, guides = make_user("owner"), Category.objects.create(name="Guides", slug="guides", review_months=6)
    byline, author = make_author(user=owner), make_user("author")
    client.force_login(owner)

    def fill(number):
        for _ in range(number):
            steps.send_for_review(draft("R", byline, body="[a](/articles/none/) ![](/media/x.png)"), by=author)
            make_article(published_at=in_days(1), authors=[byline], body="[a](/articles/none/)")
            type_into(make_article(authors=[make_author()]), author, body="Typed.")
            returned = draft("S", byline)
            steps.send_for_review(returned, by=author)
            buttons.take("send_back", returned, by=owner, note="No.")
            guide = make_article(category=guides, verified_on=date(2020, 1, 1))
            count_view(guide, ["a"])
            make_comment(guide)
            clock.archive_later(make_article(category=make_category()), by=owner, at=in_days(3))

    asked = []
    for number in (2, 10):
        fill(number)
        client.get("/admin/")
        with count_queries() as queries:
            client.get("/admin/")
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 25
