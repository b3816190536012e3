"""Migrations: complete, named, reversible, and independent of the code of today."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

OURS = ("publishing", "articles", "comments", "quizzes")
# Those that others refer to last.
APPS = ["comments", "quizzes", "articles", "sponsors", "maintenance", "moving", "publishing"]


def our_migrations():
    loader = MigrationLoader(None)
    labels = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in OURS}
    assert labels == set(APPS)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in labels}


def files():
    return sorted(path for app in OURS for path in (settings.BASE_DIR / app).rglob("migrations/[0-9]*.py"))


def tables():
    with connection.cursor() as cursor:
        return {name for name in connection.introspection.table_names(cursor) if name.split("_")[0] in APPS}


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)

    assert "No changes detected" in capsys.readouterr().out


def test_there_is_one_last_migration_in_each_app():
    assert not MigrationLoader(None).detect_conflicts()


def test_names_say_what_a_migration_does():
    for _, name in our_migrations():
        assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z]+)*", name), name
        assert "auto" not in name.split("_"), name


def test_every_operation_can_be_undone():
    for key, migration in our_migrations().items():
        for operation in migration.operations:
            assert operation.reversible, f"{key}: {operation.describe()}"


# Migrations up to this number ran before the site could be updated while it serves.
WITH_A_STOP = {
    "articles": 6,
    "comments": 11,
    "quizzes": 11,
    "publishing": 3,
    "maintenance": 2,
    "sponsors": 1,
    "moving": 0,
}
# What is removed or renamed, as "app.0012_name", with the release before it, which no longer uses it.
NO_LONGER_USED: dict[str, str] = {}
TAKE_AWAY = (
    migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel,
    migrations.AlterModelTable,
)  # fmt: skip


def stops_old_code(migration, loader):
    """The operations that break reads or writes of the release before."""
    for operation in migration.operations:
        is_required = isinstance(operation, migrations.AddField | migrations.AlterField) and not (
            operation.field.null or operation.field.many_to_many or operation.field.has_db_default()
        )
        if is_required and isinstance(operation, migrations.AlterField):
            # The model of accounts is a dependency on the first migration of its app, whatever that is.
            needed = [loader.check_key(key, migration.app_label) for key in migration.dependencies]
            before = loader.project_state(needed, at_end=True)
            fields = before.models[migration.app_label, operation.model_name_lower].fields
            is_required = operation.name in fields and fields[operation.name].null
        if is_required or isinstance(operation, TAKE_AWAY):
            yield operation.describe()


def test_code_of_the_release_before_can_serve_after_a_migration():
    loader = MigrationLoader(None)
    for (app, name), migration in our_migrations().items():
        if int(name[:4]) > WITH_A_STOP[app] and f"{app}.{name}" not in NO_LONGER_USED:
            found = list(stops_old_code(migration, loader))
            assert not found, f"{app}.{name} needs a db_default, null=True or another release: {found}"


@pytest.mark.parametrize(
    ("operation", "stops"),
    [
        (migrations.AddField("comment", "likes", models.IntegerField(default=0)), True),
        (migrations.AddField("comment", "likes", models.IntegerField(db_default=0)), False),
        (migrations.AddField("comment", "likes", models.IntegerField(null=True)), False),
        (migrations.AlterField("comment", "notified_at", models.DateTimeField()), True),
        (migrations.AlterField("comment", "body", models.TextField(max_length=9000)), False),
        (migrations.RemoveField("comment", "note"), True),
        (migrations.RenameField("comment", "note", "remark"), True),
        (migrations.CreateModel("Like", [("id", models.BigAutoField(primary_key=True))]), False),
    ],
    ids=lambda value: value.describe() if hasattr(value, "describe") else "",
)
def test_operations_that_break_old_code_are_recognised(operation, stops):
    migration = migrations.Migration("0012_new", "comments")
    migration.dependencies, migration.operations = [("comments", "0011_plain_labels")], [operation]

    assert bool(list(stops_old_code(migration, MigrationLoader(None)))) == stops


@pytest.mark.parametrize("path", files(), ids=lambda path: "/".join(Path(path).parts[-3:]))
def test_a_migration_imports_nothing_of_ours(path):
    for node in ast.walk(ast.parse(path.read_text())):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports from its own package"
            modules = [node.module]
        assert not [module for module in modules if module.split(".")[0] in OURS]


def steps_of(executor):
    """Each of our migrations in their order, with its operations and the models before and after each of these. To work
    these out takes most of the time of `migrate`, which does it twice on the way back and once more on the way there.
    """
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True):
        steps = []
        for operation in migration.operations:
            before = state
            if migration.app_label in APPS:
                # From here on only the models that change are made again.
                before.apps  # noqa: B018
            state = before.clone()
            operation.state_forwards(migration.app_label, state)
            steps.append((operation, before, state))
        if migration.app_label in APPS:
            yield migration, steps


def test_migrating_to_nothing_and_back_leads_to_the_same_tables(migrated_database):
    before = tables()
    executor = MigrationExecutor(connection)
    migrations_with_steps = list(steps_of(executor))
    assert {migration for migration, _ in migrations_with_steps} == set(our_migrations().values())

    for migration, steps in reversed(migrations_with_steps):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            for operation, before_it, after_it in reversed(steps):
                operation.database_backwards(migration.app_label, editor, after_it, before_it)
    assert tables() == set()

    for migration, steps in migrations_with_steps:
        with connection.schema_editor(atomic=migration.atomic) as editor:
            for operation, before_it, after_it in steps:
                operation.database_forwards(migration.app_label, editor, before_it, after_it)
    assert tables() == before
    assert len(before) > 10
