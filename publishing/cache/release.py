"""The release that rendered a page: code, templates and settings."""

from functools import cache
from hashlib import blake2b

from django.conf import settings

FOLDERS = ("publishing", "articles", "comments", "quizzes", "templates")
SETTINGS = (
    "SITE_URL", "DEBUG", "TIME_ZONE", "LANGUAGE_CODE", "SECURITY_CONTACT", "CONTENT_SECURITY_POLICY", "TRUSTED_PROXIES",
)  # fmt: skip


@cache
def release() -> str:
    """A digest of the Python files, the templates, the list of static files and the settings that pages depend on."""
    digest = blake2b(digest_size=8)
    for name in SETTINGS:
        digest.update(repr(getattr(settings, name)).encode())
    files = [file for folder in FOLDERS for file in (settings.BASE_DIR / folder).rglob("*.*")]
    files = [file for file in files if file.suffix in (".py", ".html", ".xml", ".txt") and "tests" not in file.parts]
    for file in [*sorted(files), settings.STATIC_ROOT / "staticfiles.json"]:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()
