"""Recent organizations: which somebody opened lately."""

from datetime import timedelta
from typing import Protocol

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.models import OpenedOrganization, Person
from dashboard.storage.database import spare

# An organization one stays in is not written down again at every page.
WRITTEN_EVERY = timedelta(minutes=5)
KINDS = {
    "production": _("Production"),
    "demo": _("Demo"),
    "inactive": _("Inactive"),
    "suspended": _("Suspended"),
}


class Organization(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


def opened(person: Person, organization: Organization) -> None:
    now = timezone.now()
    last = next(iter(person.lately_opened), None)
    if last and last.organization == organization.id and now - last.opened_at < WRITTEN_EVERY:
        return
    with spare("An organization that was opened"):
        OpenedOrganization.objects.update_or_create(
            person=person,
            organization=organization.id,
            defaults={"name": organization.name[:255], "kind": organization.kind, "opened_at": now},
        )
        del person.lately_opened


def lately(person: Person) -> list[dict[str, str]]:
    """Nothing to somebody who may see no organization any more."""
    if not person.has_perm("accounts.view_organizations"):
        return []
    return [
        {
            "id": row.organization,
            "name": row.name,
            "kind": row.kind,
            "kind_label": str(KINDS.get(row.kind, row.kind)),
            "url": reverse("organizations:overview", kwargs={"org": row.organization}),
        }
        for row in person.lately_opened
    ]
