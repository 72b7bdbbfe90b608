"""Parse of what was pasted: organizations by id, slug, the API's address of them or the address of a page here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dashboard.actions.bulk.models import Skipped
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.search import parse
from dashboard.standards.foreign_text import without_unseen
from dashboard.tables import filtering, table
from dashboard.upstream.limited_parallel import together
from dashboard.web.converters import is_identifier
from dashboard.web.request import StaffRequest

# The same rows that the list of organizations keeps.
PLAN = table.Plan(part="organizations-list", columns=(), row=dict)
UNKNOWN = (errors.NotFound, errors.BadIdentifier)
Listed = Mapping[str, Organization]


@dataclass(frozen=True)
class Named:
    """The id of the one it names; else why it names none, and where reading failed, the words for that."""

    organization: str = ""
    skipped: str = ""
    tenant: str = ""  # as the list says it
    error: errors.FlowtlyError | None = None


def called(typed: str, organization: str) -> str:
    """What one was called by, where that says more than its id."""
    return typed if typed != organization and "/" not in typed else ""


def split(text: str) -> list[str]:
    """One each, whatever stands between them."""
    parts = (part.strip(parse.AROUND) for part in re.split(r"[\s,;]+", without_unseen(text)))
    return [part[: parse.LONGEST] for part in parts if part]


def read(request: StaffRequest, texts: list[str]) -> list[Named]:
    api = request.flowtly.live()
    listed = _listed(api)
    hosts = {request.get_host(), urlsplit(api.connection.base_url).netloc}
    pasted = {text: parse.read(text, {"organizations"}, hosts) for text in texts}
    found = {text: _named(api, text, each, listed) for text, each in pasted.items()}
    missing = [text for text, named in found.items() if named is None]
    looked = together(missing, lambda text: _looked_for(api, _identifier(pasted[text]) or text))
    return [found[text] or looked[text] for text in texts]


def _listed(api: Flowtly) -> Listed:
    """Flowtly's own list by id, as far as it can be read. It may also be all that tells the tenants."""
    try:
        return {each.id: each for each in filtering.every_row(api.organizations, PLAN).every.items}
    except errors.FlowtlyError:
        return {}


def _named(api: Flowtly, text: str, pasted: parse.Pasted, listed: Listed) -> Named | None:
    """None where the list does not tell."""
    if pasted.elsewhere:
        return Named(skipped=Skipped.ELSEWHERE)
    if pasted.kind in {"record", "page"}:
        if not (identifier := _identifier(pasted)):
            return Named(skipped=Skipped.NOT_FOUND)
        found = [listed[identifier]] if identifier in listed else []
    else:
        found = [each for each in listed.values() if text in {each.id, each.slug}]
    if len(found) > 1:
        return Named(skipped=Skipped.AMBIGUOUS)
    return Named(found[0].id, tenant=found[0].tenant(api.names) or "") if found else None


def _identifier(pasted: parse.Pasted) -> str:
    """The id that an address names."""
    identifier = pasted.identifier
    if pasted.kind != "record":
        page = re.match(r"/o/([^/?]+)", pasted.path)
        identifier = unquote(page[1]) if page else ""
    return identifier if is_identifier(identifier) else ""


def _looked_for(api: Flowtly, text: str) -> Named:
    """One that the list does not have: it may be new, or beyond what was read."""
    try:
        if is_identifier(text) and (named := _by_id(api, text)):
            return named
        slugs = api.organizations.filters() or ()
        found = api.organizations.list(filters={"slug": text}).items if "slug" in slugs else []
    except errors.FlowtlyError as error:
        return Named(skipped=Skipped.UNREADABLE, error=error)
    ids = {each.id for each in found if each.slug == text}
    if len(ids) > 1:
        return Named(skipped=Skipped.AMBIGUOUS)
    return Named(ids.pop()) if ids else Named(skipped=Skipped.NOT_FOUND)


def _by_id(api: Flowtly, text: str) -> Named | None:
    try:
        record = api.organizations.find(text)
    except UNKNOWN:
        return None
    return Named(record.id) if text in {record.id, record.slug} and is_identifier(record.id) else None
