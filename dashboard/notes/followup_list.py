"""List of follow-ups: which are asked for, and fifty of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.notes import followups, panel, subjects
from dashboard.notes.models import FollowUp
from dashboard.web.formatting import number
from dashboard.web.request import StaffRequest, may

ROWS = 50
STATES: dict[str, str | Promise] = {
    "open": gettext_lazy("Open"),
    "overdue": gettext_lazy("Overdue"),
    "due": gettext_lazy("Due today"),
    "upcoming": gettext_lazy("Upcoming"),
    "done": gettext_lazy("Done"),
}
WHOSE: dict[str, str | Promise] = {"mine": gettext_lazy("Mine"), "everybody": gettext_lazy("Everybody's")}


@dataclass(frozen=True)
class Asked:
    state: str
    whose: str
    organization: str
    page: int

    @classmethod
    def of(cls, request: StaffRequest) -> "Asked":
        """Whoever cannot promise anything has none, and is shown everybody's."""
        said: Mapping[str, str] = request.GET
        page, own = said.get("page", ""), "mine" if may(request, subjects.WRITE) else "everybody"
        return cls(
            state if (state := said.get("state", "")) in STATES else "open",
            whose if (whose := said.get("whose", "")) in WHOSE else own,
            said.get("organization", "").strip(),
            max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        )

    def query(self, page: int = 1) -> str:
        parts = {"state": self.state, "whose": self.whose, "organization": self.organization}
        asked = {name: value for name, value in parts.items() if value}
        return "?" + urlencode(asked | ({"page": str(page)} if page > 1 else {}))


def read(request: StaffRequest, asked: Asked) -> dict[str, Any]:
    found = _asked_for(request, asked)
    total, first = found.count(), (asked.page - 1) * ROWS
    shown = found.select_related("person", "done_by", "note")[first : first + ROWS]
    rows = list(panel.promises(request, shown))
    last = {"first": number(first + 1), "last": number(first + len(rows)), "total": number(total)}
    return {
        "rows": rows,
        "total": total,
        "base_url": request.path,
        "range_text": _("%(first)s–%(last)s of %(total)s") % last if rows else "",
        "previous_url": asked.query(asked.page - 1) if asked.page > 1 else "",
        "next_url": asked.query(asked.page + 1) if first + len(rows) < total else "",
    }


def choices(words: Mapping[str, Any], now: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": text, "selected": value == now} for value, text in words.items()]


def _asked_for(request: StaffRequest, asked: Asked) -> QuerySet[FollowUp]:
    today = followups.today(request.user)
    found = FollowUp.objects.filter(entity__in=subjects.readable(request))
    found = found.filter(done_at__isnull=asked.state != "done")
    if asked.state in {"overdue", "due", "upcoming"}:
        how = {"overdue": "due__lt", "due": "due", "upcoming": "due__gt"}[asked.state]
        found = found.filter(**{how: today})
    if asked.whose == "mine":
        found = found.filter(person=request.user)
    if asked.organization:
        name = asked.organization
        found = found.filter(Q(organization=name) | Q(organization_name__folded__contains=name))
    return found.order_by("-done_at", "-pk") if asked.state == "done" else found
