"""Signed base of a form: the values it was drawn from, carried by the page and read back with its submit.

What a form was drawn from is good for ever: at worst it clashes. Leave to act ends with a day, and a page of a Flowtly
that was away gave none: what stood on it may have been long over.
"""

from typing import Any, NamedTuple, TypeVar

from django.core import signing
from django.http import QueryDict

from dashboard.flowtly.resources.records import Record
from dashboard.forms.once import BASE
from dashboard.forms.results import Raw
from dashboard.forms.saving import Resource
from dashboard.web.request import StaffRequest

R = TypeVar("R", bound=Record)


class Base(NamedTuple):
    """The values shown, those that clashed before as they were shown then, and whether Flowtly was away."""

    shown: dict[str, Any]
    clashed: dict[str, Any]
    away: bool


def dumps(request: StaffRequest, shown: Raw, clashed: Raw, *, away: bool) -> str:
    return signing.dumps([request.path, shown, clashed, away], salt=BASE, compress=True)


def read(request: StaffRequest, data: QueryDict | None) -> Base | None:
    """The base of a form of this page; None where there is none of ours."""
    try:
        path, *base = signing.loads(data.get(BASE, "") if data is not None else "", salt=BASE)
        return Base(*base) if path == request.path else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def shown_record(request: StaffRequest, resource: Resource[R], identifier: str) -> R | None:
    """The record as the page of this submit showed it; None where nothing is submitted, or not from our page."""
    base = read(request, request.POST if request.method == "POST" else None)
    return resource.record.read({**base.shown, "id": identifier}) if base else None
