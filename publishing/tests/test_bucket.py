"""Pictures in a bucket, against a real server of the protocol: the one of moto."""

from io import BytesIO

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from PIL import Image as Picture

from articles.models import Image
from publishing.tests.served import free_port
from publishing.transfer.backup import uploads, writing
from publishing.transfer.backup.archive import MEDIA, Archive

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bucket")]
NAME = "0123456789abcdef0123456789abcdef.webp"


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    """An empty bucket, as boto3 sees it, in which the site stores its pictures."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    bucket = boto3.resource("s3", endpoint_url=server, region_name="eu-central-1").Bucket("pictures")
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    keep_in(settings, server)
    yield bucket
    bucket.objects.delete()
    bucket.delete()


def keep_in(settings, endpoint):
    options = {"bucket_name": "pictures", "location": "media", "region_name": "eu-central-1", "endpoint_url": endpoint}
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "publishing.bucket.Bucket", "OPTIONS": options}}


def names(bucket):
    return [found.key for found in bucket.objects.all()]


def test_a_picture_is_stored_shown_and_deleted_there(client, bucket):
    Picture.new("RGB", (8, 8)).save(upload := BytesIO(), "PNG")
    image = Image.objects.create(file=ContentFile(upload.getvalue(), "square.png"), alt="A square")
    assert names(bucket) == [f"media/{image.file.name}"]
    assert image.file.url == f"/media/{image.file.name}", "its address does not depend on the storage"

    response = client.get(image.file.url)
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    content = b"".join(response.streaming_content)
    assert content == bucket.Object(names(bucket)[0]).get()["Body"].read()
    assert content[8:12] == b"WEBP"
    assert response.headers["Content-Length"] == str(len(content))

    address = image.file.url
    image.file.delete(save=False)
    assert names(bucket) == []
    assert client.get(address).status_code == 404


def test_a_name_is_used_once(bucket):
    first, second = (default_storage.save(NAME, ContentFile(content)) for content in (b"first", b"second"))

    assert first == NAME != second
    assert [default_storage.open(name).read() for name in (first, second)] == [b"first", b"second"]


def test_nothing_outside_its_folder_is_reached(client, bucket):
    bucket.put_object(Key="secret.webp", Body=b"secret")

    for name in ("../secret.webp", "..%2fsecret.webp", "secret.webp"):
        assert client.get(f"/media/{name}").status_code == 404


def test_while_the_bucket_is_down_a_picture_is_503_and_pages_still_work(client, settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    keep_in(settings, f"http://127.0.0.1:{free_port()}")

    response = client.get(f"/media/{NAME}")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert client.get("/").status_code == 200


def test_a_bucket_that_refuses_is_503(client, bucket):
    bucket.delete()
    try:
        assert client.get(f"/media/{NAME}").status_code == 503
    finally:
        bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})


def test_a_backup_lists_what_is_there_and_copies_it_if_asked_to(sqlite, bucket, tmp_path):
    default_storage.save(NAME, ContentFile(b"a picture"))
    with Archive(writing.back_up(tmp_path / "listed")) as archive:
        assert archive.manifest.in_bucket == {MEDIA: {NAME: 9}}
        assert archive.names(MEDIA) == []

    path = writing.back_up(tmp_path / "copied", with_bucket=True)
    default_storage.delete(NAME)
    with Archive(path) as archive:
        uploads.put_back(archive, MEDIA, [])
    assert bucket.Object(f"media/{NAME}").get()["Body"].read() == b"a picture"
