"""Rows of a client's documents. No field of theirs is published, so what comes is shown as it is."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flowtly.resources import records
from dashboard.flowtly.resources.clients import Document
from dashboard.flowtly.resources.records import parse_moment
from dashboard.web.formatting import NOTHING, as_it_is, https_url, label, number, when

NAMES = ("name", "filename", "fileName", "title")
LABELS = {
    "mimeType": gettext_lazy("Type"),
    "type": gettext_lazy("Type"),
    "size": gettext_lazy("Size"),
    "createdAt": gettext_lazy("Added"),
    "updatedAt": gettext_lazy("Changed"),
    "date": gettext_lazy("Date"),
    "number": gettext_lazy("Number"),
    "status": gettext_lazy("Status"),
}


def view_model(document: Document, zone: str) -> dict[str, Any]:
    """View model: what it is called, where it can be opened, and all that was said besides."""
    raw = document.raw
    name = next((raw[key] for key in NAMES if isinstance(raw.get(key), str) and raw[key]), "")
    name = name or records.label(raw) or document.id or NOTHING
    facts = [
        {
            "label": str(LABELS.get(key, key)),
            "value": _size(value) if key == "size" else _value(value, zone),
            "url": https_url(value),
        }
        for key, value in raw.items()
        if not key.startswith("@") and value is not None and value != name and key != "id"
    ]
    links = [one["url"] for one in facts if one["url"]]
    url = links[0] if len(links) == 1 else ""
    rest = [one for one in facts if not url or one["url"] != url]
    return {"name": name, "id": document.id, "url": url, "facts": rest}


def _value(value: object, zone: str = "") -> str:
    if isinstance(value, bool | int | float):
        return number(value)
    if not isinstance(value, str):
        return as_it_is(value)
    moment = parse_moment(value)
    return when(moment, zone) if moment else label(value)


def _size(value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return _value(value)
    if value < 1000:
        return _("%(n)s bytes") % {"n": number(value)}
    if value < 1_000_000:
        return _("%(n)s kB") % {"n": number(round(value / 1000))}
    return _("%(n)s MB") % {"n": number(round(value / 1_000_000, 1))}
