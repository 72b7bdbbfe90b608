"""Flowtly's own OpenAPI document against what the client expects: made on demand, kept with its age, and said."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly.names import Limits
from dashboard.status.models import Compared
from dashboard.upstream import connection

AGREES, DIFFERS, NOT_COMPARED = 0, 1, 2  # the exit status of check_api
MOST_LINES = 200


def compared() -> dict[str, Any]:
    """Ready for JSON: `status`, and what `diff.Comparison` holds, or `failures` where there is no document."""
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
    """For /status/. False where the database does not take it."""
    row = {"at": timezone.now(), "by": by, "base_url": connection.address(), "result": result}
    try:
        with transaction.atomic():
            Compared.objects.update_or_create(pk=1, defaults=row)
    except DatabaseError:
        return False
    return True


def last() -> Compared | None:
    """The last one made of the API as it is set now."""
    return Compared.objects.filter(base_url=connection.address()).first()


@dataclass(frozen=True)
class Line:
    """`pill` is its colour; `code` what it is about."""

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
    count = len(result["differences"]) + sum(
        name["verdict"] in ("wrong", "unsure") for name in result["names"]
    )
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


def lines(result: dict[str, Any]) -> list[Line]:
    """What differs, settings first: they can be put right."""
    if result["status"] == NOT_COMPARED:
        return [
            Line("neutral", _("no document"), each["address"], each["words"]) for each in result["failures"]
        ]
    wrong = [_name(name) for name in result["names"] if name["verdict"] in ("wrong", "unsure")]
    return (wrong + [_difference(each) for each in result["differences"]])[:MOST_LINES]


def settled(result: dict[str, Any]) -> list[Line]:
    """The names that are right, or of which the document says nothing."""
    return [_name(name) for name in result.get("names", []) if name["verdict"] in ("right", "silent")]


def notes(result: dict[str, Any]) -> list[Line]:
    """What is good to know and keeps nothing from working."""
    return [_difference(each) for each in result.get("notes", [])][:MOST_LINES]


def _name(name: dict[str, Any]) -> Line:
    has, should = name["has"] or _("(empty)"), ", ".join(name["should"])
    values = {"has": has, "should": should, "where": name["where"]}
    setting = f"{name['name']}={name['has']}"
    match name["verdict"]:
        case "right":
            found = _("found by itself: %(should)s") % values if should else _("is what Flowtly says")
            return Line("good", _("right"), setting, found)
        case "silent":
            return Line("neutral", _("not said"), setting, _("the description does not tell"))
        case "unsure":
            return Line(
                "attention", _("unsure"), setting, _("is not there; it may be one of: %(should)s") % values
            )
    return Line("danger", _("wrong"), setting, _("should be %(should)s") % values)


def _difference(each: dict[str, Any]) -> Line:
    where, field = each["where"], each["field"]
    match each["kind"]:
        case "endpoint":
            return Line("danger", _("missing"), where, _("is not among Flowtly's endpoints"))
        case "sent":
            return Line("danger", _("missing"), where, _("does not take “%(field)s”, which is sent") % each)
        case "needed":
            text = _("wants “%(field)s”, which is never sent") % each
            return Line("danger", _("missing"), where, text)
        case "optional":
            return Line("neutral", _("not there"), where, _("so what needs it is not offered"))
        case "other":
            return Line("neutral", _("not used"), where, _("is there and not used here"))
        case "given":
            return Line("neutral", _("new"), where, _("gives “%(field)s”, shown under other fields") % each)
        case "type":
            text = _("“%(field)s” is %(found)s, expected was %(expected)s") % each
            return Line("attention", _("type"), where, text)
    return Line("neutral", _("not listed"), where, _("does not list “%(field)s”") % {"field": field})
