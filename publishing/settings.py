"""The only settings file. What differs between machines is read from the environment or `.env` (see `.env.example`)."""

import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from limits import parse_many

from . import roles

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"The folder VAR_DIR={VAR_DIR} cannot be made: {error.strerror}.") from error
if not os.access(VAR_DIR, os.W_OK | os.X_OK):
    raise ImproperlyConfigured(f"This user may not write in the folder VAR_DIR={VAR_DIR}.")

# --- site -------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and (VAR_DIR / "secret-key").exists():
    # Created by `make run`.
    SECRET_KEY = (VAR_DIR / "secret-key").read_text().strip()
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set SECRET_KEY (50 random characters or more), or DEBUG=True on your own machine.")
    SECRET_KEY = "only-for-debug-on-your-own-machine-never-in-production"  # noqa: S105
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Absolute links are built from this and never from the Host header.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# The number of our reverse proxies; each adds an address to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Contacts for vulnerabilities, for /.well-known/security.txt.
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])
for _contact in SECURITY_CONTACT:
    if not re.fullmatch(r"(mailto:|https://|tel:)\S+", _contact):
        raise ImproperlyConfigured("SECURITY_CONTACT must start with mailto:, https:// or tel:.")

# --- applications and middleware --------------------------------------------------------------

INSTALLED_APPS = [
    "publishing",
    "publishing.maintenance",
    "publishing.sponsors",
    "publishing.moving",
    "articles",
    "comments",
    "quizzes",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "crispy_forms",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "publishing.monitoring.request_ids.RequestIds",
    "publishing.monitoring.metrics.RequestMetrics",
    "publishing.monitoring.server_timing.ServerTiming",
    "publishing.web.headers.SiteHeaders",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "publishing.web.signin.SignInLimits",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_http_compression.middleware.HttpCompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "publishing.web.outage.Outage",
    "publishing.cache.pages.PublicPages",
    "publishing.maintenance.middleware.Maintenance",
    "publishing.sponsors.middleware.Sponsors",
    "articles.versions.clock.DueChanges",
    "publishing.links.routes.AppendSlash",
    "publishing.bases.addressed.OldAddresses",
    "publishing.web.staff.DeskLanguage",
    "publishing.web.staff.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "publishing.web.staff.AuthenticationMiddleware",
    "publishing.web.staff.MessageMiddleware",
    "publishing.web.staff.AdminInput",
]

ROOT_URLCONF = "publishing.urls"
# The site is at the root of its host; otherwise Django puts SCRIPT_NAME of the server before each address.
FORCE_SCRIPT_NAME = ""
WSGI_APPLICATION = "publishing.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["publishing.bases.templates.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "publishing.context.publication",
            ],
            "builtins": [
                "publishing.templatetags.moments",
                "publishing.templatetags.typography",
                "publishing.templatetags.words",
            ],
        },
    },
]

# Widgets have their templates in templates/ too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "crispy"
CRISPY_TEMPLATE_PACK = "crispy"

# --- data -------------------------------------------------------------------------------------

# Requests have time-outs; commands and the worker do not.
IS_SERVING = "publishing.wsgi" in sys.modules
# Seconds for one statement or lock of a request (of staff: publishing/database/waiting.py).
DATABASE_TIMEOUT = env.float("DATABASE_TIMEOUT", default=2.0)
DATABASE_POOL = env.int("DATABASE_POOL", default=8)


def _with_time_outs(database: dict) -> dict:
    """A database of `env.db` with our backend, and with a pool in a process that serves."""
    if "sqlite" in database["ENGINE"]:
        # IMMEDIATE takes the write lock at the start, so that writers wait instead of failing half-way.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": DATABASE_TIMEOUT if IS_SERVING else 20,
            # Each thread has a connection with a cache of its own (KiB); the kernel has the file in memory once.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-200;",
        }
        return database | {"ENGINE": "publishing.database.sqlite", "CONN_MAX_AGE": None}
    # The minimum of psycopg is 2.
    options = {"connect_timeout": 2 if IS_SERVING else 5} | database.get("OPTIONS", {})
    if DATABASE_POOL and "CONN_MAX_AGE" not in database:
        # Only what publishing/database/prepared.py asks for.
        options = {"prepare_threshold": 2**31} | options
    keeping = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if IS_SERVING and DATABASE_POOL and "CONN_MAX_AGE" not in database:
        # A connection that cannot be made is given up after a second, and tried again when a request needs one: the
        # pool would wait longer each time, and use a server that is back minutes later.
        options["pool"] = {
            "min_size": 1, "max_size": DATABASE_POOL, "timeout": DATABASE_TIMEOUT, "reconnect_timeout": 1
        }  # fmt: skip
        keeping["CONN_MAX_AGE"] = 0
    engine = database["ENGINE"].replace("django.db.backends.postgresql", "publishing.database.postgresql")
    return keeping | database | {"ENGINE": engine, "OPTIONS": options}


DATABASES = {
    "default": _with_time_outs(env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'publishing.sqlite3'}")),
}
# A copy that follows the first, for public pages; in tests it is the first.
if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = _with_time_outs(env.db("DATABASE_REPLICA_URL")) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["publishing.database.replica.Router"]
# Seconds after the last change in which public pages are read from the first database.
REPLICA_LAG = env.float("REPLICA_LAG", default=5.0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Run by `manage.py db_worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    ),
    # One for each process, for what must work while Redis is down.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "local"},
}

# --- CDN --------------------------------------------------------------------------------------

# Pages are purged from it by name (publishing/cache/cdn.py). `?api=` is another address of the same interface.
CDN = {}
if _cdn_url := env.str("CDN_URL", default=""):
    _parts = re.fullmatch(r"(cloudflare|fastly)://([^@/?]+)@([0-9A-Za-z]+)(?:\?api=(https?://\S+))?", _cdn_url)
    if not _parts:
        raise ImproperlyConfigured("CDN_URL is written like cloudflare://token@zone or fastly://token@service.")
    CDN = dict(zip(("kind", "token", "id", "api"), _parts.groups(), strict=True))

# --- staff accounts ---------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "publishing.web.passwords.GuessablePasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Seconds for which the link of an invitation works; articles/staff/links.py gives others an hour.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
# Tries of passwords: by IPv4 address or /64 of IPv6, by /48 of IPv6, and by name from unknown browsers.
SIGN_INS_FROM_NETWORK = env.str("SIGN_INS_FROM_NETWORK", default="10/minute; 100/hour")
SIGN_INS_FROM_WIDE_NETWORK = env.str("SIGN_INS_FROM_WIDE_NETWORK", default="30/minute; 300/hour")
SIGN_INS_BY_NAME = env.str("SIGN_INS_BY_NAME", default="5/5 minutes; 25/hour; 100/day")
try:
    [parse_many(rates) for rates in (SIGN_INS_FROM_NETWORK, SIGN_INS_FROM_WIDE_NETWORK, SIGN_INS_BY_NAME)]
except ValueError as error:
    raise ImproperlyConfigured("The three SIGN_INS_… are written like 10/minute; 100/hour.") from error
# django-axes only records sign-ins (publishing/web/signin.py), without its middleware and backend.
AXES_ENABLE_ADMIN = False
AXES_HANDLER = "publishing.web.signin.SignInRecord"
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W003"]
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_SECURE = HTTPS
# Seconds without work; publishing/web/sessions.py rolls it.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_ENGINE = "publishing.web.sessions"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "publishing.views.csrf_failure"

# --- transport and headers (publishing/web/headers.py adds what Django has no setting for) ---------

SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_FROM_THIS_SITE = "script-src style-src font-src connect-src media-src manifest-src form-action"
_FROM_NOWHERE = "default-src base-uri object-src frame-ancestors"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{directive: [NONE] for directive in _FROM_NOWHERE.split()},
        **{directive: [SELF] for directive in _FROM_THIS_SITE.split()},
        "img-src": [SELF, "data:"],
        "upgrade-insecure-requests": HTTPS,
        "report-to": "csp",
        # Not in the admin, whose scripts build HTML (publishing/cache/pages.py).
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}

# The longest article: 500,000 characters of three bytes, URL-encoded.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "publishing.files.WholeFiles"},
    # What was uploaded: no address leads there.
    "originals": {"BACKEND": "publishing.files.WholeFiles", "OPTIONS": {"location": VAR_DIR / "originals"}},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "publishing.files.StaticFiles"
        )
    },
}
if STORAGE_URL := env.str("STORAGE_URL", default=""):
    _bucket = urlsplit(STORAGE_URL)
    if _bucket.scheme != "s3" or not _bucket.netloc:
        raise ImproperlyConfigured("STORAGE_URL is written like s3://bucket?region=…&endpoint=https://….")
    if not find_spec("storages"):
        raise ImproperlyConfigured("STORAGE_URL needs the packages of requirements-s3.txt.")
    _where = dict(parse_qsl(_bucket.query))
    for _storage, _folder in (("default", ""), ("originals", "/originals")):
        STORAGES[_storage] = {
            "BACKEND": "publishing.bucket.Bucket",
            "OPTIONS": {
                "bucket_name": _bucket.netloc,
                "location": f"{_bucket.path}{_folder}".strip("/"),
                "region_name": _where.get("region"),
                "endpoint_url": _where.get("endpoint"),
            },
        }

# Whether a public page that sets a cookie fails; otherwise the cookie is removed and logged.
STRICT_PUBLIC_PAGES = env.bool("STRICT_PUBLIC_PAGES", default=DEBUG)

# Addresses keep the letters of their script: /articles/東京/ instead of /articles/dongjing/.
NATIVE_SLUGS = env.bool("NATIVE_SLUGS", default=False)

# --- moving in and out (publishing/moving) ---------------------------------------------------------

# A folder of the server whose files and folders can be chosen in the admin, besides uploads.
IMPORT_ROOT = env.str("IMPORT_ROOT", default="")
IMPORT_UPLOAD_MB = env.int("IMPORT_UPLOAD_MB", default=512)

# --- backups (publishing/transfer/backup) ---------------------------------------------------------

BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
# The folder with pg_dump, pg_restore and psql, if PATH does not lead to those of the server's version.
PG_BIN = env.str("PG_BIN", default="")

# --- language, time, mail, log ----------------------------------------------------------------

LOCALE_PATHS = [BASE_DIR / "publishing" / "locale"]
# Of readers' pages, feeds and mails: that of the code, and those with a catalogue (docs/translating.md).
LANGUAGES = [
    (language, LANG_INFO[language]["name_local"])
    for language in sorted({"en", *(folder.name for folder in LOCALE_PATHS[0].glob("*/"))})
]
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"LANGUAGE_CODE is one of {', '.join(dict(LANGUAGES))}.")
# Of the admin.
DESK_LANGUAGES = ("de", "en")
DESK_LANGUAGE = env.str("DESK_LANGUAGE", default=LANGUAGE_CODE if LANGUAGE_CODE in DESK_LANGUAGES else "en")
if DESK_LANGUAGE not in DESK_LANGUAGES:
    raise ImproperlyConfigured(f"DESK_LANGUAGE is one of {', '.join(DESK_LANGUAGES)}.")
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
# For the admin; pages for readers name their formats.
FORMAT_MODULE_PATH = "publishing.date_formats"

vars().update(env.email("EMAIL_URL", default="consolemail://"))
# Seconds; a silent mail server must not block the worker.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="publication@localhost")

# --- spam, maintenance, monitoring --------------------------------------------------------------

# With a key, every comment and its IP address are sent to Akismet before it is stored.
AKISMET_KEY = env.str("AKISMET_KEY", default="")
AKISMET_URL = env.str("AKISMET_URL", default="https://rest.akismet.com/1.1/comment-check")
# What readers' browsers load of AdSense once they have agreed; tests have a server of their own.
ADSENSE_SCRIPT_URL = env.str("ADSENSE_SCRIPT_URL", "https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js")

# Without the database (publishing/maintenance/switch.py): "off" or a state; the default holds until windows are read.
MAINTENANCE, MAINTENANCE_DEFAULT = env.str("MAINTENANCE", default=""), env.str("MAINTENANCE_DEFAULT", default="off")
MAINTENANCE_FILE = env.str("MAINTENANCE_FILE", default=str(VAR_DIR / "maintenance"))
# The bearer token of /metrics. Without it nothing is counted and the page does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

LOG_FORMAT = env.str("LOG_FORMAT", default="line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured("LOG_FORMAT is line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "publishing.monitoring.request_ids.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {request_id} {message}", "style": "{"},
        "json": {"()": "publishing.monitoring.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Bots probe hosts and body sizes; do not log these.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        "axes": {"level": "WARNING"},
    },
}

ROLES = roles.ROLES
