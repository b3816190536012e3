"""MDN's HTTP Observatory grades the front page over TLS, behind deploy/nginx.conf: `make observatory`.

Its own lists (hosts that browsers preload, top-level domains) are fetched from elsewhere when it is installed with its
scripts. It is installed without them, and they are empty here: the site is on no list.

The release of the package has ten tests. The service of MDN has two more, for the policies of opener and embedder; they
are added here until the package has them.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from publishing.tests.deploy import test_nginx as deploy
from publishing.tests.served import Site, free_port

HERE = Path(__file__).parent
OBSERVATORY = HERE / "node_modules/@mdn/mdn-http-observatory"
HOST = "localhost"
# Of the two tests that the package lacks: values that give ten points; others that browsers know give none.
LATER = {
    "cross-origin-opener-policy": ("same-origin", "same-origin-allow-popups", "noopener-allow-popups"),
    "cross-origin-embedder-policy": ("require-corp", "credentialless"),
}
CONNECT = """
from publishing.sponsors.models import AdSense
from publishing.sponsors.tests.factories import fill
AdSense(client="ca-pub-1234567890123456", is_on=True, consent="own", privacy_page="/privacy/").save()
fill("list", "adsense", ad_unit="0123456789")
"""
PREVIEW = """
from publishing.sponsors.tests.factories import fill
fill("list", "preview")
"""


class OwnNginx(deploy.Nginx):
    """Ours under a name that every machine resolves. What is not encrypted is redirected, on the same port."""

    def __init__(self, folder, site, port):
        super().__init__(folder, site, "")
        config = folder / "site.conf"
        text = config.read_text().replace(f"listen 127.0.0.1:{self.port} ", f"listen 127.0.0.1:{port} ")
        text = text.replace(deploy.HOST, HOST)
        name = f"server_name {HOST};\n"
        start, end = text.rsplit(name, 1)
        config.write_text(f"{start}{name}    error_page 497 =308 https://$http_host$request_uri;\n{end}")
        self.port = port


@pytest.fixture(scope="module")
def site(tmp_path_factory, demo):
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed; Debian has it as nginx")
    port = free_port()
    site = Site(
        tmp_path_factory.mktemp("site"), SITE_URL=f"https://{HOST}:{port}", ALLOWED_HOSTS=HOST, TRUSTED_PROXIES="1"
    )
    site.name = f"{HOST}:{port}"
    shutil.copytree(demo, site.directory, dirs_exist_ok=True)
    site.certificates = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}",
         "-keyout", site.certificates / "privkey.pem", "-out", site.certificates / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    with site.served(workers=1), OwnNginx(site.certificates, site, port).served():
        yield site


def scan(site):
    (OBSERVATORY / "conf/hsts-preload.json").write_text("{}")
    ran = subprocess.run(
        ["node", OBSERVATORY / "src/scan.js", site.name],
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(site.certificates / "fullchain.pem")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    result = json.loads(ran.stdout)
    assert "scan" in result, result
    print(f"\n{result['scan']['grade']} {result['scan']['score']} by the package")
    for name, test in result["tests"].items():
        print(f"{test['scoreModifier']:+4} {name}: {test['result']}")
    return result


def score(result):
    """With the tests that the package lacks. None of its own fails, so that all bonuses count."""
    assert all(test["pass"] for test in result["tests"].values())
    headers, later = result["scan"]["responseHeaders"], {}
    for name, values in LATER.items():
        if name not in result["tests"]:
            later[name] = 10 if headers.get(name) in values else 0
    total = result["scan"]["score"] + sum(later.values())
    print(f"{total} with {later}")
    return total


def test_a_page_with_an_empty_slot_has_140_or_more(site):
    site.run(PREVIEW)

    result = scan(site)

    assert result["scan"]["statusCode"] == 200
    assert result["tests"]["redirection"]["result"] == "redirection-to-https"
    assert result["scan"]["score"] >= 130
    assert score(result) >= 140


def test_a_page_with_a_slot_of_adsense_has_120_or_more(site):
    site.run(CONNECT)

    result = scan(site)

    assert "'strict-dynamic'" in result["scan"]["responseHeaders"]["content-security-policy"]
    assert result["scan"]["score"] >= 120
    assert score(result) >= 120
