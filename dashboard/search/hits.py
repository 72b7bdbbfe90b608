"""Hits of a search: links to records and pages, as they are offered."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from dashboard.entity import Entity
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.records import Record
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import record_name
from dashboard.web.request import kind_of, link


@dataclass
class Hit:
    """A link to a record or page. `about` is the record, as `collection/id`; `of`, the one it belongs to."""

    label: str
    url: str
    detail: str = ""
    kind: str = ""
    keys: str = ""
    about: str = ""
    of: str = ""
    number: int = 0


@dataclass
class Group:
    label: str
    hits: list[Hit]
    more_url: str = ""


def hit(request: HttpRequest, entity: Entity, record: Record, identifier: str = "") -> Hit | None:
    """A record as it is offered; None where its id can have no page."""
    known = record.id or identifier
    if not is_identifier(known):
        return None
    title, about = entity.title_of(record), f"{entity.collection}/{known}"
    title = record_name(title, known) if title else title
    if isinstance(record, Organization):
        kind, words = kind_of(record)
        return Hit(title or known, _url(request, entity, known), words, kind, about=about)
    owner = getattr(record, "client", None)
    return Hit(
        title or known,
        _url(request, entity, known),
        known if title else "",
        about=about,
        of=f"clients/{owner.id}" if owner else "",
    )


def _url(request: HttpRequest, entity: Entity, identifier: str) -> str:
    pages = entity.pages
    if pages.query:
        return f"{link(request, pages.list)}?{urlencode({pages.query: identifier})}"
    return link(request, pages.record, **{pages.argument: identifier})
