"""The seal on the trail: whoever touches it is found out, and many writers at once make one chain."""

import json
import math
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts.models import Person
from dashboard.audit import chain
from dashboard.audit.models import Entry, Head, Known, Phase
from tests.support.processes import Dashboard, MakeDashboard

WRITERS, LINES = 4, 25
WRITE = f"""
import os, traceback
from dashboard.audit import chain

def write(worker):
    for n in range({LINES}):
        chain.add(phase="intent", write=f"{{worker}}-{{n}}", username="bram", entity="locations", kind="update",
                  method="PATCH", path="/locations/1", request_id="r",
                  changes={{"name": ["é\\x00", 0.1 + n, 1e23, None]}})

workers = []
for n in range({WRITERS}):
    if worker := os.fork():
        workers.append(worker)
        continue
    try:
        write(n)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
assert not any([os.waitpid(worker, 0)[1] for worker in workers])
"""


def verified(*arguments: str) -> str:
    said = StringIO()
    call_command("verify_audit", *arguments, stdout=said)
    return said.getvalue()


def complaints(*arguments: str) -> str:
    said = StringIO()
    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_audit", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def ten(people: dict[str, Person]) -> None:
    for n in range(10):
        add(person=people["backoffice"], write=f"w{n}", changes={"name": [None, f"Place {n}"]})


def add(**line: Any) -> Entry:
    said = {"phase": Phase.INTENT, "write": "w", "username": "bram", "entity": "locations", "kind": "update",
            "method": "PATCH", "path": "/locations/1", "request_id": "r"}  # fmt: skip
    return chain.add(**{**said, **line})


def test_everything_a_line_says_is_sealed() -> None:
    said = {field.attname for field in Entry._meta.concrete_fields if isinstance(field, models.Field)}
    assert set(chain.SIGNED) == said - {"mac"}


def test_a_whole_trail_is_said_to_be_whole(ten: None) -> None:
    assert "The audit trail is whole: 10 lines." in verified()


def test_an_empty_one_too(db: None) -> None:
    assert "The audit trail is whole: 0 lines." in verified()


@pytest.mark.parametrize("name", [name for name in chain.SIGNED if name not in {"number", "before"}])
def test_no_field_of_a_line_can_be_altered_unseen(ten: None, people: dict[str, Person], name: str) -> None:
    entry = Entry.objects.get(number=4)
    other: dict[str, Any] = {
        "at": entry.at.replace(year=2001),
        "changes": {"name": [None, "Other"]},
        "person_id": people["admin"].pk,
        "status": 201,
        "milliseconds": 1,
        "phase": "settled",
        "outcome": "refused",
    }
    Entry.objects.filter(number=4).update(**{name: other.get(name, "altered")})
    assert complaints() == "line 4 has been altered\n"


def test_a_line_cannot_be_taken_out_slipped_in_or_moved(ten: None) -> None:
    taken = Entry.objects.get(number=4)
    Entry.objects.filter(number=4).delete()
    assert complaints() == "line 4 is missing: the next one is 5\n"
    taken.mac = "0" * 64
    taken.save(force_insert=True)
    assert "line 4 has been altered" in complaints()
    assert "line 5 does not follow" in complaints()


def test_a_line_sealed_without_the_key_is_seen(ten: None, settings: Any) -> None:
    settings.AUDIT_KEY = "another key"
    add(write="forged")
    settings.AUDIT_KEY = settings.SECRET_KEY
    assert complaints() == "line 11 has been altered\n"


def test_lines_cut_off_the_end_are_seen_by_the_head(ten: None) -> None:
    Entry.objects.filter(number__gt=7).delete()
    assert complaints() == "the chain ends at line 7, and its head says 10\n"
    Head.objects.all().delete()
    assert "the head is missing" in complaints()


def test_an_end_cut_off_together_with_the_head_is_seen_by_the_log(ten: None) -> None:
    end, before = Entry.objects.get(number=10), Entry.objects.get(number=7)
    assert "is on the chain" in verified("--head", end.mac)
    Entry.objects.filter(number__gt=7).delete()
    # Who can do that can take away the note of the last check as well, and what is known of those writes.
    Known.objects.filter(number__gt=7).delete()
    Head.objects.update(number=before.number, mac=before.mac, checked=0, checked_mac="", whole_at=None)
    assert "is whole" in verified()
    assert "is on the chain" in verified("--head", before.mac)
    for head in (end.mac, "7", "10", "²", "9" * 40):
        with pytest.raises(CommandError):
            verified("--head", head)


class TestASecondCheck:
    def test_goes_on_where_the_first_ended(self, ten: None) -> None:
        verified()
        add(write="eleven")
        assert "whole: 11 lines.\nChecked after line 10;" in verified()
        assert "Checked after line 11;" in verified()

    def test_finds_what_is_altered_after_that(self, ten: None) -> None:
        verified()
        add(write="eleven")
        Entry.objects.filter(number=11).update(reason="altered")
        assert complaints() == "line 11 has been altered\n"

    def test_what_is_altered_before_that_is_found_by_a_whole_one_and_that_within_a_week(
        self, ten: None, time_machine: Any
    ) -> None:
        verified()
        Entry.objects.filter(number=4).update(reason="altered")
        assert "is whole" in verified()
        assert complaints("--whole") == "line 4 has been altered\n"
        time_machine.move_to(timezone.now() + timedelta(days=6))
        assert "is whole" in verified()
        time_machine.move_to(timezone.now() + timedelta(days=2))
        assert complaints() == "line 4 has been altered\n"

    @pytest.mark.parametrize(
        "note",
        [{"checked": 15}, {"checked_mac": "0" * 64}, {"whole_at": timezone.now() + timedelta(days=900)}],
    )
    def test_nobody_without_the_key_can_have_lines_taken_for_checked(
        self, ten: None, note: dict[str, Any]
    ) -> None:
        verified()
        for n in range(5):
            add(write=f"more{n}")
        Entry.objects.filter(number=12).update(reason="altered")
        Head.objects.update(**note)
        assert "to which the last check came, is not as it was" in complaints()

    def test_an_end_that_was_checked_and_cut_off_is_seen(self, ten: None) -> None:
        verified()
        before = Entry.objects.get(number=7)
        Entry.objects.filter(number__gt=7).delete()
        Head.objects.update(number=before.number, mac=before.mac)
        assert complaints() == "line 10, to which the last check came, is not as it was\n"


@pytest.mark.parametrize("head", ["gone", "reset"])
def test_an_empty_trail_where_there_was_one_is_seen(ten: None, people: dict[str, Person], head: str) -> None:
    Person.objects.filter(username="viewer").update(last_login=timezone.now())
    Entry.objects.all().delete()
    Head.objects.all().delete() if head == "gone" else Head.objects.update(number=0, mac="")
    assert complaints() == "there is no line, and there were some: people have signed in here or acted\n"


@pytest.mark.django_db(transaction=True)
def test_each_line_sends_its_head_to_the_log_once_it_is_kept(caplog: Any) -> None:
    with caplog.at_level("INFO", "dashboard.audit"):
        entry = add()
    (record,) = [record for record in caplog.records if record.name == "dashboard.audit"]
    assert (record.audit_number, record.audit_mac) == (entry.number, entry.mac)


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
))  # fmt: skip
def test_what_is_kept_is_plain_json_that_says_the_same_however_often_it_is_kept(value: Any) -> None:
    kept = chain.as_kept(value)
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert chain.as_kept(kept) == kept
    json.dumps(kept, ensure_ascii=False).encode()
    if isinstance(value, float) and math.isfinite(value):
        assert float(kept) == value


@pytest.mark.parametrize(
    "value", ["\x00", "\ud800", "é🦊", 0.1, 1e300, -0.0, 1.0, 10**30, True, {"a": [{"b": ()}]}, float("nan")]
)
def test_whatever_was_sent_can_be_kept_and_verified(db: None, value: Any) -> None:
    add(changes={"field": [None, value]}, reason="\x00\udfff", record_name="x" * 999)
    assert "is whole: 1 lines" in verified()


def written_at_once(dashboard: Dashboard) -> str:
    """Processes that write to one trail at the same time; what the command then says of it."""
    dashboard.run(WRITE)
    return dashboard.manage("verify_audit")


def test_many_processes_at_once_make_one_chain(on_sqlite: MakeDashboard) -> None:
    assert f"The audit trail is whole: {WRITERS * LINES} lines." in written_at_once(on_sqlite())


@pytest.mark.postgres
def test_many_processes_at_once_make_one_chain_on_postgresql(on_postgres: Dashboard) -> None:
    assert f"The audit trail is whole: {WRITERS * LINES} lines." in written_at_once(on_postgres)
    said = on_postgres.run(
        "from django.db import connection\n"
        "from dashboard.audit.models import Entry, Head\n"
        "connection.cursor().execute('DROP TRIGGER audit_entry_kept ON audit_entry')\n"
        "Entry.objects.filter(number=50).update(changes={'name': [None, 'x']})"
    )
    assert said == ""
    assert "line 50 has been altered" in on_postgres.manage("verify_audit", "--whole", status=1)
