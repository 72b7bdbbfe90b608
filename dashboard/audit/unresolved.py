"""Unresolved outcomes, as the page of their record shows them to whoever comes next."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.audit import open_writes
from dashboard.audit.models import Open
from dashboard.web.formatting import as_it_is, label, when
from dashboard.web.request import StaffRequest, may, to_change


def told(request: StaffRequest, entity: str, record: str) -> list[dict[str, Any]]:
    organization = request.organization.id if hasattr(request, "organization") else ""
    return [told_one(request, open_) for open_ in open_writes.of(organization, entity, record).order_by("at")]


def told_one(request: StaffRequest, open_: Open) -> dict[str, Any]:
    held = open_writes.under_way(open_)
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
    may_settle = not held and may(request, to_change(open_.entity))
    whose = {"org": open_.organization} if open_.organization else {}
    return {
        "write": open_.write,
        "title": title,
        "text": text % who,
        "sent": [
            {"name": name, "value": label(None) if v is None else as_it_is(v)}
            for name, v in open_.sent.items()
        ],
        "settle_url": reverse("audit:settle", kwargs={"write": open_.write, **whose}) if may_settle else "",
        "next": request.path,
    }
