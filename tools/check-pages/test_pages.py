"""Every kind of page of the served demo, for readers and for staff, is valid HTML: `make check-pages`.

The pages are saved and given to the Nu HTML Checker in one go. Errors fail; warnings are printed. Those of the admin,
and of each kind that readers see, are opened in Chromium too: they are accessible, fit a phone and break no rule of the
content security policy.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from in_browser import faults_of
from visits import USUAL, Visitor, crawl, names_of

HERE = Path(__file__).parent
CHECKER = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
ARTICLE = "/articles/everything/"
# Addresses that answer no page: feeds, files, beacons, JSON, and what only leads elsewhere.
NO_PAGES = {
    "articles:view", "articles:category-feed",
    "articles:tag-feed", "articles:author-feed", "articles:corrections-feed",
    "articles:series-feed", "articles:rss", "articles:atom", "articles:json-feed", "articles:llms",
    "comments:thread-feed", "comments:thread-json", "comments:feed", "comments:mine-export", "comments:permalink",
    "quizzes:feed", "quizzes:start", "quizzes:progress",
    "sitemap", "sitemap-file", "robots", "ads", "healthz", "readyz", "metrics", "csp-report", "media", "favicon",
    "sponsors:seen", "sponsors:clicked", "slot-preview-home", "slot-preview", "admin:sponsors_advertiser_new_link",
    "admin:maintenance_window_end", "admin:maintenance_window_extend",
    "security", "articles:opensearch", "manifest", "identity-stylesheet", "identity-file", "words", "desk-words",
    # Of the form of the look: answers in JSON, and the front page and an article in a frame.
    "admin:publishing_publication_colour", "admin:publishing_publication_colours",
    "admin:publishing_publication_preview",
    # In a frame of the form of an advertisement.
    "admin:sponsors_creative_preview",
}  # fmt: skip

LINK_FOR_TESTERS = """
from datetime import timedelta
from django.conf import settings
from django.utils import timezone
from publishing.maintenance.models import PassLink
from publishing.maintenance.passing import links
link = PassLink.objects.create(name="A tester", expires_at=timezone.now() + timedelta(hours=1))
print(links.address_of(link).removeprefix(settings.SITE_URL))
"""

PICTURE = re.compile(r"[:-](card|cover)$")

# What the checker says of templates and widgets of Django's admin that are not ours.
DJANGOS_OWN = re.compile(
    r"“select” element with a “required” attribute"  # a field that is filled by searching
    r"|“option” without attribute “label” must not be empty"
    r"|“disabled” not allowed on element “div”"  # the password of an account, which nobody reads
    r"|No “p” element in scope"  # help of the form for a new password
    r"|“for” attribute of the “label” element must be the ID of a non-hidden form control"
    r"|^A table row was"
    r"|Private Use Area"  # the JSON of an edition, in which two of these characters mark code
)


@pytest.fixture(scope="session")
def addresses(site):
    """What the demo lacks, made; the addresses that nothing leads to."""
    return json.loads(site.manage("shell", "--verbosity", "0", "--command", (HERE / "prepare.py").read_text()))


@pytest.fixture(scope="session")
def saved(site, addresses, tmp_path_factory):
    """The folder of all pages, the names of the addresses that they were found at, and what the owner saw by name."""
    folder, names = tmp_path_factory.mktemp("pages"), set()
    reader = Visitor(site, folder, names, "reader")
    crawl(reader, ["/", ARTICLE, "/comments/mine/"], limit=6)
    for path in addresses.values():
        if not path.startswith("/admin/"):
            reader.get(path)
    articles(reader)
    comments(reader, Visitor(site, folder, names, "stranger"), addresses)
    quizzes(reader)
    owner = Visitor(site, folder, names, "owner")
    desk(owner, addresses)
    faults(reader, site)
    return folder, names, owner.pages


def articles(reader):
    reader.get("/articles/bare/")
    reader.get("/articles/huge/")
    reader.get("/articles/closed/")
    reader.get("/articles/ran-out/")
    reader.get("/articles/gone/", 410)
    for words in ("python", "elephants", "a" * 300, '<"&', ""):
        reader.get(f"/search/?q={words}")
    for path in ("/categories/opinion/", "/tags/lonely/", "/series/a-series/", "/search/?q=paragraph"):
        reader.get(path)
        reader.get(f"{path}{'&' if '?' in path else '?'}page=2")
    reader.post(f"{ARTICLE}heart/", {})
    reader.post(f"{ARTICLE}heart/", {})


def comments(reader, stranger, addresses):
    path = f"{ARTICLE}comments/"
    for query in ("after=1", "sort=newest", "reply=99999999", "after=x"):
        reader.get(f"{path}?{query}", None)
    reader.post(path, {"name": "", "body": "", "homepage": ""}, 422)
    reader.post(path, {"name": "x" * 90, "body": "<b>&" * 2000, "email": "no", "parent": "x", "homepage": "y"}, 422)
    reader.post("/articles/closed/comments/", {"name": "A", "body": "B", "homepage": ""}, 403)
    reader.post(path, {"name": "Ada", "body": "One <more> & `x`.", "email": "a@b.example", "homepage": ""})
    receipt = reader.path
    reader.post(path, {"name": "Ada", "body": "Another one.", "homepage": ""}, None)
    for name in ("edit", "withdraw", "erase"):
        reader.get(f"{receipt}{name}/")
        stranger.get(f"{receipt}{name}/", 403)
        stranger.post(f"{receipt}{name}/", {"name": "", "body": "", "sure": "on"}, 403)
    reader.post(f"{receipt}edit/", {"name": "", "body": ""}, 422)
    reader.post(f"{receipt}erase/", {}, 422)
    reader.get("/comments/mine/")
    reader.get("/comments/mine/?article=everything")
    stranger.get("/comments/mine/")
    reader.post("/comments/mine/erase/", {}, 422)
    reader.post(f"{receipt}withdraw/", {})
    reader.get(f"{receipt}edit/", 409)
    reader.post(f"{receipt}erase/", {"sure": "on"})
    reader.get(f"{receipt}erase/", 409)
    reader.post(addresses["report"], {}, 422)
    reader.post(addresses["report"], {"reason": "abuse"}, None)
    reader.post("/comments/mine/erase/", {"sure": "on"})
    reader.post(addresses["confirm"], {})
    reader.get(addresses["confirm"][:-3] + "x/", 404)
    reader.post(addresses["stop"], {"what": "conversation"})
    reader.post(addresses["stop all"], {"what": "everything"})
    reader.get("/comments/mail/stop/x/", 404)


def quizzes(reader):
    for slug in ("every-kind", "one-at-a-time", "on-the-clock", "drawn"):
        path = f"/quizzes/{slug}/"
        reader.get(path)
        if 'class="start"' in reader.text:
            reader.post(f"{path}start/", {"extension": "x"}, None)
            reader.post(f"{path}start/", {"extension": "50" if slug == "on-the-clock" else "0"})
        answers = reader.answers()
        reader.post(path, {"ticket": answers["ticket"]}, 422)
        reader.post(path, answers | {"go": "2"})
        reader.post(path, {"ticket": "x"}, 400)
        reader.post(path, answers | {"confirm": "yes", "key": ""})
        result, retry = reader.path, re.search(r'href="([^"]*paper=[^"]*)"', reader.text)
        reader.get(f"{result}print/")
        if retry:
            reader.get(retry[1].replace("&amp;", "&"))
    reader.get("/quizzes/every-kind/?paper=x", 400)


def desk(owner, addresses):
    """As the owner, who may see everything; forms that are refused, too."""
    owner.get("/admin/")
    owner.sign_in("owner", "wrong", 200)
    owner.sign_in("owner", owner.site.environment["DEMO_PASSWORD"], 200)
    crawl(owner, ["/admin/", *(path for path in addresses.values() if path.startswith("/admin/"))], limit=2)
    for name in ("article", "category", "image"):
        owner.submit(f"/admin/articles/{name}/add/", {}, None)
    owner.submit("/admin/quizzes/quiz/add/", {}, None)
    owner.submit("/admin/quizzes/question/add/", {}, None)
    owner.get("/admin/quizzes/quiz/import/")
    owner.submit("/admin/quizzes/quiz/import/", {}, None)
    for queue in ("pending", "suspect", "reported", "nothing"):
        owner.get(f"/admin/comments/comment/desk/{queue}/", None)
    owner.get("/admin/articles/article/99999/change/", None)
    for name in ("preview", "export", "statistics", "correct"):
        owner.get(f"{addresses['every quiz']}{name}/", None)
    owner.post("/admin/articles/article/add/", {}, 403)
    owner.get(addresses["an article"].replace("/change/", "/versions/compare/"), None)
    chosen = {"action": "archive", "_selected_action": addresses["an article"].split("/")[-3]}
    owner.submit("/admin/articles/article/?whose=all", chosen, None)
    key, trash = chosen["_selected_action"], "/admin/articles/article/trash/"
    owner.submit(addresses["an article"].replace("/change/", "/delete/"), {}, 200)
    owner.submit(trash, {"delete": key}, 200)
    owner.submit(trash, {"restore": key}, 200)
    for label in ("category", "tag", "author", "series"):
        owner.get(f"/admin/articles/{label}/merge/", None)
    owner.get("/admin/articles/article/trash/")
    owner.get("/admin/password/")
    owner.get("/admin/password/x/y/", None)


def faults(reader, site):
    """Pages about something that went wrong, and the site under maintenance. Last, since they use up limits."""
    reader.get("/no/such/page/", 404)
    reader.get("/?page=99", 404)
    reader.get("/comments/receipts/x/", 404)
    reader.post(f"{ARTICLE}heart/", {}, 403, **{"Sec-Fetch-Site": "cross-site"})
    reader.post(f"{ARTICLE}comments/", {"name": "A", "body": "B"}, 403, **{"Sec-Fetch-Site": "cross-site"})
    reader.get("/", 400, Host="evil.example")
    reader.post("/quizzes/every-kind/", {"ticket": "x" * 3_000_000}, None)
    # 429 is a page in either case, 200 only for those who ask for no JSON.
    reader.post_until(429, f"{ARTICLE}heart/", Accept="application/json")
    reader.get(site.manage("shell", "--verbosity", "0", "--command", LINK_FOR_TESTERS).strip())
    for state in ("read-only", "closed"):
        site.manage("maintenance", state, "--for", "1h", "--sentence", 'Back <soon> & "well".')
        reader.post_until(503, f"{ARTICLE}comments/")
        reader.get("/", None)
        reader.get(ARTICLE, None)
        reader.get("/quizzes/")
        reader.post(f"{ARTICLE}comments/", {"name": "A <b>", "body": "Long\n\ntext & more", "homepage": ""}, 503)
        reader.post(f"{ARTICLE}heart/", {}, 503)
    render = "from publishing.views import server_error; print(server_error(None).content.decode())"
    reader.save("500", site.manage("shell", "--verbosity", "0", "--command", render))


def test_no_page_is_left_out(saved):
    _, names, _ = saved
    assert sorted(name for name in names_of() - NO_PAGES - names if not PICTURE.search(name)) == []


def test_the_checker_finds_no_error(saved):
    folder, *_ = saved
    java = shutil.which("java")
    if not java or not CHECKER.exists():
        pytest.skip("needs Java (Debian: default-jre-headless), and `npm ci` in tools/check-pages")
    run = subprocess.run(
        [java, "-Xss4m", "-jar", CHECKER, "--format", "json", "--exit-zero-always", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    found = {}
    for message in json.loads(run.stderr)["messages"]:
        page, text = Path(message["url"]).name, message["message"]
        if "_admin_" not in page or not DJANGOS_OWN.search(text):
            kind = message.get("subType", message["type"])
            place = f"{page}:{message.get('lastLine')}: {message.get('extract', '').strip()!r}"
            found.setdefault(f"{kind}: {text}", []).append(place)
    told = [f"{text}\n    {len(places)} times\n    " + "\n    ".join(places[:3]) for text, places in found.items()]
    sys.stdout.write("\n".join([f"{len(list(folder.iterdir()))} pages checked", *sorted(told), ""]))
    assert [text for text in told if not text.startswith(("warning", "info"))] == []


# Django's own pages, which look alike for all models.
ALIKE = re.compile(
    r"admin:(?!articles_article|comments_comment|quizzes_quiz|auth_user)\w+_(delete|history)$|admin:app_list$"
)
# Who opens what: pages that the owner does not come to, or that look different to others.
OTHERS = {
    "": ["/admin/login/", "/admin/password/", "/admin/password/x/y/", "/admin/no/such/page/"],
    "author": ["/admin/", "/admin/articles/article/", "/admin/articles/article/add/", "/admin/quizzes/quiz/"],
    "moderator": ["/admin/", "/admin/comments/comment/", "/admin/articles/article/"],
    "owner": ["/admin/no/such/page/", "/admin/articles/category/add/?_popup=1"],
}


READERS = [
    "/", "/articles/the-smallest-framework-that-could-possibly-teach-you/", ARTICLE, "/categories/opinion/",
    "/tags/python/", "/authors/ines-okafor/", "/series/http-by-hand/", "/archive/", "/archive/2026/",
    "/archive/2026/6/", "/categories/", "/tags/", "/authors/", "/series/", "/follow/", "/search/",
    "/search/?q=sqlite", "/search/?q=elephants", "/corrections/", "/quizzes/", "/quizzes/routing-and-requests/",
    "/articles/one-word-3/", "/tags/one-word/", "/authors/one-word/", "/series/one-word/",
    "/about-the-checks/", "/quizzes/read-the-traceback/", "/quizzes/why-a-dict-remembers-its-order/", "/no-such-page/",
]  # fmt: skip


def test_pages_of_readers_are_accessible_stay_put_fit_and_break_no_rule(saved, site):
    site.manage("maintenance", "banner")
    told = faults_of(site, [("", path) for path in READERS])
    sys.stdout.write("\n".join([f"{len(READERS)} pages of readers opened", *told, ""]))
    assert not told


def test_pages_of_the_admin_are_accessible_fit_and_break_no_rule(saved, site, addresses):
    *_, pages = saved
    found = [
        path
        for (name, has_query), path in pages.items()
        if path.startswith("/admin/") and not ALIKE.search(name) and not (has_query and USUAL.search(name))
    ]
    assert len(found) > 80
    found.append(addresses["an article with results"])
    visits = [(who, path) for who, paths in (OTHERS | {"owner": {*OTHERS["owner"], *found}}).items() for path in paths]
    told = faults_of(site, visits)
    sys.stdout.write("\n".join([f"{len(visits)} pages of the admin opened", *told, ""]))
    assert not told
