"""Every model of ours is in an export, or it is said why not."""

from django.apps import apps
from django.conf import settings

from publishing.transfer.export.tables import leads_to_account, parts, tables

OURS = ("publishing", "maintenance", "sponsors", "moving", "articles", "comments", "quizzes")


def test_every_model_is_exported_or_stays_behind_for_a_reason():
    exported = [table.model for table in tables()]
    left = {model: reason for part in parts() for model, reason in part.left.items()}
    ours = {model for name in OURS for model in apps.get_app_config(name).get_models(include_auto_created=True)}

    assert ours == {*exported, *left}
    assert len(exported) == len(set(exported))
    assert not set(exported) & set(left)
    assert all(left.values())


def test_the_keys_of_a_table_lead_to_tables_that_are_stored_before():
    stored, early = set(), []
    for table in tables():
        stored.add(table.model)
        early += [
            f"{table.label}.{field.name}"
            for field in table.fields
            if field.is_relation and field.related_model not in stored
        ]

    assert early == []


def test_no_table_has_columns_of_an_account_a_reader_or_a_network():
    columns = {f"{table.label}.{field.name}": field for table in tables() for field in table.fields}
    telling = ("email", "reader", "visitor", "network", "user", "ip", "token")

    assert [name for name, field in columns.items() if leads_to_account(field)] == []
    assert [name for name in columns if any(word in name.rpartition(".")[2].split("_") for word in telling)] == []
    assert settings.AUTH_USER_MODEL not in {table.model._meta.label for table in tables()}
