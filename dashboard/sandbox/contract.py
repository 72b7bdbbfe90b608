"""How the API speaks: media types, the three envelopes, the five shapes of an error."""

import html
import json
from dataclasses import dataclass
from http.client import responses
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.sandbox.messages import Answer, Request, json_answer, json_bytes
from dashboard.sandbox.names import Switches
from dashboard.sandbox.refusals import Refusal, Violation

LD = "application/ld+json"
JSON = "application/json"
PROBLEM = "application/problem+json"
MERGE_PATCH = "application/merge-patch+json"
MULTIPART = "multipart/form-data"
HTML = "text/html"

LARGEST_BODY = 10 * 1024 * 1024


# Which media type goes out


def negotiated(request: Request, switches: Switches) -> str:
    """The best of what the caller takes and the server has; 406 where there is none."""
    offered = (JSON,) if switches.envelope == "array" else (LD, JSON)
    accept = request.headers.get("accept", "").strip() or "*/*"
    ranked = sorted(_accepted(accept), key=lambda pair: -pair[1])
    for wanted, quality in ranked:
        for media_type in offered:
            if quality > 0 and _covers(wanted, media_type):
                return media_type
    listed = ", ".join(f'"{media_type}"' for media_type in offered)
    raise Refusal(406, f'Requested format "{accept}" is not supported. Supported MIME types are {listed}.')


def accepts(request: Request, media_type: str) -> bool:
    accept = request.headers.get("accept", "").strip() or "*/*"
    return any(_covers(wanted, media_type) and quality > 0 for wanted, quality in _accepted(accept))


def _accepted(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        found.append((media_type.lower(), _quality(parameters)))
    return found


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _covers(wanted: str, media_type: str) -> bool:
    return wanted in ("*/*", media_type) or wanted == media_type.split("/")[0] + "/*"


# What comes in


def decoded_body(request: Request, switches: Switches) -> dict[str, Any]:
    """The JSON object that was sent, under the media types that the method takes."""
    _check_media_type(request, _taken(request.method, switches))
    if not request.body.strip():
        raise Refusal(400, "Syntax error")
    try:
        text = request.body.decode()
        value = json.loads(text, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate cannot be stored or sent back
    except (ValueError, RecursionError):
        raise Refusal(400, "Syntax error") from None
    if value == []:  # to PHP an empty list and an empty map are one
        return {}
    if not isinstance(value, dict):
        raise Refusal(400, "The input data is misformatted.")
    return value


def _taken(method: str, switches: Switches) -> tuple[str, ...]:
    if method == "PATCH":
        return (MERGE_PATCH,)
    return (LD,) if switches.post_types == "ld" else (LD, JSON)


def _check_media_type(request: Request, taken: tuple[str, ...]) -> None:
    sent = request.headers.get("content-type")
    if not sent:
        raise Refusal(415, 'The "Content-Type" header must exist.')
    if sent.split(";")[0].strip().lower() not in taken:
        listed = ", ".join(f'"{media_type}"' for media_type in taken)
        detail = f'The content-type "{sent}" is not supported. Supported MIME types are {listed}.'
        raise Refusal(415, detail)


def check_multipart(request: Request) -> None:
    _check_media_type(request, (MULTIPART,))


def _no_constant(name: str) -> Any:
    raise ValueError(name)


# Items and collections


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


# Errors


def refused(refusal: Refusal, shape: str) -> Answer:
    """The refusal in the shape asked for. What guards the door always speaks for itself, unless a proxy does."""
    if refusal.status == 401 and shape != "html":
        shape = "lexik"
    document, media_type = _SHAPES[shape](refusal)
    body = document if isinstance(document, bytes) else json_bytes(document)
    headers = {"Content-Type": media_type, **refusal.headers}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Answer(refusal.status, body, headers)


def _problem(refusal: Refusal) -> tuple[dict[str, Any], str]:
    return {**_problem_part(refusal), **_violations_part(refusal)}, f"{PROBLEM}; charset=utf-8"


def _hydra(refusal: Refusal) -> tuple[dict[str, Any], str]:
    return {**_hydra_part(refusal), **_violations_part(refusal)}, f"{LD}; charset=utf-8"


def _merged(refusal: Refusal) -> tuple[dict[str, Any], str]:
    document = {**_hydra_part(refusal), **_problem_part(refusal), **_violations_part(refusal)}
    return document, f"{PROBLEM}; charset=utf-8"


def _lexik(refusal: Refusal) -> tuple[dict[str, Any], str]:
    return {"code": refusal.status, "message": refusal.detail}, JSON


def _html(refusal: Refusal) -> tuple[bytes, str]:
    title = f"{refusal.status} {responses.get(refusal.status, 'Error')}"
    page = (
        f"<html>\r\n<head><title>{html.escape(title)}</title></head>\r\n<body>\r\n"
        f"<center><h1>{html.escape(title)}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>"
    )
    return page.encode(), HTML


def _problem_part(refusal: Refusal) -> dict[str, Any]:
    kind = "validation_errors" if refusal.violations else "errors"
    about = refusal.violations[0].code if refusal.violations else refusal.status
    return {
        "type": f"/{kind}/{about}",
        "title": "An error occurred",
        "status": refusal.status,
        "detail": refusal.detail,
    }


def _hydra_part(refusal: Refusal) -> dict[str, Any]:
    name = "ConstraintViolationList" if refusal.violations else "hydra:Error"
    context = "ConstraintViolationList" if refusal.violations else "Error"
    return {
        "@context": f"/contexts/{context}",
        "@type": name,
        "hydra:title": "An error occurred",
        "hydra:description": refusal.detail,
    }


def _violations_part(refusal: Refusal) -> dict[str, Any]:
    if not refusal.violations:
        return {}
    return {"violations": [_violation(found) for found in refusal.violations]}


def _violation(found: Violation) -> dict[str, str]:
    return {"propertyPath": found.path, "message": found.message, "code": found.code}


_SHAPES: dict[str, Any] = {
    "problem": _problem,
    "hydra": _hydra,
    "merged": _merged,
    "lexik": _lexik,
    "html": _html,
}
