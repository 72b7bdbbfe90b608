"""What a superuser may do to people. One change at a time, on how things are at that moment, and on record."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from dashboard.accounts import passwords, sessions
from dashboard.accounts.access_changes import ENTITY, by_a_page
from dashboard.accounts.models import Person
from dashboard.accounts.roles import ROLES
from dashboard.audit.trail import put_on_record
from dashboard.upstream.merge import Clash, merge
from dashboard.web.formatting import label
from dashboard.web.request import StaffRequest


class Refused(Exception):  # noqa: N818 - what happened, not a mistake
    """It was not done: why, by the field it is about; and what is there now, where somebody else has changed it."""

    def __init__(self, words: dict[str, str], now: dict[str, Any] | None = None) -> None:
        super().__init__(*words.values())
        self.words, self.now = words, now or {}


@dataclass(frozen=True)
class Locked:
    """Somebody who is being changed, and who else could still do that if they were not there."""

    person: Person
    others: frozenset[int]


def values(person: Person) -> dict[str, Any]:
    """What a superuser decides about somebody."""
    held = {group.name for group in person.groups.all()}
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "roles": [role for role in ROLES if role in held],
        "is_superuser": person.is_superuser,
    }


def add(request: StaffRequest, wanted: Mapping[str, Any]) -> tuple[Person, str]:
    """The new person, and the one-time password to hand over. It is kept nowhere but as its hash."""
    password = passwords.one_time()
    with _one_at_a_time(request):
        if Person.objects.named(wanted["username"]):
            raise Refused({"username": taken()})
        person = Person(username=wanted["username"], is_staff=True)
        passwords.hold(person, password, one_time=True)
        _set(person, wanted)
        decided = {name: [None, value] for name, value in values(person).items()}
        on_record(request, "create", person, decided)
    return person, password


def taken() -> str:
    return _("Somebody has this user name already.")


def change(request: StaffRequest, pk: int, base: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    """Changes what this superuser changed on the form, which was drawn from `base`; whether that was anything."""
    with _locked(request, pk) as locked:
        theirs = values(locked.person)
        merged = merge(base, theirs, {name: mine[name] for name in mine if mine[name] != base[name]})
        if merged.clashes:
            words = {clash.name: _meanwhile(clash) for clash in merged.clashes}
            raise Refused(words, {clash.name: clash.theirs for clash in merged.clashes})
        if "is_superuser" in merged.changes:
            _refuse_to_lose_superusers(request, locked)
        if merged.changes:
            _set(locked.person, merged.changes)
            changes = {name: [theirs[name], value] for name, value in merged.changes.items()}
            on_record(request, "update", locked.person, changes)
    return bool(merged.changes)


def deactivate(request: StaffRequest, pk: int) -> Person:
    with _locked(request, pk) as locked:
        _refuse_to_lose_superusers(request, locked)
        _activate(request, locked.person, False)
    sessions.end_all(locked.person)
    return locked.person


def activate(request: StaffRequest, pk: int) -> Person:
    with _locked(request, pk) as locked:
        _activate(request, locked.person, True)
    # One begun in the very moment of their deactivation would come to life again.
    sessions.end_all(locked.person)
    return locked.person


def reset_password(request: StaffRequest, pk: int) -> tuple[Person, str]:
    """A one-time password in place of the old one, which ends every session at once."""
    password = passwords.one_time()
    with _locked(request, pk) as locked:
        _refuse_for_oneself(request, locked.person)
        passwords.give(locked.person, password, one_time=True)
        on_record(request, "reset-password", locked.person)
    sessions.end_all(locked.person)
    return locked.person, password


def end_sessions(request: StaffRequest, pk: int) -> int:
    with _locked(request, pk) as locked:
        _refuse_for_oneself(request, locked.person)
        on_record(request, "end-sessions", locked.person)
    return sessions.end_all(locked.person)


def on_record(
    request: StaffRequest, kind: str, person: Person, changes: Mapping[str, list[Any]] | None = None
) -> None:
    """On the trail of what is asked of Flowtly, in the transaction of the change itself. Never a password."""
    put_on_record(request, ENTITY, kind, record=str(person.pk), record_name=person.username, changes=changes)


@contextmanager
def _one_at_a_time(request: StaffRequest) -> Iterator[frozenset[int]]:
    """Superusers who change people queue here, in whatever process, so that none acts on what another has just
    taken away: not their own right to act, and not the last superuser. Who can act: yielded."""
    with transaction.atomic(), by_a_page():
        # Their keys stay free: whoever adds a line to the trail refers to them meanwhile.
        superusers = Person.objects.select_for_update(no_key=True).filter(
            is_superuser=True, is_active=True, is_staff=True
        )
        able = frozenset(superusers.order_by("pk").values_list("pk", flat=True))
        if request.user.pk not in able:
            raise PermissionDenied
        yield able


@contextmanager
def _locked(request: StaffRequest, pk: int) -> Iterator[Locked]:
    with _one_at_a_time(request) as able:
        person = get_object_or_404(Person.objects.select_for_update(no_key=True), pk=pk)
        yield Locked(person, able - {pk})


def _refuse_to_lose_superusers(request: StaffRequest, locked: Locked) -> None:
    _refuse_for_oneself(request, locked.person)
    if not locked.others:
        raise Refused({"is_superuser": _("This is the last superuser. Make somebody else one first.")})


def _refuse_for_oneself(request: StaffRequest, person: Person) -> None:
    if person.pk == request.user.pk:
        raise Refused({"is_superuser": _("Nobody does this to themselves. Ask another superuser.")})


def _meanwhile(clash: Clash) -> str:
    now = clash.theirs
    shown = ", ".join(str(ROLES[role]) for role in now) if isinstance(now, list) else now
    words = _("Somebody else has changed this meanwhile, to: %(now)s. Save again to put yours in its place.")
    return words % {"now": label(shown)}


def _activate(request: StaffRequest, person: Person, active: bool) -> None:
    if person.is_active is active:
        return
    person.is_active = active
    person.save(update_fields=["is_active"])
    on_record(request, "activate" if active else "deactivate", person)


def _set(person: Person, wanted: Mapping[str, Any]) -> None:
    for name in ("first_name", "last_name", "email", "is_superuser"):
        if name in wanted:
            setattr(person, name, wanted[name])
    person.save()
    if "roles" in wanted:
        person.groups.set(Group.objects.filter(name__in=wanted["roles"]))
