"""Footer fields: which fields of the answer about a mail footer are it. The API's published pages name none."""

import re
from typing import Any

from django.http import QueryDict

from dashboard.audit.models import Entry, Known
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.organizations import MailFooter, MailFooters, Organization
from dashboard.upstream import connection

ENTITY = "profile"
LOOKED_AT = 50
CARRIED = {"operation", "base", "checked", "slug", "csrfmiddlewaretoken"}
PICTURES = {"logoUrl", "iconUrl"}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# Names of footer fields that any organization's answer has had: an empty one is left out of an answer.
SEEN = "footer fields"


def offered(api: Flowtly, record: MailFooter) -> list[str]:
    """Text fields that may be edited: those the settings name, else those an organization itself has not."""
    if api.names.footer_fields:
        return [name for name in api.names.footer_fields if _is_text(record.raw.get(name))]
    not_its_own = _of_organization(api)
    here = {
        name
        for name, value in record.raw.items()
        if isinstance(value, str) and not name.startswith("@") and name not in not_its_own
    }
    known: frozenset[str] = (connection.memory.get(SEEN) or frozenset()) | here
    connection.memory.set(SEEN, known)
    return sorted(name for name in known | _saved_before() if _is_text(record.raw.get(name)))


def others(api: Flowtly, record: MailFooter) -> dict[str, Any]:
    """Other fields of the answer, to be shown and never sent."""
    known = {*offered(api, record), *_of_organization(api)}
    return {name: value for name, value in record.other.items() if name not in known}


def texts(api: Flowtly, record: MailFooter) -> list[tuple[str, str]]:
    return [(label_of(name), record.raw.get(name) or "") for name in offered(api, record)]


def typed(posted: QueryDict) -> list[tuple[str, str]]:
    """Texts that a posted form holds, without what it carries."""
    return [
        (name, str(text)) for name, text in posted.dict().items() if name not in CARRIED and "." not in name
    ]


def label_of(name: str) -> str:
    """`mailFooter` as people write it."""
    return _CAPITAL.sub(" ", name).capitalize()


def _saved_before() -> set[str]:
    """Names of fields that were saved here, of whichever organization: one that was emptied can be filled again."""
    saved = Known.objects.filter(record=MailFooters.name).order_by("-at", "-number")
    numbers = list(saved.values_list("number", flat=True)[:LOOKED_AT])
    lines = Entry.objects.filter(number__in=numbers, entity=ENTITY, kind="update").values_list(
        "changes", flat=True
    )
    return {name for changes in lines for name in changes}


def _of_organization(api: Flowtly) -> set[str]:
    return {"id", api.names.tenant_field, *Organization.api_names().values(), *PICTURES}


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)
