"""Keepers: each table of ours that would grow without end, and what takes away its rows when they have had their time.
`reconcile` calls them. A table without a keeper says why its rows stay.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db.models import Model, QuerySet
from django.utils import timezone

from dashboard.accounts.models import OpenedOrganization
from dashboard.actions.bulk.models import Batch
from dashboard.actions.models import Act, State
from dashboard.audit import operations
from dashboard.audit.models import Draft, Operation, Saving
from dashboard.entities.profile import pending_content
from dashboard.entities.profile.models import Chosen
from dashboard.status import snapshots
from dashboard.status.models import Met, Process
from dashboard.storage.cache import SharedCache
from dashboard.web import drafts

# Rows that are taken away at once: other writers wait no longer than that takes.
SLICE = 500
UNSENT = timedelta(days=7)  # an action, or a list of them, that was prepared and never confirmed
UNUSED = timedelta(days=90)  # an organization that was opened, a difference that was met

# Table → the rows of it that have had their time.
OLD: Mapping[type[Model], Callable[[], QuerySet[Any]]] = {
    Session: lambda: Session.objects.filter(expire_date__lt=timezone.now()),
    UserSession: lambda: UserSession.objects.filter(
        created_at__lt=_ago(timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS))
    ),
    OpenedOrganization: lambda: OpenedOrganization.objects.filter(opened_at__lt=_ago(UNUSED)),
    Operation: lambda: Operation.objects.filter(claimed_at__lt=_ago(2 * operations.LIVES)),
    Draft: lambda: Draft.objects.filter(at__lt=_ago(drafts.KEPT)),
    Saving: lambda: Saving.objects.filter(until__lt=timezone.now()),
    Chosen: lambda: Chosen.objects.filter(at__lt=_ago(pending_content.KEPT)),
    Process: lambda: Process.objects.filter(at__lt=_ago(snapshots.STALE)),
    Met: lambda: Met.objects.filter(last__lt=_ago(UNUSED)),
    Batch: lambda: Batch.objects.filter(confirmed_at=None, made_at__lt=_ago(UNSENT)).exclude(
        rows__act__isnull=False
    ),
    Act: lambda: Act.objects.filter(state=State.DRAFT, write="", made_at__lt=_ago(UNSENT), rows=None),
}

# Table → why its rows stay. By name: some are Django's own.
STAYS: Mapping[str, str] = {
    "audit.Entry": "the audit log: each line is kept, and a page of it costs the same however many there are",
    "audit.Known": "a row for each write on the audit log",
    "audit.Head": "one row",
    "audit.Open": "a row goes when its outcome is known, which somebody or reconcile sees to",
    "accounts.Person": "who did what stays on record",
    "accounts.Permissions": "no table",
    "batches.Row": "goes with its list",
    "notes.Note": "somebody's own words: kept until they say otherwise",
    "notes.FollowUp": "a promise that somebody made, and that it was kept",
    "status.Reads": "a row for each entity",
    "status.Compared": "one row",
    "account.EmailAddress": "allauth's own; people here have no address, so there is no row",
    "account.EmailConfirmation": "the same",
    "auth.Group": "a row for each role",
    "auth.Permission": "a row for each permission of the code",
    "contenttypes.ContentType": "a row for each model of the code",
}


def purge() -> int:
    """How many rows were taken away."""
    tables = sum(_in_slices(old) for old in OLD.values())
    return tables + sum(cache.purge(SLICE) for cache in caches.all() if isinstance(cache, SharedCache))


def _in_slices(old: Callable[[], QuerySet[Any]]) -> int:
    gone = 0
    while keys := list(old().values_list("pk", flat=True)[:SLICE]):
        # Asked again as it goes: a row may have come to be needed meanwhile.
        done: int = old().filter(pk__in=keys).delete()[0]
        gone += done
        if len(keys) < SLICE or not done:
            break
    return gone


def _ago(age: timedelta) -> datetime:
    return timezone.now() - age
