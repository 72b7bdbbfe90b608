"""The documents of a client. No field of theirs is published, so what comes is shown as it is."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flowtly.resources import records
from dashboard.flowtly.resources.clients import Document
from dashboard.web.formatting import NOTHING, as_it_is, label, number, when

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


def told(document: Document, zone: str = "") -> dict[str, Any]:
    """A view model: what it is called, where it can be opened, and all that was said besides."""
    raw = document.raw
    name = next((raw[key] for key in NAMES if isinstance(raw.get(key), str) and raw[key]), "")
    name = name or records.label(raw) or document.id or NOTHING
    facts = [
        fact(key, value, zone)
        for key, value in raw.items()
        if not key.startswith("@") and value is not None and value != name and key != "id"
    ]
    links = [one["url"] for one in facts if one["url"]]
    rest = [one for one in facts if not (one["url"] and len(links) == 1)]
    return {
        "name": name,
        "id": document.id,
        "url": links[0] if len(links) == 1 else "",
        "facts": rest,
    }


def fact(key: str, value: Any, zone: str) -> dict[str, Any]:
    return {
        "label": str(LABELS.get(key, key)),
        "value": size(value) if key == "size" else said(value, zone),
        "url": safe_url(value),
    }


def said(value: Any, zone: str) -> str:
    if isinstance(value, bool | int | float):
        return number(value)
    if not isinstance(value, str):
        return as_it_is(value)
    try:
        moment = datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        moment = None
    return when(moment, zone) if moment and moment.tzinfo else label(value)


def size(value: Any) -> str:
    """Bytes, as people say them."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return said(value, "")
    if value < 1000:
        return _("%(n)s bytes") % {"n": number(value)}
    if value < 1_000_000:
        return _("%(n)s kB") % {"n": number(round(value / 1000))}
    return _("%(n)s MB") % {"n": number(round(value / 1_000_000, 1))}


def safe_url(value: Any) -> str:
    """An address that a browser may be sent to: https and whole. Everything else is a text."""
    if not isinstance(value, str) or not value.isascii() or any(letter <= " " for letter in value):
        return ""
    try:
        parts = urlsplit(value)
        return value if parts.scheme == "https" and parts.hostname and not parts.username else ""
    except ValueError:
        return ""
