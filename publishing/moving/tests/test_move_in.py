"""Move in, through HTTP: an upload, its preview, the import, the report, and undoing it."""

import csv
import io
import json
import os
import time
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from publishing.moving import files, running
from publishing.moving.models import Transfer, TransferPost
from publishing.tests.factories import make_user
from publishing.tests.worker import run_worker
from publishing.transfer.lock import exclusive

pytestmark = pytest.mark.django_db
MOVE_IN = "/admin/moving/transfer/in/"
GOOD = "---\ntitle: {0}\ndate: 2026-01-0{1}\n---\nThe text of {0}.\n"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def owner(client):
    user = make_user("owner")
    client.force_login(user)
    return user


def a_zip(**texts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"blog/{name}.md", text)
    return SimpleUploadedFile("blog.zip", file.getvalue())


def posts(number=3):
    return {f"post-{n}": GOOD.format(f"Post {n}", n) for n in range(1, number + 1)}


def send(client, file=None, **fields):
    data = {"category": "Articles", "date_from": "none", **fields} | ({"file": file} if file else {})
    return client.post(MOVE_IN, data)


@pytest.fixture
def move_in(client, owner):
    """Upload a file and let the worker make its preview; returns the transfer."""

    def upload(file=None, **fields):
        response = send(client, file or a_zip(**posts()), **fields)
        assert response.status_code == 302, response.content.decode()
        run_worker()
        return Transfer.objects.get()

    return upload


def take(client, transfer, step):
    client.post(page_of(transfer), {"step": step})
    run_worker()
    transfer.refresh_from_db()
    return client.get(page_of(transfer)).content.decode()


def page_of(transfer):
    return reverse("admin:moving_transfer_change", args=[transfer.pk])


def test_a_preview_stores_nothing_and_says_what_would_come_in(client, move_in):
    transfer = move_in(a_zip(**posts(), undated="---\ntitle: Undated\n---\nText."))

    assert (transfer.state, transfer.total, transfer.seen) == ("done", 4, 4)
    assert not Article.objects.exists()
    page = " ".join(client.get(page_of(transfer)).content.decode().split())
    assert "3 of 4 posts would come in as they are" in page
    assert 'value="import"' in page
    assert "undated.md" in page
    assert "post-1.md" in page
    noted = TransferPost.objects.exclude(mark="right").get()
    shown = client.get(f"{page_of(transfer)}?show={noted.mark}").content.decode()
    assert "undated.md" in shown
    assert "post-1.md" not in shown


def test_what_a_worker_tells_is_in_the_language_of_the_desk(client, move_in, settings):
    settings.DESK_LANGUAGE = "de"

    transfer = move_in(a_zip(undated="---\ntitle: Undated\n---\nText."))

    page = client.get(page_of(transfer)).text
    assert "Ordner mit Markdown, HTML oder reStructuredText" in page
    assert "kein Datum: ein Entwurf" in page and "no date" not in page


def test_the_import_brings_them_in_and_deletes_the_upload(client, move_in):
    transfer = move_in()
    assert files.path_of(transfer.path).exists()
    page = take(client, transfer, "import")

    assert set(Article.objects.values_list("title", flat=True)) == {"Post 1", "Post 2", "Post 3"}
    assert transfer.state == "done"
    assert not files.path_of(transfer.path).exists()
    article = Article.objects.get(slug="post-1")
    assert f'href="/admin/articles/article/{article.pk}/change/"' in page
    assert f'href="{article.get_absolute_url()}"' in page
    assert client.get(article.get_absolute_url()).status_code == 200


def test_what_is_told_besides_the_posts_is_not_counted_as_one(client, move_in):
    picture = "https://pictures.example/ann.png"
    head = f"title: One\ndate: 2024-01-02\nauthors: [{{name: Ann, image_url: {picture}}}]"
    transfer = move_in(a_zip(one=f"---\n{head}\n---\nText.\n"))
    page = take(client, transfer, "import")

    assert (transfer.total, Transfer.objects.get().seen) == (1, 1)
    assert "ann.png" in page


def test_undo_moves_what_nobody_changed_to_the_trash(client, move_in):
    transfer = move_in()
    take(client, transfer, "import")
    changed = Article.objects.get(slug="post-2")
    changed.title = "Mine now"
    changed.save()
    page = " ".join(take(client, transfer, "undo").split())

    assert list(Article.objects.values_list("title", flat=True)) == ["Mine now"]
    assert "2 moved to the" in page
    assert "1 stay" in page
    assert client.get("/articles/post-1/").status_code == 410


def test_the_report_is_a_table_of_all_notes(client, move_in):
    transfer = move_in(a_zip(**posts(1), broken="---\ntitle: [\n---\nText.", undated="Only a text."))
    response = client.get(reverse("admin:moving_transfer_report", args=[transfer.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(response).decode())))

    assert response.headers["Content-Type"].startswith("text/csv")
    assert {row["post"].rpartition("/")[2] for row in rows} == {"post-1.md", "broken.md", "undated.md"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.docx", b"PK\x03\x04", "Choose a zip, or an XML, JSON, Markdown or HTML file."),
        ("blog.zip", b"no zip", "The file is no ZIP"),
        ("export.xml", b"PK\x03\x04", "The file is no XML"),
        ("empty.json", b"", "empty"),
        (None, b"", "Choose a file."),
    ],
)
def test_a_wrong_file_is_told_beside_its_field(client, owner, name, content, said):
    response = send(client, SimpleUploadedFile(name, content) if name else None)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Transfer.objects.exists()
    assert not list(files.folder().iterdir())


def test_options_are_checked_and_reach_the_importer(client, move_in, owner):
    for field, value in (("old_url", "/{nothing}/"), ("zone", "Europe/Nowhere"), ("date_from", "never")):
        assert send(client, a_zip(**posts()), **{field: value}).status_code == 422
    transfer = move_in(category="Essays", old_url="/blog/{stem}/")
    take(client, transfer, "import")

    assert Article.objects.get(slug="post-1").category.name == "Essays"
    assert client.get("/blog/post-1/").headers["Location"].endswith("/articles/post-1/")


def test_what_cannot_be_imported_fails_with_a_sentence(client, move_in):
    transfer = move_in(SimpleUploadedFile("other.json", b'{"nothing": "of a blog"}'))

    assert transfer.state == "failed"
    assert "nothing here can be imported" in client.get(page_of(transfer)).content.decode()


def test_a_fault_of_the_program_ends_in_failed_and_not_in_running(client, move_in, monkeypatch):
    monkeypatch.setattr(running._Progress, "add", lambda *arguments: 1 / 0)
    transfer = move_in()

    assert transfer.state == "failed"
    assert "A fault of this program ended it" in client.get(page_of(transfer)).content.decode()


def test_a_killed_worker_is_noticed_and_it_can_be_started_again(client, move_in, clock):
    transfer = move_in()
    Transfer.objects.update(step="import", state="running", beat_at=timezone.now())
    assert "Stop</button>" in client.get(page_of(transfer)).content.decode()

    clock.shift(timedelta(minutes=2))
    assert "The worker was stopped in the middle" in client.get(page_of(transfer)).content.decode()
    take(client, transfer, "import")
    assert Article.objects.count() == 3


def test_one_at_a_time_and_the_second_is_told_who_has_it(client, owner):
    assert send(client, a_zip(**posts())).status_code == 302
    response = send(client, a_zip(**posts()))

    assert response.status_code == 422
    assert f"Preview: blog.zip by {owner.username} is waiting. One at a time." in response.content.decode()
    with exclusive("A backup"):
        run_worker()
    assert "A backup has been running since" in Transfer.objects.get().error


def test_without_a_worker_the_page_says_so(client, owner, clock):
    send(client, a_zip(**posts()))
    transfer = Transfer.objects.get()
    assert "db_worker" not in client.get(page_of(transfer)).content.decode()
    clock.shift(timedelta(minutes=1))
    assert "manage.py db_worker" in client.get(page_of(transfer)).content.decode()

    client.post(page_of(transfer), {"step": "stop"})
    run_worker()
    transfer.refresh_from_db()
    assert (transfer.state, transfer.seen) == ("stopped", 0)


def test_it_stops_after_the_post_at_hand_and_to_import_again_goes_on(client, move_in, monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 1)
    transfer = move_in(a_zip(**{f"post-{n}": GOOD.format(f"Post {n}", n % 9 + 1) for n in range(30)}))
    add = running._Progress.add

    def stopped(progress, outcome, key):
        Transfer.objects.update(stop_asked=True)
        return add(progress, outcome, key)

    with monkeypatch.context() as patched:
        patched.setattr(running._Progress, "add", stopped)
        page = take(client, transfer, "import")
    assert transfer.state == "stopped"
    assert 0 < Article.objects.count() < 30
    assert "to import again goes on" in page
    take(client, transfer, "import")
    assert Article.objects.count() == 30
    # What the first part created, too.
    take(client, transfer, "undo")
    assert Article.objects.count() == 0
    assert "Delete what this import created" not in client.get(page_of(transfer)).content.decode()


def test_a_large_upload_comes_in_parts_and_not_more_than_is_allowed(client, owner, settings):
    content, address = a_zip(**posts()).read(), reverse("admin:moving_transfer_part")

    def part(data, offset, upload=""):
        fields = {"part": SimpleUploadedFile("part", data), "name": "blog.zip", "upload": upload, "offset": offset}
        return client.post(address, fields)

    upload = json.loads(part(content[:100], 0).content)["upload"]
    assert part(content[100:], 99, upload).status_code == 422
    assert part(content[100:], 100, upload).status_code == 200
    assert part(b"x", 0, "../secret-key").status_code == 422
    assert send(client, upload=upload, upload_name="blog.zip").status_code == 302
    run_worker()
    assert (Transfer.objects.get().name, Transfer.objects.get().total) == ("blog.zip", 3)

    settings.IMPORT_UPLOAD_MB = 0
    assert "more than 0 MB" in part(b"x", 0).content.decode()


def test_a_full_disk_is_told_and_nothing_of_the_upload_stays(client, owner, monkeypatch):
    def full(path, mode):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(files.folder()), "open", full)
    response = send(client, a_zip(**posts()))

    assert response.status_code == 422
    assert "No space left" in response.content.decode()
    assert not list(files.folder().iterdir())


def test_a_folder_of_the_server_can_be_chosen_if_there_is_one(client, owner, settings, tmp_path):
    assert 'name="folder"' not in client.get(MOVE_IN).content.decode()
    settings.IMPORT_ROOT = str(tmp_path / "old")
    (tmp_path / "old" / "blog").mkdir(parents=True)
    (tmp_path / "old" / "blog" / "post.md").write_text(GOOD.format("Post", 1))
    assert send(client, folder="../moving").status_code == 422
    assert send(client, folder="blog").status_code == 302
    run_worker()
    transfer = Transfer.objects.get()
    take(client, transfer, "import")

    assert Article.objects.get().title == "Post"
    assert (tmp_path / "old" / "blog" / "post.md").exists()


def test_only_those_with_the_permission_may_move(client):
    client.force_login(make_user("editor"))
    transfer = Transfer.objects.create(step="preview", state="done", name="blog.zip")

    for address in (MOVE_IN, page_of(transfer), reverse("admin:moving_transfer_report", args=[transfer.pk])):
        assert client.get(address).status_code == 403
    assert client.post(reverse("admin:moving_transfer_part")).status_code == 403


def test_a_report_of_five_thousand_posts_costs_no_more_queries_than_one_of_sixty(client, owner, count_queries):
    client.get(MOVE_IN)
    numbers = []
    for size in (60, 5000):
        transfer = Transfer.objects.create(step="preview", state="done", name=f"{size}.zip", seen=size, total=size)
        TransferPost.objects.bulk_create(
            TransferPost(transfer=transfer, number=n, mark="noted", result="created", name=f"{n}.md", notes=[])
            for n in range(size)
        )
        transfer.summary = {"results": {"created": size}, "noted": size, "right": 0}
        transfer.save()
        with count_queries() as queries:
            page = client.get(f"{page_of(transfer)}?page=2")
        numbers.append(len(queries))
        assert "Page 2 of" in page.content.decode()

    assert numbers[0] == numbers[1]


def test_old_uploads_and_reports_are_deleted(client, move_in, clock):
    transfer = move_in()
    path = files.path_of(transfer.path)
    call_command("delete_old_transfers", verbosity=0)
    assert path.exists()
    os.utime(path, (time.time() - 8 * 86400,) * 2)
    call_command("delete_old_transfers", verbosity=0)
    assert not path.exists()
    assert Transfer.objects.exists()
    assert "not there any more" in take(client, transfer, "import")

    clock.shift(timedelta(days=91))
    call_command("delete_old_transfers", verbosity=0)
    assert not Transfer.objects.exists()
