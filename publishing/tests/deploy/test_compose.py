"""deploy/compose.yaml is read, not run: everything that it names exists."""

import re

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from publishing.tests.test_settings import names_in_example

DEPLOY = settings.BASE_DIR / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "publishing"]


def commands(text):
    return re.findall(r"manage\.py ([\w-]+(?: [^\s&\"]+)*)", text)


def test_it_has_every_part():
    assert set(SERVICES) == {"prepare", "app", "worker", "tidy", "backup", "nginx", "database", "redis"}
    assert set(OURS) == {"prepare", "app", "worker", "tidy", "backup"}


@pytest.mark.parametrize("name", OURS)
def test_the_site_gets_only_variables_that_it_reads(name):
    assert set(SERVICES[name]["environment"]) <= names_in_example()


def test_no_secret_is_in_it_or_in_the_repository_or_the_image():
    assert not re.search(r"(PASSWORD|SECRET_KEY|TOKEN)\s*[:=]|\$\{|://[^\s/]*@", TEXT)
    files = {"deploy/publishing.env", "deploy/database-password", "deploy/certificates"}
    assert files <= set((settings.BASE_DIR / ".gitignore").read_text().splitlines())
    assert files <= set((settings.BASE_DIR / ".dockerignore").read_text().splitlines())


def test_services_that_others_need_have_a_health_check_that_these_wait_for():
    for service in SERVICES.values():
        for needed, how in service.get("depends_on", {}).items():
            ends = how["condition"] == "service_completed_successfully"
            # The image of the site has a check.
            assert ends or "test" in SERVICES[needed].get("healthcheck", {}) or needed == "app"


def test_its_commands_exist_and_the_daily_ones_are_those_of_the_unit():
    tidy = commands((DEPLOY / "publishing-tidy.service").read_text())

    assert commands(SERVICES["tidy"]["command"]) == tidy
    assert commands(SERVICES["backup"]["command"]) == commands((DEPLOY / "publishing-backup.service").read_text())
    assert {command.split()[0] for name in OURS for command in commands(SERVICES[name]["command"])} <= set(
        get_commands()
    )


def test_nginx_finds_files_and_socket_where_its_configuration_looks():
    nginx = (DEPLOY / "nginx.conf").read_text()
    mounts = {mount.split(":")[1] for mount in SERVICES["nginx"]["volumes"]}

    assert {"/var/lib/publishing", "/run/publishing"} <= mounts
    assert "root /var/lib/publishing;" in nginx
    assert "unix:/run/publishing/gunicorn.sock" in nginx
    assert "unix:/run/publishing/gunicorn.sock" in SERVICES["app"]["command"]
    assert SERVICES["app"]["environment"]["VAR_DIR"] == "/var/lib/publishing"
