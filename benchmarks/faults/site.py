"""A served site to break, and requests to it as a browser sends them."""

import html
import re
import secrets
import shutil
import time
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from publishing.tests.served import Site

from .table import Answer

ARTICLE = "/articles/sqlite-is-the-database-you-already-run/"
COMMENTS = f"{ARTICLE}comments/"
PASSWORD = "for-this-run-only"
BROWSER = {"User-Agent": "Mozilla/5.0", "Sec-Fetch-Site": "same-origin", "Accept": "text/html,*/*;q=0.8"}


@cache
def _collected(parent: Path) -> Path:
    """The demo on SQLite with its static files and quizzes, made once; copied for each fault."""
    site = Site(parent / "prepared", SECRET_KEY=secrets.token_urlsafe(50), DEMO_PASSWORD=PASSWORD)
    site.directory.mkdir()
    fill(site)
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    return site.directory


def fill(site):
    """The demo, without its notice of maintenance: that is one more thing that could refuse."""
    steps = [("migrate",), ("load_demo",), ("maintenance", "off"), ("keep_quizzes",)]
    calls = "; ".join(f"call_command(*{step}, verbosity=0)" for step in steps)
    command = f"from django.core.management import call_command; {calls}"
    site.manage("shell", "--no-imports", "--verbosity", "0", "--command", command)


def prepared(folder: Path, **environment) -> Site:
    """A site with the demo in `folder / "site"`, or in the empty database that DATABASE_URL names. Not served yet."""
    directory = folder / "site"
    source = _collected(folder.parent)
    ignored = shutil.ignore_patterns("site.sqlite3*", "quizzes") if "DATABASE_URL" in environment else None
    shutil.copytree(source, directory, dirs_exist_ok=True, ignore=ignored)
    site = Site(
        directory, SECRET_KEY=secrets.token_urlsafe(50), DEMO_PASSWORD=PASSWORD, LOG_LEVEL="WARNING",
        ALLOWED_HOSTS="127.0.0.1", TRUSTED_PROXIES="1", **environment,
    )  # fmt: skip
    if "DATABASE_URL" in environment:
        fill(site)
    return site


def processes(site) -> list[int]:
    """gunicorn of a served site and its workers."""
    parent = site.process.pid
    return [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]


def ask(site, method, path, fields=None, *, network="192.0.2.1", patience=60, **headers) -> Answer:
    """One request as a browser sends it, from an address in `network`; follows no redirect."""
    headers = {**BROWSER, "X-Forwarded-For": network, **headers}
    body = None
    if fields is not None:
        body, headers["Content-Type"] = urlencode(fields, doseq=True), "application/x-www-form-urlencoded"
    connection = HTTPConnection("127.0.0.1", site.port, timeout=patience)
    started = time.monotonic()
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        found = {}
        for name, value in response.getheaders():
            found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
        found["set-cookie"] = "; ".join(response.headers.get_all("Set-Cookie", []))
        return Answer(response.status, time.monotonic() - started, found, text)
    except (OSError, HTTPException) as error:
        return Answer(0, time.monotonic() - started, {}, repr(error))
    finally:
        connection.close()


def form_of(page: Answer) -> dict[str, str]:
    """The hidden fields of a page's forms, by name."""
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.text)
    pairs = [(re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)) for field in inputs]
    return {name[1]: html.unescape(value[1]) if value else "" for name, value in pairs if name}


def signed_in(site, name="owner") -> dict[str, str]:
    """The cookies of a signed-in editor, and the token for their forms."""
    page = ask(site, "GET", "/admin/login/")
    token, first = form_of(page)["csrfmiddlewaretoken"], page.headers["set-cookie"].split(";")[0]
    fields = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer = ask(site, "POST", "/admin/login/", fields, Cookie=first, Referer=f"{site.url}/admin/login/")
    cookies = re.findall(r"((?:csrftoken|sessionid)=[^;]+)", answer.headers["set-cookie"])
    page = ask(site, "GET", "/admin/articles/category/add/", Cookie="; ".join(cookies))
    return {"cookie": "; ".join(cookies), "token": form_of(page)["csrfmiddlewaretoken"]}
