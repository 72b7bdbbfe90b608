"""Triggers: the database itself refuses to change or delete a line of the audit log.

Laid after each migration: SQLite drops a table's triggers where Django makes the table anew.
"""

from django.db import DEFAULT_DB_ALIAS, connections

from dashboard.audit.models import Entry

TABLE = Entry._meta.db_table
WORDS = "lines of the audit log are never changed"
REFUSE = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"

STATEMENTS = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_update BEFORE UPDATE ON {TABLE} {REFUSE}",
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_delete BEFORE DELETE ON {TABLE} {REFUSE}",
        # INSERT OR REPLACE deletes without a word to a trigger on deletion.
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_replace BEFORE INSERT ON {TABLE} "  # noqa: S608  # our own names
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE number = NEW.number) {REFUSE}",
    ],
    "postgresql": [
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
    ],
}


def lay(using: str = DEFAULT_DB_ALIAS, **_kwargs: object) -> None:
    """Signal, after a migration; it may have been one of other tables alone."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            for statement in STATEMENTS[connection.vendor]:
                cursor.execute(statement)
