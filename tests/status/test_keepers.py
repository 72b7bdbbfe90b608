"""What grows is kept in bounds: each table has a keeper that `reconcile` calls, or a reason why its rows stay."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from dashboard.accounts.models import OpenedOrganization, Person
from dashboard.actions.bulk.models import Batch, Row
from dashboard.actions.models import Act
from dashboard.audit.models import Draft, Operation, Saving
from dashboard.entities.profile.models import Chosen
from dashboard.status import keepers
from dashboard.status.models import Met, Process
from dashboard.storage.cache import SharedCache
from tests.support.sandbox import Sandbox


def test_every_table_has_a_keeper_or_a_reason_to_grow() -> None:
    kept = {model._meta.label for model in keepers.OLD}
    assert kept & keepers.STAYS.keys() == set()
    assert {model._meta.label for model in apps.get_models()} == kept | keepers.STAYS.keys()
    assert all(keepers.STAYS.values())


def test_every_table_of_the_database_is_one_of_a_model_or_of_a_cache(db: None) -> None:
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    cached = {cache._table for cache in caches.all() if isinstance(cache, SharedCache)}  # type: ignore[attr-defined]
    assert len(cached) == 2
    assert set(connection.introspection.table_names()) - models - cached == {"django_migrations"}


def made(model: type[Model], at: datetime, person: Person, name: str) -> Any:
    """A row that was last of use at this time."""
    act: dict[str, Any] = {
        "kind": "cancel",
        "person": person,
        "organization": "org_1",
        "reason": "other",
        "note": "n",
    }
    fields: dict[type[Model], dict[str, Any]] = {
        Session: {"session_key": name, "session_data": "", "expire_date": at},
        UserSession: {"session_key": name, "user": person, "ip": "127.0.0.1", "created_at": at, "data": {}},
        OpenedOrganization: {
            "person": person,
            "organization": name,
            "name": name,
            "kind": "demo",
            "opened_at": at,
        },
        Operation: {"id": name, "person": person, "claimed_at": at},
        Draft: {"operation": name, "person": person, "path": "/", "data": "", "at": at},
        Saving: {"key": name, "holder": "x", "until": at},
        Chosen: {"key": name, "person": person, "path": "/", "content": b"", "at": at},
        Process: {"key": name, "figures": {}, "at": at},
        Met: {"kind": "field", "name": name, "first": at, "last": at},
        Batch: {"id": name, "person": person, "made_at": at, "code": "C", "reason": "other", "note": "n"},
        Act: {**act, "id": name, "made_at": at},
    }
    return model._base_manager.create(**fields[model])


@pytest.mark.parametrize("model", keepers.OLD, ids=lambda model: model._meta.label)
def test_what_is_old_goes_in_slices_and_what_is_young_stays(
    model: type[Model], people: dict[str, Person], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepers, "SLICE", 2)
    now, person = timezone.now(), people["finance"]
    for n in range(5):
        made(model, now - timedelta(days=100), person, f"old{n}")
    young = made(model, now + timedelta(seconds=30), person, "young")
    said = StringIO()
    call_command("reconcile", stdout=said)
    assert "Cleared away: 5." in said.getvalue()
    assert list(model._base_manager.values_list("pk", flat=True)) == [young.pk]
    assert keepers.purge() == 0


def test_what_was_sent_or_confirmed_stays_however_old(people: dict[str, Person]) -> None:
    long_ago, person = timezone.now() - timedelta(days=1000), people["finance"]
    sent = made(Act, long_ago, person, "sent")
    Act.objects.update(state="sent", outcome="applied", write="w")
    confirmed = made(Batch, long_ago, person, "confirmed")
    Batch.objects.update(confirmed_at=long_ago)
    begun = made(Batch, long_ago, person, "begun")
    of_a_row = made(Act, long_ago, person, "of-a-row")
    Row.objects.create(batch=begun, place=1, typed="org_1", act=of_a_row)
    assert keepers.purge() == 0
    assert set(Act.objects.all()) == {sent, of_a_row}
    assert set(Batch.objects.all()) == {confirmed, begun}


@pytest.mark.parametrize("name", ["default", "last_read"])
def test_what_expired_in_a_cache_goes_in_slices(db: None, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cache: Any = caches[name]
    monkeypatch.setattr(keepers, "SLICE", 2)
    for n in range(5):
        cache.set(f"old{n}", "x", 600)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {cache._table} SET expires = '2001-01-01 00:00:00'")
    cache.set("young", "x", 600)
    cache.set("always", "x", None)
    assert keepers.purge() == 5
    assert (cache.get("young"), cache.get("always")) == ("x", "x")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {cache._table}")
        assert cursor.fetchone() == (2,)
