"""What is done to people goes on the same trail as what is asked of Flowtly."""

import uuid
from typing import Any

from dashboard.accounts.models import Person
from dashboard.accounts.roles import role_names
from dashboard.audit import chain
from dashboard.audit.models import Outcome, Phase
from dashboard.web.request import StaffRequest

ENTITY = "people"


def put_on_record(
    request: StaffRequest, kind: str, person: Person, changes: dict[str, list[Any]] | None = None
) -> None:
    """Inside the transaction of the change itself: both are kept, or neither. No password is ever in `changes`."""
    line: dict[str, Any] = {
        "write": uuid.uuid4().hex,
        "person": request.user,
        "username": request.user.username,
        "roles": ", ".join(role_names(request.user))[:200],
        "entity": ENTITY,
        "kind": kind,
        "record": str(person.pk),
        "record_name": person.username,
        "method": request.method,
        "path": request.path[:300],
        "request_id": request.id,
    }
    chain.add(**line, phase=Phase.INTENT, changes=changes or {})
    chain.add(**line, phase=Phase.OUTCOME, outcome=Outcome.APPLIED)
