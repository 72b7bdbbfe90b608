"""Writes whose outcome is not known: finding them, looking again, settling them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.merge import same
from dashboard.words import as_it_is, label, when

from .models import Open, Outcome, Phase
from .saving import is_being_saved
from .trail import followed

if TYPE_CHECKING:
    from dashboard.accounts.models import Person

MOST = 2000


def of(organization: str, entity: str, record: str) -> QuerySet[Open]:
    """What is open about one record; with record "" the creations of that entity."""
    return Open.objects.filter(organization=organization, entity=entity, record=record)


def same_creation(entity: str, organization: str, fields: Mapping[str, Any]) -> bool:
    """Whether the very same creation is still open: a second one would be a blind repeat."""
    return any(same(open_.sent, dict(fields)) for open_ in of(organization, entity, "").filter(kind="create"))


def twins(resource: Any, fields: Mapping[str, Any]) -> list[Any]:
    """The records that look as this creation would. Asks by name where the API can, else reads all there are."""
    name = fields.get("name")
    filters = {"name": name} if isinstance(name, str) and "name" in (resource.filters() or ()) else {}
    found = resource.every(filters=filters, most=MOST).items
    # List items may be partial: a field that none of them has says nothing.
    shown = {key for record in found for key in record.raw}
    wanted = {key: value for key, value in fields.items() if value is not None and key in shown}
    return [record for record in found if all(same(record.raw.get(key), wanted[key]) for key in wanted)]


def settle(
    write: str, outcome: Outcome, words: str, person: "Person | None" = None, record: str = ""
) -> None:
    """Puts on record what was found out. `person` where it was decided by somebody."""
    who = {"person": person, "username": person.username} if person else {}
    followed(write, Phase.SETTLED, outcome, words=words, record=record, **who)


def told(request: Any, entity: str, record: str) -> list[dict[str, Any]]:
    """What is open about a record, as its page shows it to whoever comes next."""
    organization = request.organization.id if hasattr(request, "organization") else ""
    held = is_being_saved(f"{organization}/{entity}/{record}")
    return [_told(request, open_, held) for open_ in of(organization, entity, record).order_by("at")]


def _told(request: Any, open_: Open, held: bool) -> dict[str, Any]:
    who = {"who": open_.person.username, "when": when(open_.at, request.user.time_zone)}
    if held:
        title = _("Being saved just now")
        text = _("%(who)s is saving this record since %(when)s.")
    else:
        title = _("We do not know what became of an earlier attempt")
        text = _(
            "%(who)s tried this on %(when)s and Flowtly's answer was lost. Until somebody has settled it, "
            "nothing more is sent."
        )
    may_settle = not held and request.user.has_perm(f"accounts.change_{open_.entity}")
    in_organization = {"org": open_.organization, "write": open_.write}
    return {
        "write": open_.write,
        "title": title,
        "text": text % who,
        "sent": [
            {"name": name, "value": label(None) if v is None else as_it_is(v)}
            for name, v in open_.sent.items()
        ],
        "settle_url": reverse("audit:settle", kwargs=in_organization)
        if may_settle and open_.organization
        else "",
        "next": request.path,
    }
