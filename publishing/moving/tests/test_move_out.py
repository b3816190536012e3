"""Move out, through HTTP: an export, its download, and an empty site that takes it."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Article
from publishing.moving import files, running
from publishing.moving.models import Transfer
from publishing.tests.factories import make_article, make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db
MOVE_OUT = "/admin/moving/transfer/out/"


@pytest.fixture(autouse=True)
def owner(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    user = make_user("owner")
    client.force_login(user)
    return user


@pytest.fixture
def exported(client):
    """An export of one article."""
    make_article(title="Kept", slug="kept")
    assert client.post(MOVE_OUT, {"has_files": "on"}).status_code == 302
    run_worker()
    return Transfer.objects.get()


def address(transfer, name="change"):
    return reverse(f"admin:moving_transfer_{name}", args=[transfer.pk])


def test_an_export_is_downloaded_and_no_cache_keeps_it(client, exported):
    page = client.get(address(exported)).content.decode()
    assert f'href="{address(exported, "download")}"' in page
    response = client.get(address(exported, "download"))

    assert f'filename="{exported.name}"' in response.headers["Content-Disposition"]
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        assert any("Kept" in archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_an_export_that_was_deleted_is_not_found_and_its_page_says_so(client, exported):
    files.delete(exported.path)

    assert client.get(address(exported, "download")).status_code == 404
    assert "The zip was deleted after 7 days" in client.get(address(exported)).content.decode()


def test_a_full_disk_ends_in_failed_and_leaves_no_file(client, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(running, "export", full)
    client.post(MOVE_OUT)
    run_worker()

    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.error) == ("failed", "The disk: No space left on device.")
    assert not [path for path in files.folder().iterdir() if path.suffix == ".zip"]


def test_it_stops_when_it_is_asked_to(client, monkeypatch):
    def waits(path, report, **options):
        Transfer.objects.update(stop_asked=True)
        beat = report.__self__
        beat._beat()
        report("articles: 500")
        pytest.fail("it went on")

    monkeypatch.setattr(running, "export", waits)
    client.post(MOVE_OUT)
    run_worker()

    assert Transfer.objects.get().state == "stopped"
    assert "Nothing was written" in client.get(address(Transfer.objects.get())).content.decode()


def test_a_second_one_is_told_who_has_the_first(client, owner):
    client.post(MOVE_OUT)
    response = client.post(MOVE_OUT)

    assert response.status_code == 409
    assert f"by {owner.username} is waiting" in response.content.decode()


def test_a_site_with_articles_adds_those_of_an_export_of_ours(client, exported):
    article = Article.objects.get()
    content = b"".join(client.get(address(exported, "download")))
    Article.objects.filter(pk=article.pk).update(slug="other")
    upload = SimpleUploadedFile("export.zip", content)
    client.post("/admin/moving/transfer/in/", {"file": upload, "category": "Articles", "date_from": "none"})
    run_worker()

    preview = Transfer.objects.exclude(pk=exported.pk).get()
    assert (preview.state, preview.total) == ("done", 1), preview.error
    assert json.dumps(preview.summary)
