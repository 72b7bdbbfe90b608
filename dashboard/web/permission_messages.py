"""Why somebody may not do something here, and who could: said in words, wherever a page leaves something out."""

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.accounts.models import Person
from dashboard.accounts.roles import roles_with
from dashboard.web.request import may

NAMED = 3
# What each permission is for, as the beginning of a sentence.
DOING: dict[str, str | Promise] = {
    "change_organizations": gettext_lazy("Changing organizations and their profile"),
    "change_addresses": gettext_lazy("Changing addresses"),
    "change_locations": gettext_lazy("Changing locations"),
    "change_configs": gettext_lazy("Changing configs"),
    "change_reference": gettext_lazy("Adding languages"),
    "change_meetings": gettext_lazy("Changing meetings"),
    "change_integrations": gettext_lazy("Changing integrations"),
    "change_clients": gettext_lazy("Changing clients and their contacts"),
    "review_clients": gettext_lazy("Reviewing clients"),
    "change_subscriptions": gettext_lazy("Creating subscriptions"),
    "act_money": gettext_lazy("Applying or clearing coupons and cancelling subscriptions"),
    "clear_organization": gettext_lazy("Clearing an organization"),
    "view_audit": gettext_lazy("Reading the audit trail"),
    "write_notes": gettext_lazy("Writing notes and follow-ups"),
    "export": gettext_lazy("Exporting lists"),
    "import": gettext_lazy("Importing lists"),
    "manage_people": gettext_lazy("Looking after people and their roles"),
}


def why_not(request: HttpRequest, codename: str) -> str:
    """What is missing, who has it and who could give it; nothing where they may."""
    return "" if may(request, codename) else needs(codename)


def needs(codename: str) -> str:
    doing = DOING.get(codename) or _("This")
    roles = roles_with(codename)
    superusers = _superusers()
    if not roles:
        text = _("%(doing)s is for superusers alone.")
    else:
        text = ngettext(
            "%(doing)s needs the role %(roles)s. A superuser can give it.",
            "%(doing)s needs one of these roles: %(roles)s. A superuser can give one.",
            len(roles),
        )
    said = text % {"doing": doing, "roles": ", ".join(map(str, roles))}
    return f"{said} {_('Superusers: %(names)s.') % {'names': superusers}}" if superusers else said


def _superusers() -> str:
    found = Person.objects.filter(is_superuser=True, is_staff=True, is_active=True).order_by("pk")
    return ", ".join(str(person) for person in found[:NAMED])
