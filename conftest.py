"""What the tests of every app share, by subject; publishing/tests/environment.py runs before the settings."""

pytest_plugins = [
    "publishing.tests.selection",
    "publishing.tests.isolation",
    "publishing.tests.served",
    "publishing.tests.database",
    "publishing.tests.browser",
    "publishing.tests.words",
]
