"""A browser without scripts, that saves every page which it is given."""

import re
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar

from django.urls import Resolver404, URLPattern, get_resolver, resolve

# Names of addresses in the admin that answer no page, or whose page ends the visit.
NOT_VISITED = re.compile(
    r"media$|admin:(jsi18n|autocomplete|view_on_site|logout|\w+_undo|quizzes_question_headings"
    r"|articles_article_(render|autosave|autosave_new|check|presence|notes?|restore|labels|links|still_true)"
    r"|moving_transfer_(part|report|download)|articles_(image|recording)_(pick|upload)|articles_\w+_unmerge)$"
)
# Pages that every model has in the admin. Some are closed to everybody.
USUAL = re.compile(r"admin:\w+_(changelist|add|change|delete|history)$|admin:(app_list|password_change_done)$")


def names_of():
    """The names of all addresses that a visit should come to, with their namespaces."""

    def walk(patterns, prefix):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{prefix}{pattern.name}" if pattern.name else ""
            else:
                yield from walk(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)

    named = filter(None, walk(get_resolver().url_patterns, ""))
    return {name for name in named if not (NOT_VISITED.search(name) or USUAL.search(name))}


def name_at(path):
    try:
        return resolve(urllib.parse.urlsplit(path).path).view_name
    except Resolver404:
        return ""


class _Fields(HTMLParser):
    """What a browser would send of the forms on a page, with an answer to everything."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.select, self.options, self.area = {}, None, 0, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "select":
            self.select, self.options = name, 0
            self.fields.setdefault(name, [])
        elif tag == "option" and self.select and given.get("value"):
            # The n-th select of a name takes its n-th option: the places of an ordering.
            self.options += 1
            if self.options == len(self.fields[self.select]) + 1:
                self.fields[self.select].append(given["value"])
                self.select = None
        elif tag == "textarea" and name:
            self.area, self.fields[name] = name, ""
        elif tag == "input" and name and kind == "hidden":
            self.fields[name] = [*self.fields.get(name, []), given.get("value", "")]
        elif tag == "input" and name and kind not in ("submit", "file", "button") and name not in self.fields:
            self.fields[name] = given.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data


class Visitor:
    """Keeps its cookies. Writes each page into `folder` once, and the names of the addresses into `names`."""

    def __init__(self, site, folder, names, who):
        self.site, self.folder, self.names, self.who = site, folder, names, who
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.opener.addheaders = [("User-Agent", "Mozilla/5.0 Firefox/140.0")]
        self.path, self.text, self.number = "", "", 0
        # One address of each kind of page that was read, by name and whether it has a query.
        self.pages = {}

    def get(self, path, status=200, **headers):
        return self._ask(path, None, status, headers)

    def post(self, path, fields, status=200, **headers):
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._ask(path, data, status, {"Sec-Fetch-Site": "same-origin"} | headers)

    def answers(self):
        """Something for every field of the page at hand."""
        return {name: value or "1" for name, value in _Fields(self.text).fields.items()} | {"key": ""}

    def submit(self, path, fields, status):
        """The form at `path` as it is, but for `fields`."""
        self.get(path)
        return self.post(path, _Fields(self.text).fields | fields, status, Referer=self.site.url + path)

    def sign_in(self, name, password, status):
        return self.submit("/admin/login/?next=/admin/", {"username": name, "password": password}, status)

    def post_until(self, status, path, **headers):
        """Post to `path` until it is answered with `status`: limits and maintenance come to all processes in time."""
        for _ in range(200):
            if self.post(path, {}, None, **headers) == status:
                return
        raise AssertionError(f"{path} was never answered with {status}")

    def _ask(self, path, data, status, headers):
        address = self.site.url + urllib.parse.quote(path, safe="/?&=%+:")
        request = urllib.request.Request(address, data, headers)
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
            self.path = answer.url.removeprefix(self.site.url).split("#")[0]
        if answer.headers.get_content_type() == "text/html":
            self.text = body.decode()
            self.names.add(name_at(path))
            self.names.add(name_at(self.path))
            if data is None:
                self.pages.setdefault((name_at(self.path), "?" in self.path), self.path)
            self.save(f"{'post' if data is not None else 'get'} {answer.status} {path}", self.text)
        assert status in (None, answer.status), f"{self.who}: {path} answered {answer.status}, not {status}"
        return answer.status

    def save(self, label, text):
        self.number += 1
        label = re.sub(r"[^\w.=-]+", "_", label)[:80]
        (self.folder / f"{self.who}-{self.number:03}-{label}.html").write_text(text)


def crawl(visitor, starts, limit):
    """Follow every link, to `limit` pages of each name of an address, and as many of each once more with a query."""
    waiting, seen, counted = list(starts), set(), {}
    while waiting:
        path = waiting.pop(0)
        name = name_at(path)
        kind = (name, "?" in path)
        if path in seen or not name or NOT_VISITED.search(name) or counted.get(kind, 0) >= limit:
            continue
        seen.add(path)
        counted[kind] = counted.get(kind, 0) + 1
        visitor.text = ""
        visitor.get(path, None)
        for link in re.findall(r'<a\s[^>]*?href="([^"]*)"', visitor.text):
            link = urllib.parse.urljoin(path, link.replace("&amp;", "&")).split("#")[0]
            if link.startswith("/"):
                waiting.append(link)
