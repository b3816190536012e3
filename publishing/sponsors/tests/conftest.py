"""The served site of the tests of slots, in which another host of this machine plays Google."""

import shutil

import pytest

from publishing.tests.served import Site
from publishing.tests.test_browser import SEED

from .adsense import stand_in


@pytest.fixture(scope="session")
def other_host():
    with stand_in.google() as origin:
        yield origin


@pytest.fixture(scope="session")
def slots_site(tmp_path_factory, demo, browser, other_host):
    """Each test says what fills its slots. With the browser: what shares this site is in one process."""
    site = Site(tmp_path_factory.mktemp("slots"), ADSENSE_SCRIPT_URL=f"{other_host}{stand_in.SCRIPT_PATH}")
    shutil.copytree(demo, site.directory, dirs_exist_ok=True)
    with site.served(workers=1):
        site.run(SEED)
        yield site
