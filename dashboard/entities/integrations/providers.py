"""The three integrations, and what is known of the services behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.integrations import Enrollable, Kind, Status

Words = str | Promise


@dataclass(frozen=True)
class Integration:
    """Integration, as locks and the trail know it: a record of the dashboard's, for the API has none with an id."""

    id: Kind
    name: str
    about: Words
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def card(self) -> str:
        return f"{self.id}-card"

    @property
    def page(self) -> str:
        return f"integrations:{self.id}"


@dataclass(frozen=True)
class Service:
    """Service where an organization is enrolled with two ids. `joined` is how its own page takes the scopes at once."""

    kind: Enrollable
    name: str
    joined: str
    joined_label: Words
    tenant: Words
    client: Words
    client_help: Words
    steps: tuple[Words, ...]


GOOGLE = Integration(
    "google-workspace", "Google Workspace", _("People, groups and calendars from the organization's Google.")
)
TEAMS = Integration(
    "microsoft-teams",
    "Microsoft Teams",
    _("People, calendars and meetings from the organization's Microsoft 365."),
)
KONTOMATIK = Integration(
    "kontomatik", "Kontomatik", _("Bank data, by leave of the organization's customer of the bank.")
)
INTEGRATIONS: dict[str, Integration] = {each.id: each for each in (GOOGLE, TEAMS, KONTOMATIK)}

SERVICES: dict[str, Service] = {
    "google-workspace": Service(
        "google-workspace",
        "Google Workspace",
        ",",
        _("All at once, separated by commas, as Google's page takes them"),
        _("Domain or customer id"),
        _("Client id"),
        _("About 21 digits, without letters: the one that the grant names."),
        (
            _(
                "A super admin of the organization's own Google signs in to the Admin console, admin.google.com."
            ),
            _("There: Security, then API controls, then Manage domain-wide delegation, then Add new."),
            _("They enter the client id and exactly the scopes listed here, and authorize."),
            _("Back here, enter the same client id and their domain."),
        ),
    ),
    "microsoft-teams": Service(
        "microsoft-teams",
        "Microsoft Teams",
        " ",
        _("All at once, separated by spaces"),
        _("Directory (tenant) id"),
        _("Application (client) id"),
        _("32 hexadecimal digits in five groups."),
        (
            _("A tenant admin of the organization's own Microsoft 365 signs in to Microsoft's admin center."),
            _(
                "They give admin consent, for everybody in the tenant, to exactly the permissions listed here."
            ),
            _("They tell you the directory (tenant) id: the overview of their directory shows it."),
            _("Back here, enter that id."),
        ),
    ),
}


def status(api: Flowtly, integration: Integration) -> Callable[[], Status]:
    return lambda: api.integrations.status(integration.id)
