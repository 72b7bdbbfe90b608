"""Drift panels of /status/: where Flowtly is not as expected, as it was met and as it describes itself."""

from typing import Any

from django.utils.translation import gettext_lazy

from dashboard.status import comparison
from dashboard.status.models import Met, Reads
from dashboard.status.panels import Panel, ago
from dashboard.upstream import connection
from dashboard.web.formatting import number, when
from dashboard.web.request import StaffRequest

ENOUGH = 50  # whole records read, before a field that none of them had is worth a word
MET_SHOWN = 200
KINDS = {
    "field": ("attention", gettext_lazy("New field")),
    "type": ("danger", gettext_lazy("Other type")),
    "value": ("attention", gettext_lazy("New value")),
    "endpoint": ("danger", gettext_lazy("Not there")),
}


def met(request: StaffRequest) -> Panel:
    zone = request.user.time_zone
    found = list(Met.objects.all()[: MET_SHOWN + 1])
    return {
        "rows": [_row(each, zone) for each in found[:MET_SHOWN]],
        "more": len(found) > MET_SHOWN,
        "missing": _missing(),
        "enough": ENOUGH,
    }


def _row(each: Met, zone: str) -> dict[str, Any]:
    pill, what = KINDS.get(each.kind, ("neutral", each.kind))
    return {
        "id": each.pk,
        "pill": pill,
        "what": what,
        "name": f"{each.entity}.{each.name}" if each.entity else each.name,
        "detail": each.detail if each.kind in ("type", "endpoint") else each.type,
        "sample": each.sample,
        "count": number(each.count),
        "first": when(each.first, zone),
        "last": when(each.last, zone),
    }


def _missing() -> list[dict[str, str]]:
    """Fields that no record has shown. Null is left out of answers, so this never says that they are gone."""
    from dashboard.flowtly.contract import endpoints  # what the client believes of the API may be taken out

    names = connection.names()
    classes = {each.gives.__name__: each.gives for each in endpoints.endpoints(names) if each.gives}
    rows = []
    for reads in Reads.objects.filter(whole__gte=ENOUGH).order_by("entity"):
        expected = endpoints.documented(classes[reads.entity], names) if reads.entity in classes else ()
        if never := sorted(name for name in expected if not reads.seen.get(name)):
            rows.append({"entity": reads.entity, "fields": ", ".join(never), "whole": number(reads.whole)})
    return rows


def description(request: StaffRequest) -> Panel:
    kept = comparison.last()
    if kept is None:
        return {"never": True}
    pill, said = comparison.heading(kept.result)
    return {
        "pill": pill,
        "words": said,
        "summary": comparison.summary(kept.result),
        "lines": comparison.lines(kept.result),
        "settled": comparison.settled(kept.result),
        "notes": comparison.notes(kept.result),
        "ago": ago(kept.at),
        "exact": kept.at.isoformat(),
        "by": kept.by,
    }
