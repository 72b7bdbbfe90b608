"""Media types: which one an answer goes out in, and which a body may come in."""

import json
from typing import Any, NoReturn

from dashboard.sandbox.messages import Request
from dashboard.sandbox.names import Switches
from dashboard.sandbox.refusals import Refusal

LD = "application/ld+json"
JSON = "application/json"
PROBLEM = "application/problem+json"
MERGE_PATCH = "application/merge-patch+json"
MULTIPART = "multipart/form-data"
HTML = "text/html"

LARGEST_BODY = 10 * 1024 * 1024


def negotiated(request: Request, switches: Switches) -> str:
    """The best of what the caller takes and the server has; 406 where there is none."""
    offered, accept = offers(switches), _accept(request)
    ranked = sorted(_accepted(accept), key=lambda pair: -pair[1])
    for wanted, quality in ranked:
        for media_type in offered:
            if quality > 0 and _covers(wanted, media_type):
                return media_type
    listed = ", ".join(f'"{media_type}"' for media_type in offered)
    raise Refusal(406, f'Requested format "{accept}" is not supported. Supported MIME types are {listed}.')


def offers(switches: Switches) -> tuple[str, ...]:
    return (JSON,) if switches.envelope == "array" or switches.formats == "json" else (LD, JSON)


def accepts(request: Request, media_type: str) -> bool:
    return any(_covers(wanted, media_type) and quality > 0 for wanted, quality in _accepted(_accept(request)))


def fails_to_refuse(request: Request, switches: Switches) -> bool:
    """A server that offers nothing but JSON fails over an error to who would rather have something else: the format
    of an error is chosen from another list (seen on API Platform 3.4 and 4.1)."""
    return switches.formats == "json" and accepts(request, LD) and _accept(request) != "*/*"


def _accept(request: Request) -> str:
    return request.headers.get("accept", "").strip() or "*/*"


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


def decoded_body(request: Request, switches: Switches) -> dict[str, Any]:
    """The JSON object that was sent, under the media types that the method takes."""
    _check_media_type(request, taken(request.method, switches))
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


def taken(method: str, switches: Switches) -> tuple[str, ...]:
    if method == "PATCH":
        return (MERGE_PATCH,)
    if switches.formats == "json":
        return (JSON,)
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


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
