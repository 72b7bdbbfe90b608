"""Access changes: somebody's password, rights or roles, changed by another way than the pages for it.

`manage.py changepassword` and a shell ask nobody who they are. What they change is on record as well, as nobody's, so
that no rule about who changed an account can be got round through them.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Model

from dashboard.accounts.models import Person
from dashboard.audit.trail import put_on_record

ENTITY = "people"
RIGHTS = ("is_active", "is_staff", "is_superuser")

_by_a_page: ContextVar[bool] = ContextVar("access is changed by a page", default=False)


@contextmanager
def by_a_page() -> Iterator[None]:
    """Inside, whoever changes an account puts it on record with their own name."""
    token = _by_a_page.set(True)
    try:
        yield
    finally:
        _by_a_page.reset(token)


def before_saving(
    sender: object, instance: Person, raw: bool, update_fields: Collection[str] | None, **_kwargs: object
) -> None:
    """Signal: the row as it still is, held against what will be saved."""
    if raw or instance.pk is None or _by_a_page.get():
        return
    saved = set(update_fields) if update_fields is not None else {"password", *RIGHTS}
    before = Person.objects.filter(pk=instance.pk).values("password", *RIGHTS).first() or {}
    changes = {
        name: [value, getattr(instance, name)]
        for name, value in before.items()
        if name in saved and getattr(instance, name) != value
    }
    # Django saves a password with a better hash when its owner signs in; that is the one it is not told of.
    if changes.pop("password", None) and getattr(instance, "_password", None) is not None:
        _on_record(instance, "set-password")
    if changes:
        _on_record(instance, "update", changes)


def grants_changed(
    sender: object,
    instance: Model,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: set[int] | None,
    **_kwargs: object,
) -> None:
    """Signal: roles or permissions of somebody, seen from them or from the role."""
    if action not in {"post_add", "post_remove", "pre_clear"} or _by_a_page.get():
        return
    kind = type(instance) if reverse else model
    touched = {instance.pk} if reverse else pk_set
    for person in _people(instance, pk_set) if reverse else [instance]:
        assert isinstance(person, Person)
        held: Any = person.groups if kind is Group else person.user_permissions
        now = set(held.values_list("pk", flat=True))
        taken = now if touched is None else touched & now if action == "pre_clear" else touched
        before, after = (now - taken, now) if action == "post_add" else (now | taken, now - taken)
        name = "roles" if kind is Group else "permissions"
        _on_record(person, "update", {name: [_names(kind, before), _names(kind, after)]})


def _people(grant: Model, pk_set: set[int] | None) -> list[Person]:
    assert isinstance(grant, Group | Permission)
    return list(grant.user_set.all() if pk_set is None else Person.objects.filter(pk__in=pk_set))


def _names(kind: type[Model], keys: set[int]) -> list[str]:
    name = "name" if kind is Group else "codename"
    return sorted(kind._default_manager.filter(pk__in=keys).values_list(name, flat=True))


def _on_record(person: Person, kind: str, changes: dict[str, list[Any]] | None = None) -> None:
    put_on_record(None, ENTITY, kind, record=str(person.pk), record_name=person.username, changes=changes)
