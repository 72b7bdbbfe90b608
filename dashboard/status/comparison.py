"""Comparison of Flowtly's own OpenAPI document with what the client expects: made on demand, kept with its age."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.flowtly.names import Limits
from dashboard.status.models import Compared
from dashboard.upstream import connection

AGREES, DIFFERS, NOT_COMPARED = 0, 1, 2  # the exit status of check_api
MOST_LINES = 200

# Verdict on a name, or kind of a difference → its colour, its name and what is said of it.
Said = tuple[str, str | Promise, str | Promise]
NAMES: dict[str, Said] = {
    "right": ("good", gettext_lazy("right"), gettext_lazy("found by itself: %(should)s")),
    "silent": ("neutral", gettext_lazy("not said"), gettext_lazy("the description does not tell")),
    "unsure": (
        "attention",
        gettext_lazy("unsure"),
        gettext_lazy("is not there; it may be one of: %(should)s"),
    ),
    "wrong": ("danger", gettext_lazy("wrong"), gettext_lazy("should be %(should)s")),
}
DIFFERENCES: dict[str, Said] = {
    "endpoint": ("danger", gettext_lazy("missing"), gettext_lazy("is not among Flowtly's endpoints")),
    "sent": ("danger", gettext_lazy("missing"), gettext_lazy("does not take “%(field)s”, which is sent")),
    "needed": ("danger", gettext_lazy("missing"), gettext_lazy("wants “%(field)s”, which is never sent")),
    "optional": ("neutral", gettext_lazy("not there"), gettext_lazy("so what needs it is not offered")),
    "other": ("neutral", gettext_lazy("not used"), gettext_lazy("is there and not used here")),
    "given": ("neutral", gettext_lazy("new"), gettext_lazy("gives “%(field)s”, shown under other fields")),
    "type": (
        "attention",
        gettext_lazy("type"),
        gettext_lazy("“%(field)s” is %(found)s, expected was %(expected)s"),
    ),
}
UNLISTED: Said = ("neutral", gettext_lazy("not listed"), gettext_lazy("does not list “%(field)s”"))


def compare() -> dict[str, Any]:
    """Comparison for JSON: `status`, and what `diff.Comparison` holds, or `failures` where there is no document."""
    from dashboard.flowtly.contract import diff, openapi

    names, base_url = connection.names(), connection.address()
    found = openapi.fetch(base_url, connection.credentials(), names, Limits())
    if isinstance(found, openapi.NotServed):
        return {
            "status": NOT_COMPARED,
            "answered": found.answered,
            "failures": [{"address": address, "words": words} for address, words in found.failures],
        }
    result = diff.compare(found, names, base_url, connection.config_keys())
    data = result.as_data()
    for name in data["names"]:
        name["name"] = connection.SETTINGS[name["setting"]]
    return {"status": AGREES if result.agrees else DIFFERS, **data}


def without_contract() -> str:
    return _("What this dashboard expects of Flowtly is not part of this installation.")


def keep(result: dict[str, Any], by: str) -> bool:
    """Keeps it for /status/. False where the database does not take it."""
    row = {"at": timezone.now(), "by": by, "base_url": connection.address(), "result": result}
    try:
        with transaction.atomic():
            Compared.objects.update_or_create(pk=1, defaults=row)
    except DatabaseError:
        return False
    return True


def last() -> Compared | None:
    """Last comparison made of the API as it is set now."""
    return Compared.objects.filter(base_url=connection.address()).first()


@dataclass(frozen=True)
class ComparisonLine:
    """Line of a comparison. `pill` is its colour; `code` what it is about."""

    pill: str
    verdict: str
    code: str
    text: str


def heading(result: dict[str, Any]) -> tuple[str, str]:
    """Colour and words for the whole of it."""
    if result["status"] == NOT_COMPARED:
        return "neutral", _("Not compared")
    if result["status"] == AGREES:
        return "good", _("Agrees")
    count = len(result["differences"]) + len(_names(result, "wrong", "unsure"))
    return "attention", ngettext("%(n)d difference", "%(n)d differences", count) % {"n": count}


def summary(result: dict[str, Any]) -> str:
    if result["status"] != NOT_COMPARED:
        looked = {**result, "place": urlsplit(result["address"]).path}
        return _("%(endpoints)d endpoints and %(fields)d fields were looked for in %(place)s.") % looked
    if not result["answered"]:
        return _("Flowtly did not answer, so nothing could be compared.")
    if any("Signing in" in each["words"] for each in result["failures"]):
        return _(
            "Flowtly serves no description of itself without a sign-in, and signing in failed. If the credentials "
            "are right, %(setting)s may be wrong: /login_check is another usual one."
        ) % {"setting": connection.SETTINGS["login_path"]}
    return _("Flowtly serves no description of itself at the usual addresses, so nothing could be compared.")


def lines(result: dict[str, Any]) -> list[ComparisonLine]:
    """What differs, settings first: they can be put right."""
    if result["status"] == NOT_COMPARED:
        return [
            ComparisonLine("neutral", _("no document"), each["address"], each["words"])
            for each in result["failures"]
        ]
    wrong = _names(result, "wrong", "unsure")
    return [*wrong, *map(_difference, result["differences"])][:MOST_LINES]


def settled(result: dict[str, Any]) -> list[ComparisonLine]:
    """Names that are right, or of which the document says nothing."""
    return _names(result, "right", "silent")


def notes(result: dict[str, Any]) -> list[ComparisonLine]:
    """What is good to know and keeps nothing from working."""
    return [_difference(each) for each in result.get("notes", [])][:MOST_LINES]


def _names(result: dict[str, Any], *verdicts: str) -> list[ComparisonLine]:
    return [_name(name) for name in result.get("names", []) if name["verdict"] in verdicts]


def _name(name: dict[str, Any]) -> ComparisonLine:
    pill, verdict, text = NAMES[name["verdict"]]
    if name["verdict"] == "right" and not name["should"]:
        text = gettext_lazy("is what Flowtly says")
    setting = f"{name['name']}={name['has']}"
    return ComparisonLine(pill, str(verdict), setting, str(text) % {"should": ", ".join(name["should"])})


def _difference(each: dict[str, Any]) -> ComparisonLine:
    pill, verdict, text = DIFFERENCES.get(each["kind"], UNLISTED)
    return ComparisonLine(pill, str(verdict), each["where"], str(text) % each)
