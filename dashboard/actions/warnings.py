"""Warnings before an action: what its kind says of the organization and the record, and what was done here before
with the same code."""

import unicodedata
from collections.abc import Collection, Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.actions import sentence
from dashboard.actions.kinds import AnyKind
from dashboard.actions.models import Act, KindName
from dashboard.actions.observation import Look
from dashboard.audit.models import Outcome
from dashboard.web.formatting import when
from dashboard.web.request import StaffRequest

MOST_CODES = 500
DONE = (Outcome.APPLIED, Outcome.UNKNOWN)
# Signs that one eye takes for another.
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1", "-": None, "_": None, " ": None})


def read(request: StaffRequest, kind: AnyKind, look: Look, act: Act | None = None) -> list[str]:
    zone = request.user.time_zone
    of_code = _of_code(zone, act) if act and act.code else ()
    return [*kind.warnings(look.organization.value, look.record, zone), *of_code]


def _of_code(zone: str, act: Act) -> Iterator[str]:
    if before := last_applied(act.code, [act.organization], but=act.pk).get(act.organization):
        yield applied_before(zone, before)
    yield from of_alike(act.code)


def of_alike(code: str) -> Iterator[str]:
    if other := look_alike(code, codes_used()):
        text = _("%(code)s looks like %(other)s, which was used here before. Is it meant to be another one?")
        yield text % {"code": code, "other": other}


def last_applied(code: str, organizations: Collection[str], but: str = "") -> dict[str, Act]:
    """The last time that each of them was given this code here."""
    found = Act.objects.filter(kind=KindName.APPLY_COUPON, outcome__in=DONE, code=code)
    found = found.filter(organization__in=organizations).exclude(pk=but).select_related("person")
    return {act.organization: act for act in found.order_by("sent_at")}


def applied_lately(code: str, organization: str, but: str = "") -> Act | None:
    """Where they were given this code here within `TWIN_DAYS`: another time has to be meant."""
    before = last_applied(code, [organization], but).get(organization)
    since = timezone.now() - timedelta(days=settings.TWIN_DAYS)
    return before if before is not None and before.sent_at and before.sent_at >= since else None


def applied_before(zone: str, before: Act) -> str:
    told = {"sentence": sentence.of_act(before, zone).text, "when": when(before.sent_at, zone)}
    return _("This code was used here before, on %(when)s. %(sentence)s.") % told


def codes_used(most: int = MOST_CODES) -> list[str]:
    """Those that were applied here, by anybody to anybody, the latest first."""
    found = Act.objects.filter(kind=KindName.APPLY_COUPON, outcome=Outcome.APPLIED).order_by("-sent_at")
    return list(dict.fromkeys(found.values_list("code", flat=True)[: 2 * most]))[:most]


def look_alike(code: str, others: list[str]) -> str:
    """The first of the others that one may take it for."""
    if code in others:
        return ""
    return next((other for other in others if _skeleton(other) == _skeleton(code)), "")


def _skeleton(code: str) -> str:
    """The code without what the eye overlooks: capitals, O and 0, I, l and 1, spaces and hyphens."""
    return unicodedata.normalize("NFKC", code).casefold().translate(_ALIKE)
