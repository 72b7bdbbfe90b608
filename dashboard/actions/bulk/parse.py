"""What was pasted, read as organizations: ids, slugs, the API's addresses of them and addresses of pages here."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from dashboard.actions.bulk.models import Skipped
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.search import parse
from dashboard.tables import table
from dashboard.upstream.limited_parallel import together
from dashboard.web.converters import is_identifier
from dashboard.web.request import StaffRequest

# The same rows that the list of organizations keeps.
PLAN = table.Plan(part="organizations-list", columns=(), row=dict)
UNKNOWN = (errors.NotFound, errors.BadIdentifier)


@dataclass(frozen=True)
class Named:
    """The id of the one it names; else why it names none, and where reading failed, the words for that."""

    organization: str = ""
    skipped: str = ""
    tenant: str = ""  # as the list says it
    error: errors.FlowtlyError | None = None


@dataclass
class Known:
    """The organizations of Flowtly's list: each with its tenant, and their ids by slug."""

    tenants: dict[str, str] = field(default_factory=dict)
    slugs: dict[str, set[str]] = field(default_factory=dict)

    def called(self, text: str) -> set[str]:
        return ({text} & self.tenants.keys()) | self.slugs.get(text, set())

    def named(self, organization: str) -> Named:
        return Named(organization, tenant=self.tenants[organization])


def split(text: str) -> list[str]:
    """One each, whatever stands between them."""
    parts = (part.strip(parse.AROUND) for part in re.split(r"[\s,;]+", text))
    return [part[: parse.LONGEST] for part in parts if part]


def read(request: StaffRequest, texts: list[str]) -> list[Named]:
    api = request.flowtly.live()
    known = _known(api)
    found = {text: _named(request, text, known) for text in dict.fromkeys(texts)}
    missing = [text for text, named in found.items() if named is None]
    looked = together(missing, lambda text: _looked_for(api, _identifier(request, text) or text))
    return [found[text] or looked[text] for text in texts]


def _known(api: Flowtly) -> Known:
    """As far as the list can be read. It may also be all that tells the tenants."""
    known = Known()
    try:
        every = table.every_row(api.organizations, PLAN).every
    except errors.FlowtlyError:
        return known
    for each in every.items:
        known.tenants[each.id] = each.tenant(api.names) or ""
        if each.slug:
            known.slugs.setdefault(each.slug, set()).add(each.id)
    return known


def _named(request: StaffRequest, text: str, known: Known) -> Named | None:
    """None where the list does not tell."""
    read = _pasted(request, text)
    if read.elsewhere:
        return Named(skipped=Skipped.ELSEWHERE)
    if read.kind in {"record", "page"}:
        if not (identifier := _identifier(request, text)):
            return Named(skipped=Skipped.NOT_FOUND)
        return known.named(identifier) if identifier in known.tenants else None
    called = known.called(text)
    if len(called) > 1:
        return Named(skipped=Skipped.AMBIGUOUS)
    return known.named(called.pop()) if called else None


def _identifier(request: StaffRequest, text: str) -> str:
    """The id that an address names."""
    read = _pasted(request, text)
    if read.kind == "record":
        return read.identifier if is_identifier(read.identifier) else ""
    found = re.match(r"/o/([^/?]+)", read.path)
    return unquote(found[1]) if found and is_identifier(unquote(found[1])) else ""


def _pasted(request: StaffRequest, text: str) -> parse.Pasted:
    hosts = {request.get_host(), urlsplit(request.flowtly.connection.base_url).netloc}
    return parse.read(text, {"organizations"}, hosts)


def _looked_for(api: Flowtly, text: str) -> Named:
    """One that the list does not have: it may be new, or beyond what was read."""
    try:
        if is_identifier(text) and (named := _by_id(api, text)):
            return named
        slugs = api.organizations.filters() or ()
        found = _with_slug(api, text) if "slug" in slugs else []
    except errors.FlowtlyError as error:
        return Named(skipped=Skipped.UNREADABLE, error=error)
    if len(found) > 1:
        return Named(skipped=Skipped.AMBIGUOUS)
    return Named(found[0]) if found else Named(skipped=Skipped.NOT_FOUND)


def _by_id(api: Flowtly, text: str) -> Named | None:
    try:
        record = api.organizations.get(text)
    except UNKNOWN:
        return None
    return Named(record.id) if text in {record.id, record.slug} and is_identifier(record.id) else None


def _with_slug(api: Flowtly, text: str) -> list[str]:
    found: list[Organization] = api.organizations.list(filters={"slug": text}).items
    return list({each.id for each in found if each.slug == text})
