"""Messages about a missing permission: what it is for, which roles have it and who gives it."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.accounts import roles
from dashboard.accounts.models import Person
from dashboard.standards.foreign_text import joined
from dashboard.web.request import may

NAMED = 3


def why_not(request: HttpRequest, codename: str) -> str:
    """What is missing, who has it and who could give it; nothing where they may."""
    return "" if may(request, codename) else needs(codename)


def needs(codename: str) -> str:
    doing = roles.doing(codename) or _("This")
    holders = roles.roles_with(codename)
    superusers = _superusers()
    if not holders:
        text = _("%(doing)s is for superusers alone.")
    else:
        text = ngettext(
            "%(doing)s needs the role %(roles)s. A superuser can give it.",
            "%(doing)s needs one of these roles: %(roles)s. A superuser can give one.",
            len(holders),
        )
    said = text % {"doing": doing, "roles": ", ".join(map(str, holders))}
    return f"{said} {_('Superusers: %(names)s.') % {'names': superusers}}" if superusers else said


def _superusers() -> str:
    found = Person.objects.filter(is_superuser=True, is_staff=True, is_active=True).order_by("pk")
    return joined(found[:NAMED])
