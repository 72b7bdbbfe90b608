"""Error shapes: the five that a refusal may come in."""

import html
from http.client import responses
from typing import Any

from dashboard.sandbox.media_types import HTML, JSON, LD, PROBLEM
from dashboard.sandbox.messages import Answer, json_bytes
from dashboard.sandbox.refusals import Refusal

MEDIA_TYPES = {"problem": PROBLEM, "hydra": LD, "merged": PROBLEM, "lexik": JSON, "html": HTML}


def refused(refusal: Refusal, wanted: str) -> Answer:
    """The refusal in the shape asked for, as far as that is in its hands."""
    shape = shape_of(refusal.status, wanted)
    body = _page(refusal) if shape == "html" else json_bytes(_document(refusal, shape))
    charset = "" if shape in ("lexik", "html") else "; charset=utf-8"
    headers = {"Content-Type": MEDIA_TYPES[shape] + charset, **refusal.headers}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Answer(refusal.status, body, headers)


def shape_of(status: int, wanted: str) -> str:
    """What guards the door always speaks for itself, unless a proxy does."""
    return "lexik" if status == 401 and wanted != "html" else wanted


def _document(refusal: Refusal, shape: str) -> dict[str, Any]:
    if shape == "lexik":
        return {"code": refusal.status, "message": refusal.detail}
    document: dict[str, Any] = {}
    if shape in ("hydra", "merged"):
        document |= _hydra(refusal)
    if shape in ("problem", "merged"):
        document |= _problem(refusal)
    if refusal.violations:
        document["violations"] = [
            {"propertyPath": found.path, "message": found.message, "code": found.code}
            | ({"hint": found.hint} if found.hint else {})
            for found in refusal.violations
        ]
    return document


def _problem(refusal: Refusal) -> dict[str, Any]:
    kind = "validation_errors" if refusal.violations else "errors"
    about = refusal.violations[0].code if refusal.violations else refusal.status
    return {
        "type": f"/{kind}/{about}",
        "title": "An error occurred",
        "status": refusal.status,
        "detail": refusal.detail,
    }


def _hydra(refusal: Refusal) -> dict[str, Any]:
    return {
        "@context": f"/contexts/{'ConstraintViolationList' if refusal.violations else 'Error'}",
        "@type": "ConstraintViolationList" if refusal.violations else "hydra:Error",
        "hydra:title": "An error occurred",
        "hydra:description": refusal.detail,
    }


def _page(refusal: Refusal) -> bytes:
    title = html.escape(f"{refusal.status} {responses.get(refusal.status, 'Error')}")
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>"
    ).encode()
