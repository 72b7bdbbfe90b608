"""Envelopes: an item, and the three that a page of a list may come in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.sandbox.media_types import JSON, LD
from dashboard.sandbox.messages import Answer, json_answer
from dashboard.sandbox.names import Switches


@dataclass(frozen=True)
class Listing:
    """One page of a list, before it is put in an envelope."""

    type: str
    iri: str  # of the collection, as this request asked for it
    members: list[dict[str, Any]]
    total: int
    page: int
    size: int
    query: list[tuple[str, str]]
    variables: list[tuple[str, str]]  # the filters that really exist: (variable, property)


def item(document: dict[str, Any], media_type: str, status: int) -> Answer:
    return json_answer(document, status, f"{media_type}; charset=utf-8")


def collection(listing: Listing, media_type: str, switches: Switches, prefix: str) -> Answer:
    if media_type == JSON:
        return json_answer(listing.members, 200, f"{JSON}; charset=utf-8")
    hydra = "hydra:" if switches.envelope == "hydra" else ""
    document: dict[str, Any] = {
        "@context": f"{prefix}/contexts/{listing.type}",
        "@id": listing.iri,
        "@type": f"{hydra}Collection",
    }
    if switches.totals == "shown":
        document[f"{hydra}totalItems"] = listing.total
    document[f"{hydra}member"] = listing.members
    if switches.views == "shown" and (view := _view(listing, hydra)):
        document[f"{hydra}view"] = view
    if switches.mappings == "shown" and listing.variables:
        document[f"{hydra}search"] = _search(listing, hydra)
    return json_answer(document, 200, f"{LD}; charset=utf-8")


def _view(listing: Listing, hydra: str) -> dict[str, str] | None:
    last = max(1, -(-listing.total // listing.size))
    filtered = [pair for pair in listing.query if pair[0] != "page"]
    if last == 1 and listing.page == 1 and not filtered:
        return None
    view = {"@id": _page_iri(listing, listing.page), "@type": f"{hydra}PartialCollectionView"}
    if last > 1:
        view[f"{hydra}first"] = _page_iri(listing, 1)
        view[f"{hydra}last"] = _page_iri(listing, last)
    if listing.page > 1:
        view[f"{hydra}previous"] = _page_iri(listing, min(listing.page - 1, last))
    if listing.page < last:
        view[f"{hydra}next"] = _page_iri(listing, listing.page + 1)
    return view


def _page_iri(listing: Listing, page: int) -> str:
    kept = [pair for pair in listing.query if pair[0] != "page"]
    return f"{listing.iri}?{urlencode([*kept, ('page', page)], quote_via=quote)}"


def _search(listing: Listing, hydra: str) -> dict[str, Any]:
    template = ",".join(variable for variable, _ in listing.variables)
    mapping = [
        {"@type": "IriTemplateMapping", "variable": variable, "property": name, "required": False}
        for variable, name in listing.variables
    ]
    return {
        "@type": f"{hydra}IriTemplate",
        f"{hydra}template": f"{listing.iri}{{?{template}}}",
        f"{hydra}variableRepresentation": "BasicRepresentation",
        f"{hydra}mapping": mapping,
    }
