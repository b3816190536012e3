"""The settings for different environments, each in another process."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
KEY = "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEF"
PRINT = """
import json, sys
from publishing import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def run(command, tmp_path, **environment):
    """Run Python with exactly this environment beside what finds programs; SECRET_KEY is there unless it is said."""
    names = ("PATH", "HOME", "LD_LIBRARY_PATH", "LANG")
    environment = {"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), **environment}
    environment |= {name: os.environ[name] for name in names if name in os.environ}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)


def values(tmp_path, *names, **environment):
    """The values of these settings under this environment."""
    finished = run(["-c", PRINT, *names], tmp_path, **environment)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def names_in_example():
    return set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))


def test_it_refuses_to_start_without_a_secret_key(tmp_path):
    finished = run(["manage.py", "check"], tmp_path, SECRET_KEY="")

    assert finished.returncode != 0
    assert "Set SECRET_KEY" in finished.stderr


def test_on_your_own_machine_it_starts_without_one(tmp_path):
    finished = run(["manage.py", "check"], tmp_path, SECRET_KEY="", DEBUG="True")

    assert finished.returncode == 0, finished.stderr


def test_nobody_debugs_unless_asked(tmp_path):
    assert values(tmp_path, "DEBUG", "STRICT_PUBLIC_PAGES") == {"DEBUG": False, "STRICT_PUBLIC_PAGES": False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"TRUSTED_PROXIES": "many"},
        {"DATABASE_URL": "nonsense"},
        {"SECURITY_CONTACT": "me@x.example"},
        {"CDN_URL": "cloudflare://zone"},
        {"CDN_URL": "akamai://token@zone"},
        {"STORAGE_URL": "https://pictures.example"},
        {"STORAGE_URL": "s3:pictures"},
    ],
)
def test_nonsense_is_refused(tmp_path, wrong):
    assert run(["-c", PRINT], tmp_path, **wrong).returncode != 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"LANGUAGE_CODE": "xx"}, "LANGUAGE_CODE is one of ar, de, en, es, fr, ja, pl."),
        ({"LANGUAGE_CODE": "ar", "DESK_LANGUAGE": "ar"}, "DESK_LANGUAGE is one of de, en."),
    ],
)
def test_a_language_without_words_is_refused(tmp_path, wrong, sentence):
    finished = run(["manage.py", "check"], tmp_path, **wrong)

    assert finished.returncode != 0
    assert sentence in finished.stderr


def test_the_admin_has_the_language_of_the_site_if_it_has_its_words(tmp_path):
    for language, desk in {"de": "de", "ar": "en"}.items():
        assert values(tmp_path, "DESK_LANGUAGE", LANGUAGE_CODE=language) == {"DESK_LANGUAGE": desk}


HTTPS_ONLY = {
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 63_072_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
}


@pytest.mark.parametrize("rates", ["ten a minute", "'10/minute'", "0"])
def test_a_rate_that_is_not_understood_is_refused_at_the_start(tmp_path, rates):
    finished = run(["manage.py", "check"], tmp_path, SIGN_INS_BY_NAME=rates)

    assert finished.returncode != 0
    assert "are written like 10/minute" in finished.stderr


def test_an_https_address_makes_the_site_insist_on_https(tmp_path):
    assert values(tmp_path, *HTTPS_ONLY, SITE_URL="https://publication.example/") == HTTPS_ONLY


def test_an_http_address_does_not(tmp_path):
    found = values(tmp_path, *HTTPS_ONLY, SITE_URL="http://127.0.0.1:8000")

    assert not any(value for name, value in found.items() if not name.endswith("_NAME"))
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("sessionid", "csrftoken")


def test_the_address_of_the_site_ends_without_a_slash(tmp_path):
    found = values(tmp_path, "SITE_URL", "CSRF_TRUSTED_ORIGINS", SITE_URL="https://publication.example/")

    assert found == {
        "SITE_URL": "https://publication.example",
        "CSRF_TRUSTED_ORIGINS": ["https://publication.example"],
    }


def test_a_proxy_is_believed_only_when_there_is_one(tmp_path):
    assert values(tmp_path, "SECURE_PROXY_SSL_HEADER")["SECURE_PROXY_SSL_HEADER"] is None
    assert values(tmp_path, "SECURE_PROXY_SSL_HEADER", TRUSTED_PROXIES="1") == {
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]
    }
    assert not getattr(settings, "USE_X_FORWARDED_HOST", False)


def test_sqlite_waits_for_other_writers_instead_of_failing(tmp_path):
    database = values(tmp_path, "DATABASES")["DATABASES"]["default"]

    assert database["ENGINE"] == "publishing.database.sqlite"
    assert str(tmp_path) in database["NAME"]
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert database["OPTIONS"]["timeout"] >= 5


def test_a_connection_to_sqlite_keeps_little_in_memory(tmp_path):
    command = values(tmp_path, "DATABASES")["DATABASES"]["default"]["OPTIONS"]["init_command"]
    with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as connection:
        connection.executescript(command)

        assert connection.execute("PRAGMA mmap_size").fetchone() == (0,)
        assert connection.execute("PRAGMA cache_size").fetchone() == (-200,)


def test_postgres_and_redis_are_taken_from_their_addresses(tmp_path):
    found = values(
        tmp_path, "DATABASES", "CACHES", DATABASE_URL="postgres://a:b@db.example/c", REDIS_URL="redis://r.example/0"
    )

    assert found["DATABASES"]["default"]["ENGINE"] == "publishing.database.postgresql"
    assert found["DATABASES"]["default"]["CONN_HEALTH_CHECKS"] is True
    assert found["DATABASES"]["default"]["OPTIONS"] == {"connect_timeout": 5, "prepare_threshold": 2**31}
    assert found["CACHES"]["default"]["LOCATION"] == "redis://r.example/0"


SERVING = PRINT.replace("import json, sys", "import json, sys; sys.modules['publishing.wsgi'] = sys")


def test_a_process_that_serves_has_a_pool_of_connections_to_postgres(tmp_path):
    def database(code, **environment):
        finished = run(["-c", code, "DATABASES"], tmp_path, DATABASE_URL="postgres://a:b@db.example/c", **environment)
        return json.loads(finished.stdout)["DATABASES"]["default"]

    pooled = database(SERVING)
    assert (pooled["OPTIONS"]["pool"]["max_size"], pooled["CONN_MAX_AGE"]) == (8, 0)
    assert pooled["OPTIONS"]["pool"]["timeout"] <= 2
    command, unpooled = database(PRINT), database(SERVING, DATABASE_POOL="0")
    for other in (command, unpooled):
        assert "pool" not in other["OPTIONS"]
        assert other["CONN_MAX_AGE"] == 60
    # Between this process and a pool that is not its own, nothing is prepared.
    assert "prepare_threshold" not in unpooled["OPTIONS"]


def test_a_replica_is_a_second_database_that_is_never_written(tmp_path):
    one = values(tmp_path, "DATABASES")
    assert list(one["DATABASES"]) == ["default"]

    two = values(
        tmp_path, "DATABASES", "DATABASE_ROUTERS", DATABASE_URL="postgres://a:b@one.example/c",
        DATABASE_REPLICA_URL="postgres://a:b@two.example/c",
    )  # fmt: skip
    assert {name: found["HOST"] for name, found in two["DATABASES"].items()} == {
        "default": "one.example", "replica": "two.example"
    }  # fmt: skip
    assert two["DATABASES"]["replica"]["ENGINE"] == "publishing.database.postgresql"
    assert two["DATABASE_ROUTERS"] == ["publishing.database.replica.Router"]


def test_pictures_are_in_a_folder_unless_a_bucket_is_named(tmp_path):
    def storage(**environment):
        return values(tmp_path, "STORAGES", **environment)["STORAGES"]["default"]

    assert storage() == {"BACKEND": "publishing.files.WholeFiles"}
    assert storage(STORAGE_URL="s3://pictures/2026?region=eu-west-1&endpoint=https://s3.example:9000")["OPTIONS"] == {
        "bucket_name": "pictures", "location": "2026", "region_name": "eu-west-1",
        "endpoint_url": "https://s3.example:9000",
    }  # fmt: skip
    assert storage(STORAGE_URL="s3://pictures")["OPTIONS"] == {
        "bucket_name": "pictures", "location": "", "region_name": None, "endpoint_url": None
    }  # fmt: skip


def test_a_cdn_is_named_with_its_token_in_one_address(tmp_path):
    assert values(tmp_path, "CDN") == {"CDN": {}}
    assert values(tmp_path, "CDN", CDN_URL="fastly://a-Token@SU1Z0is")["CDN"] == {
        "kind": "fastly", "token": "a-Token", "id": "SU1Z0is", "api": None
    }  # fmt: skip


def test_every_variable_that_is_read_stands_in_the_example_and_the_other_way_round():
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', (ROOT / "publishing/settings.py").read_text()))
    for name in ("deploy/gunicorn.conf.py", "publishing/management/commands/load_demo.py"):
        read |= set(re.findall(r'\bos\.environ\.get\(\s*"([A-Z_]+)"', (ROOT / name).read_text()))

    assert read == names_in_example()


def test_no_other_module_reads_the_environment():
    readers = {"publishing/settings.py", "publishing/management/commands/load_demo.py", "publishing/wsgi.py"}
    modules = [path for app in ("publishing", "articles", "comments", "quizzes") for path in (ROOT / app).rglob("*.py")]
    found = {
        str(path.relative_to(ROOT))
        for path in modules
        if "tests" not in path.parts and re.search(r"\bos\.(environ|getenv)|environ\.Env", path.read_text())
    }

    assert found <= readers


def test_the_example_is_a_working_environment(tmp_path):
    example = dict(re.findall(r"^([A-Z_]+)=(.+)$", (ROOT / ".env.example").read_text(), re.M))

    finished = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], tmp_path, **example)
    assert finished.returncode == 0, finished.stderr


def test_the_optional_values_of_the_example_work_too(tmp_path):
    written = re.findall(r"^#([A-Z_]+)=(.+)$", (ROOT / ".env.example").read_text(), re.M)
    example = {name: value.strip("'") for name, value in written}

    finished = run(["manage.py", "check"], tmp_path, **example)
    assert finished.returncode == 0, finished.stderr


def test_the_deployment_checks_are_clean():
    ours = ("VAR_DIR", "DJANGO_ALLOW_ASYNC_UNSAFE")
    names = {name: value for name, value in os.environ.items() if name not in ours}
    finished = subprocess.run(["deploy/check"], cwd=ROOT, env=names, capture_output=True, text=True)

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "no issues" in finished.stdout


def test_what_serves_loads_the_client_of_redis_only_with_an_address(tmp_path):
    command = ["-c", "import sys, publishing.wsgi; print('redis' in sys.modules)"]
    names = {"DJANGO_SETTINGS_MODULE": "publishing.settings"}

    assert run(command, tmp_path, **names).stdout.split() == ["False"]
    assert run(command, tmp_path, **names, REDIS_URL="redis://127.0.0.1:1/0").stdout.split() == ["True"]
