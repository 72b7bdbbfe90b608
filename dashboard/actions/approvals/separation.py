"""Separation of duties: who asked must not be the person behind the account that agrees.

A superuser can hand a colleague a new password, or make a colleague, and sign in as them. So nobody agrees to a
request of somebody who has had their account in hand.
"""

from datetime import timedelta

from django.conf import settings

from dashboard.accounts.access_changes import ENTITY
from dashboard.accounts.models import Person
from dashboard.actions.models import Act
from dashboard.audit.models import Entry, Phase

# What on record lets somebody in, or lets them do more. An update does where it is about one of these.
KINDS = ("create", "update", "activate", "reset-password", "set-password")
RIGHTS = {"roles", "permissions", "is_superuser", "is_staff", "is_active"}


def in_hand_of_asker(act: Act, person: Person) -> bool:
    """Whether who asked could be behind this account: they have changed it, or the account of somebody who has.

    It counts since the request, and for as long before it as a request may wait: else the password would be handed
    out first. A change that nobody's name is on could be theirs.
    """
    assert act.asked_at is not None
    lines = Entry.objects.filter(
        organization="",
        entity=ENTITY,
        phase=Phase.INTENT,
        kind__in=KINDS,
        at__gte=act.asked_at - timedelta(hours=settings.SECOND_PERSON_HOURS),
    )
    changed = [
        (line.person_id, line.record)
        for line in lines
        if (line.kind != "update" or RIGHTS & line.changes.keys())
        and (line.person_id is not None or line.at >= act.asked_at)
    ]
    if person.date_joined >= act.asked_at and str(person.pk) not in {record for _by, record in changed}:
        return True
    held: set[str] = set()
    within = {str(act.person_id), "None"}
    while more := {record for by, record in changed if str(by) in within} - within:
        held |= more
        within |= more
    return str(person.pk) in held
