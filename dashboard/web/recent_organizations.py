"""Which organizations somebody opened lately."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from dashboard.accounts.models import OpenedOrganization, Person
from dashboard.web.formatting import label
from dashboard.web.request import OpenOrganization

SHOWN = 8
# An organization one stays in is not written down again at every page.
WRITTEN_EVERY = timedelta(minutes=5)


def opened(person: Person, organization: OpenOrganization) -> None:
    now = timezone.now()
    last = person.opened.order_by("-opened_at").first()
    if last and last.organization == organization.id and now - last.opened_at < WRITTEN_EVERY:
        return
    OpenedOrganization.objects.update_or_create(
        person=person,
        organization=organization.id,
        defaults={"name": organization.name[:255], "kind": organization.kind, "opened_at": now},
    )


def lately(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "id": row.organization,
            "name": row.name,
            "kind": row.kind,
            "kind_label": label(row.kind),
            "url": OpenOrganization(row.organization, row.name, "", row.kind, "").url,
        }
        for row in person.opened.order_by("-opened_at")[:SHOWN]
    ]
