"""The database refuses to change or delete a line of the audit log, whoever asks it."""

import pytest
from django.db import IntegrityError, connection, transaction

from dashboard.audit import chain, triggers
from dashboard.audit.models import Entry
from tests.support.processes import Dashboard, MakeDashboard

HOSTILE = [
    "UPDATE audit_entry SET reason = 'other' WHERE number = 2",
    "UPDATE audit_entry SET number = 9 WHERE number = 2",
    "DELETE FROM audit_entry WHERE number = 2",
    "DELETE FROM audit_entry",
]
ADD = """
from django.db import IntegrityError, connection
from dashboard.audit import chain
for n in range(3):
    chain.add(phase="intent", write=f"w{n}", username="bram", entity="locations", kind="update",
              method="PATCH", path="/locations/1", request_id="r")
"""
# PostgreSQL asks the trigger whether or not there is a line.
LAY = """
from django.db import IntegrityError, connection
from dashboard.audit import triggers
triggers.lay()
"""
TRY = """
import sys
print("SAID", end=" ")
for statement in sys.argv[1:]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        print("never changed" in str(error), end=" ")
    else:
        print("done", end=" ")
"""
REMAKE = """
from django.core.management import call_command
from django.db import connection, models
from dashboard.audit.models import Entry
with connection.schema_editor() as editor:
    old, new = Entry._meta.get_field("words"), models.CharField(max_length=9000, blank=True)
    new.set_attributes_from_name("words")
    editor.alter_field(Entry, old, new)
    editor.alter_field(Entry, new, old)
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
    print(cursor.fetchone()[0], end=" ")
    call_command("migrate", verbosity=0)
    cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
    print(cursor.fetchone()[0])
"""


@pytest.mark.parametrize("statement", [*HOSTILE, "REPLACE INTO audit_entry SELECT * FROM audit_entry"])
def test_a_line_is_neither_changed_nor_deleted(statement: str, db: None) -> None:
    for n in range(3):
        line = {"username": "bram", "entity": "locations", "kind": "update", "method": "PATCH", "path": "/"}
        chain.add(phase="intent", write=f"w{n}", request_id="r", **line)
    triggers.lay()
    triggers.lay()  # as after every migration
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Entry.objects.count() == 3
    assert list(chain.faults()) == []


def test_a_site_that_was_migrated_has_them_and_goes_on_writing(on_sqlite: MakeDashboard) -> None:
    site = on_sqlite()
    assert site.run(ADD + TRY, *HOSTILE).rpartition("SAID")[2].split() == ["True"] * len(HOSTILE)
    assert "is whole: 3 lines" in site.manage("verify_audit")


def test_they_are_laid_again_where_the_table_was_made_anew(on_sqlite: MakeDashboard) -> None:
    assert on_sqlite().run(REMAKE).split() == ["0", "3"]


@pytest.mark.postgres
def test_postgresql_refuses_as_well(on_postgres: Dashboard) -> None:
    hostile = [*HOSTILE, "TRUNCATE audit_entry CASCADE"]
    assert on_postgres.run(LAY + TRY, *hostile).rpartition("SAID")[2].split() == ["True"] * len(hostile)
