"""Panels: parts of a page, each drawn from calls of its own, so that what one of them cannot tell stays in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dashboard.flowtly import errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.records import Record
from dashboard.upstream import connection
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import label, when
from dashboard.web.request import StaffRequest, link

Answers = Mapping[str, Result[Any]]
Context = dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """`needs` are the calls it is drawn from; `page` is the URL name of the page with more of it. What a call failed
    with, `answer.get()` raises: the panel says that in its place."""

    title: str | Promise
    draw: Callable[[StaffRequest, Answers], Context]
    needs: tuple[str, ...] = ()
    page: str = ""


def read(
    request: StaffRequest,
    panels: Mapping[str, Panel],
    parts: Sequence[str],
    calls: Mapping[str, Callable[[], object]],
    known: Answers = MappingProxyType({}),
) -> dict[str, Context]:
    """The panels asked for, by their part's id without `-panel`. All their calls are made at the same time, and each
    once however many panels want it; but for those whose answers are `known` already."""
    wanted = dict.fromkeys(name for part in parts for name in panels[part].needs if name not in known)
    answers = {**known, **(gather({name: calls[name] for name in wanted}) if wanted else {})}
    return {part.removesuffix("-panel"): _drawn(request, part, panels[part], answers) for part in parts}


def _drawn(request: StaffRequest, part: str, panel: Panel, answers: Answers) -> Context:
    head = {"id": part, "title": panel.title, "url": panel.page and page_of(request, panel.page)}
    try:
        return head | panel.draw(request, answers)
    except errors.FlowtlyError as error:
        return head | {"error": error_messages.reading(error, request.get_full_path())}


def organization_of(request: StaffRequest) -> Organization | None:
    """The record of the organization that the page is about; None where it cannot be read."""
    try:
        return connection.organization(request.flowtly, request.organization.id)
    except errors.FlowtlyError:
        return None


# --- facts: a name and a value, as every list of them is drawn ---


def fact(
    name: str,
    value: object = None,
    *,
    pill: str = "",
    code: bool = False,
    url: str = "",
    things: Sequence[object] = (),
) -> dict[str, Any]:
    return {
        "label": name,
        "value": label(value),
        "pill": pill,
        "code": code and bool(value),
        "url": url,
        "things": things,
    }


def moment(request: StaffRequest, name: str, value: datetime | None) -> dict[str, Any]:
    exact = value.isoformat() if isinstance(value, datetime) else ""
    return fact(name, when(value, request.user.time_zone)) | {"exact": exact}


def flag(record: Record, name: str) -> str:
    """A flag that is left out is not the same as no."""
    value = record.raw.get(name)
    return label(value) if isinstance(value, bool) else _("Flowtly does not say")


def page_of(request: StaffRequest, name: str, **kwargs: str) -> str:
    """The page of this name, "" where there is none or an id does not fit one."""
    if not all(map(is_identifier, kwargs.values())):
        return ""
    try:
        return link(request, name, **kwargs)
    except NoReverseMatch:
        return ""
