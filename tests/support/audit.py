"""Lines of the audit log as a write would have left them."""

from typing import Any

from dashboard.accounts.models import Person
from dashboard.audit import chain
from dashboard.audit.models import Entry, Phase


def on_record(person: Person, number: int = 0, outcome: str = "applied", **line: Any) -> str:
    """A write as the trail would have kept it; its id."""
    write = f"w{Entry.objects.count()}"
    told = {
        "write": write,
        "person": person,
        "username": person.username,
        "organization": "org_1001",
        "organization_name": "Kwelgeest Groep",
        "entity": "locations",
        "kind": "update",
        "record": "1",
        "record_name": f"Place {number}",
        "method": "PATCH",
        "path": "/locations/1",
        "request_id": "abc",
        **line,
    }
    chain.add(**told, phase=Phase.INTENT)
    if outcome:
        followed = {**told, "changes": {}, "reason": ""}
        chain.add(**followed, phase=Phase.OUTCOME, outcome=outcome, status=200, milliseconds=12)
    return write
