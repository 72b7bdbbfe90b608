"""What enrolling needs, as the API says it: how its ids are called, and which scopes are to be granted."""

import re
from collections.abc import Mapping
from typing import Any

from dashboard.entities.integrations.providers import Service
from dashboard.flowtly.resources.integrations import Requirements
from dashboard.upstream.parallel import Result
from dashboard.web import error_messages
from dashboard.web.formatting import as_it_is

PART = "needs-part"
PLAIN = Requirements()  # where they cannot be read, or say nothing
LINE = 64  # letters that a box for copying shows side by side
KNOWN = {"tenantIdLabel", "tenantIdPlaceholder", "clientIdRequired", "scopes"}
_INSIDE_A_SCOPE = ("scope", "name", "value", "id", "url")


def panel_of(service: Service, answer: Result[Requirements], page_url: str) -> dict[str, Any]:
    """Panel of the vendor's steps, which are known anyway, and the scopes, which only the API knows."""
    panel: dict[str, Any] = {"steps": service.steps, "joined_label": service.joined_label}
    if answer.error:
        return panel | {"error": error_messages.reading(answer.error, page_url)}
    needs = answer.value or PLAIN
    each = scopes(needs)
    others = {name: value for name, value in needs.other.items() if name not in KNOWN}
    return panel | {
        "said": bool(needs.raw),
        "scopes": each,
        "lines": "\n".join(each),
        "joined": (joined := service.joined.join(each)),
        "rows": 1 + len(joined) // LINE,
        "others": [{"name": name, "value": as_it_is(value)} for name, value in others.items()],
    }


def scopes(needs: Requirements) -> list[str]:
    """Scopes by name. A list of them may come as one text, or as objects that name them."""
    given = needs.scopes if needs.scopes is not None else needs.raw.get("scopes")
    if isinstance(given, str):
        return [each for each in re.split(r"[,\s]+", given) if each]
    return [name for each in given if (name := _name(each))] if isinstance(given, tuple | list) else []


def _name(scope: object) -> str:
    if isinstance(scope, Mapping):
        named = next((scope[key] for key in _INSIDE_A_SCOPE if isinstance(scope.get(key), str)), "")
        return named.strip() or as_it_is(scope)
    return as_it_is(scope).strip() if scope is not None else ""
