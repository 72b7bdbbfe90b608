"""Security events: who came in, who was refused or locked out, and who left, from which address.

Each is in the log and, where it is about somebody who exists, in the audit log. A name that nobody has is not written
down: it may be a password that was typed in the wrong place.
"""

import logging

from django.db import transaction
from django.http import HttpRequest

from dashboard.accounts import user_agents
from dashboard.accounts.access_changes import ENTITY
from dashboard.accounts.models import Person
from dashboard.audit import chain
from dashboard.audit.models import Outcome
from dashboard.audit.trail import put_on_record
from dashboard.web.client_address import client_address

log = logging.getLogger("dashboard.security")

SIGN_IN, FAILED, LOCKED, SIGN_OUT = "sign-in", "sign-in-failed", "sign-in-locked", "sign-out"


def record(request: HttpRequest, event: str, person: Person | None) -> None:
    """Whoever came in or left did it themselves. Who was refused is not known, only whose name was used."""
    refused = event in {FAILED, LOCKED}
    address = client_address(request)
    username = person.username if person else ""
    level = logging.WARNING if refused else logging.INFO
    log.log(level, event, extra={"event": event, "person": username, "address": address})
    if person is None:
        with transaction.atomic():
            chain.queue()  # takes as long as if somebody had this name
        return
    put_on_record(
        None if refused else request,  # type: ignore[arg-type]  # the person is signed in, and the request has its id
        ENTITY,
        event,
        record=str(person.pk),
        record_name=username,
        changes={
            "address": [None, address],
            "browser": [None, user_agents.in_words(request.headers.get("User-Agent", ""))],
        },
        outcome=Outcome.REFUSED if refused else Outcome.APPLIED,
    )
