"""deploy/nginx.conf in a real nginx, in front of the demo under gunicorn."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager

import pytest

from publishing.tests.served import ROOT, Site, free_port, wait_for

HOST = "publication.example"
# nginx counts whole seconds: what is cached for one is used for up to two.
KEPT_SECONDS = 2.1
PICTURE = "/media/0123456789abcdef0123456789abcdef.webp"
# As root, its workers are root too: the folders of the tests are closed to others.
MAIN = (
    ("user root;" if os.getuid() == 0 else "")
    + """
daemon off;
pid {folder}/nginx.pid;
worker_processes 1;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
)


def enabled(paragraph):
    """Without the marks before its lines of configuration; those of comments have a space behind them."""
    return re.sub(r"^( *)#(?! \S)", r"\1", paragraph, flags=re.MULTILINE)


class Nginx:
    """Serves a site with our configuration on two ports of this machine."""

    def __init__(self, folder, site, optional):
        self.folder, self.plain, self.port = folder, free_port(), free_port()
        text = (ROOT / "deploy/nginx.conf").read_text()
        if optional:
            text = "\n\n".join(enabled(part) if optional in part else part for part in text.split("\n\n"))
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
        for old, new in {
            "listen 80": f"listen 127.0.0.1:{self.plain}",
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "unix:/run/publishing/gunicorn.sock": f"127.0.0.1:{site.port}",
            "/etc/letsencrypt/live/publication.example": str(folder),
            "/var/lib/publishing": str(site.directory),
            "/var/cache/nginx/publication": f"{folder}/pages",
        }.items():
            assert old in text
            text = text.replace(old, new)
        (folder / "site.conf").write_text(text)
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))

    @contextmanager
    def served(self):
        command = ["nginx", "-e", "stderr", "-c", str(self.folder / "nginx.conf")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            wait_for(self.port, process)
            yield self
        finally:
            process.terminate()
            process.communicate()

    def ask(self, path, method="GET", host=HOST, body=None, **headers):
        """A response, read whole, over TLS."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        named = {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response


@pytest.fixture(scope="module")
def served(tmp_path_factory, demo):
    """The demo as it is in production: over HTTPS, with one proxy."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed; Debian has it as nginx")
    site = Site(tmp_path_factory.mktemp("site"), SITE_URL=f"https://{HOST}", ALLOWED_HOSTS=HOST, TRUSTED_PROXIES="1")
    shutil.copytree(demo, site.directory, dirs_exist_ok=True)
    (site.directory / "media").mkdir(exist_ok=True)
    (site.directory / PICTURE[1:]).write_bytes(b"RIFF")
    with site.served():
        yield site


def nginx_for(tmp_path_factory, site, optional=""):
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return Nginx(folder, site, optional)


@pytest.fixture(scope="module")
def nginx(tmp_path_factory, served):
    with nginx_for(tmp_path_factory, served).served() as nginx:
        yield nginx


@pytest.fixture(scope="module")
def caching_nginx(tmp_path_factory, served):
    """With the optional cache of pages."""
    with nginx_for(tmp_path_factory, served, "#proxy_cache").served() as nginx:
        yield nginx


def an_article(nginx):
    return re.search(r'href="(/articles/[\w-]+/)"', nginx.ask("/").body.decode()).group(1)


@contextmanager
def stopped(site):
    """gunicorn accepts no connection."""
    site.process.send_signal(signal.SIGTERM)
    site.process.wait()
    yield


def test_a_page_is_served_and_cached_by_the_site(nginx):
    first, second = nginx.ask("/"), nginx.ask("/")

    assert (first.status, second.status) == (200, 200)
    assert "Age" in second.headers
    assert first.body == second.body
    assert f'href="https://{HOST}/'.encode() in first.body
    assert len(first.headers.get_all("Strict-Transport-Security")) == 1
    assert "Location" not in first.headers


def test_plain_http_leads_to_https_and_other_names_get_no_answer(nginx):
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain, timeout=30)
    connection.request("GET", "/tags/?page=2", headers={"Host": HOST})
    response = connection.getresponse()
    connection.close()

    assert (response.status, response.headers["Location"]) == (308, f"https://{HOST}/tags/?page=2")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        nginx.ask("/", host="other.example")


def test_files_are_served_by_nginx_with_the_headers_of_the_site(nginx, served):
    page = nginx.ask("/").body.decode()
    sheet = re.search(r'href="(/static/css/[^"]+\.css)"', page).group(1)

    for path in (sheet, PICTURE):
        from_nginx, from_site = nginx.ask(path, Accept_Encoding="gzip"), through(served, path)
        assert from_nginx.status == from_site.status == 200
        assert "immutable" in from_nginx.headers["Cache-Control"]
        for name in ("Content-Security-Policy", "Cross-Origin-Resource-Policy", "X-Content-Type-Options"):
            assert name in from_nginx.headers, (path, name)
        assert from_nginx.headers["Content-Type"].split(";")[0] == from_site.headers["Content-Type"].split(";")[0]
    assert nginx.ask(sheet, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert nginx.ask("/media/../site.sqlite3").status in (400, 404)
    assert nginx.ask("/static/../site.sqlite3").status in (400, 404)


def through(site, path):
    """The response of gunicorn itself, as nginx requests it."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_a_client_cannot_choose_the_id_of_a_request_or_its_address(nginx):
    chosen = "a" * 32
    response = nginx.ask("/healthz", X_Request_ID=chosen, X_Forwarded_Proto="http", X_Forwarded_Host="evil.example")

    assert response.status == 200
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])
    assert response.headers["X-Request-ID"] != chosen


def test_a_form_of_the_site_passes_and_one_of_another_does_not(nginx):
    address = f"{an_article(nginx)}heart/"
    ours, theirs = (
        nginx.ask(address, "POST", body="", Origin=origin, Content_Type="application/x-www-form-urlencoded")
        for origin in (f"https://{HOST}", "https://evil.example")
    )

    assert ours.status < 400 <= theirs.status


def test_cached_pages_are_fresh_after_two_seconds_and_private_ones_are_not_cached(caching_nginx, served):
    nginx, title = caching_nginx, f"Changed at {time.time()}"
    address = an_article(nginx)
    assert nginx.ask(address).status == 200
    served.run(f"a = Article.objects.get(slug={address.split('/')[2]!r}); a.title = {title!r}; a.save()")
    time.sleep(KEPT_SECONDS)

    assert title in nginx.ask(address).body.decode()
    private = [nginx.ask("/comments/mine/").headers["X-Request-ID"] for _ in range(2)]
    assert private[0] != private[1]


def test_maintenance_is_not_hidden_by_a_cached_page(caching_nginx, served):
    assert caching_nginx.ask("/").status == 200
    served.run("call_command('maintenance', 'closed')")
    time.sleep(KEPT_SECONDS)
    closed = [caching_nginx.ask("/") for _ in range(2)]
    served.run("call_command('maintenance', 'off')")

    assert [response.status for response in closed] == [503, 503]
    assert b"Back in a moment" not in closed[0].body
    time.sleep(KEPT_SECONDS)
    assert caching_nginx.ask("/").status == 200


def test_while_gunicorn_is_down_cached_pages_are_served_and_others_are_503(nginx, caching_nginx, served):
    """The last test here: it stops the site."""
    cached = caching_nginx.ask("/").body
    with stopped(served):
        time.sleep(KEPT_SECONDS)
        assert (caching_nginx.ask("/").status, caching_nginx.ask("/").body) == (200, cached)
        for response in (nginx.ask("/"), caching_nginx.ask("/comments/mine/"), caching_nginx.ask("/", "POST", body="")):
            assert (response.status, response.headers["Retry-After"]) == (503, "30")
            assert response.headers["Cache-Control"] == "no-store"
            assert b"Back in a moment" in response.body
