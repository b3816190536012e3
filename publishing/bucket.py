"""Uploaded pictures in a bucket of S3 or of a compatible service, if `STORAGE_URL` names one.

Their addresses stay under `/media/`: `publishing.views.media` fetches them once, and caches in front of the site
have them for a year. An object is there completely or not at all, as a file of `publishing.files.WholeFiles` is.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage


@contextmanager
def _as_fault_of_the_disk() -> Iterator[None]:
    """Raise OSError for failures of the bucket, so that a request is answered as if the disk had failed."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(errno.EIO, f"The bucket does not work: {error}") from error


class Bucket(S3Storage):
    """Raises OSError after a few seconds if the bucket does not answer, FileNotFoundError for an unknown name."""

    def get_default_settings(self):
        return super().get_default_settings() | {
            # Names are random and never used again.
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
            "transfer_config": TransferConfig(use_threads=False),
        }

    def __init__(self, **options):
        super().__init__(**options)
        self.client_config = Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"total_max_attempts": 2, "mode": "standard"},
            # Not all compatible services have a host name for each bucket, or the newer checksums.
            s3={"addressing_style": "path" if self.endpoint_url else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )

    def _open(self, name, mode="rb"):
        """The whole picture, in one request."""
        if mode != "rb":
            raise ValueError("Objects are only read. Call save().")
        key = self._normalize_name(name)
        with _as_fault_of_the_disk():
            try:
                answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=key)
            except ClientError as error:
                if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                    raise FileNotFoundError(name) from error
                raise
            return ContentFile(answer["Body"].read(), name)

    def _save(self, name, content):
        with _as_fault_of_the_disk():
            return super()._save(name, content)

    def delete(self, name):
        with _as_fault_of_the_disk():
            super().delete(name)

    def exists(self, name):
        with _as_fault_of_the_disk():
            return super().exists(name)

    def url(self, name):
        return urljoin(settings.MEDIA_URL, name)

    def sizes(self) -> dict[str, int]:
        """All objects by name; a request for each thousand."""
        folder = f"{self.location}/" if self.location else ""
        with _as_fault_of_the_disk():
            return {found.key.removeprefix(folder): found.size for found in self.bucket.objects.filter(Prefix=folder)}
