"""Logo and icon: one picture in a multipart body, kept, and served again at a URL of the sandbox."""

import secrets
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from dashboard.sandbox.call import NOBODY, Call, now
from dashboard.sandbox.declarations import Resource, Route
from dashboard.sandbox.media_types import check_multipart
from dashboard.sandbox.messages import Answer, Request
from dashboard.sandbox.names import Names
from dashboard.sandbox.refusals import Violation, invalid, not_found

LARGEST = 2 * 1024 * 1024
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


def upload_routes(names: Names, organization: Resource) -> list[Route]:
    pictures = [
        Route(
            "POST", f"/organizations/{word}", _keeps(word, organization), status=names.act_status,
            returns=organization, upload=True, refusals=(413, 415, 422),
        )
        for word in ("icon", "logo")
    ]  # fmt: skip
    return [*pictures, Route("GET", "/uploads/{id}", served, scoped=False, guarded=False, refusals=(404,))]


def _keeps(word: str, organization: Resource) -> Callable[[Call], Answer]:
    def act(call: Call) -> Answer:
        content = _content(call)
        media_type = _media_type(call, content)
        name = secrets.token_hex(12)
        call.store.keep_file(call.tenant, name, media_type, content)
        url = f"{call.names.base_path}/uploads/{name}"
        host = call.request.headers.get("host", "127.0.0.1")
        record = {**call.organization, f"{word}Url": f"http://{host}{url}", "updatedAt": now()}
        call.store.replace(NOBODY, "organizations", record)
        answer = call.item(organization, record)
        answer.headers["Content-Location"] = url
        return answer

    return act


def served(call: Call) -> Answer:
    found = call.store.file(call.params["id"])
    if found is None:
        raise not_found()
    return Answer(200, found[1], {"Content-Type": found[0]})


def _content(call: Call) -> bytes:
    check_multipart(call.request)
    content = part(call.request, call.names.upload_field)
    if content is None:
        raise _refused(call, "This value should not be null.", "ad32d13f-c3d4-423b-909a-857b961eab1f")
    if len(content) > LARGEST:
        raise _refused(call, "The file is too large. Allowed maximum size is 2 MiB.", "")
    return content


def _media_type(call: Call, content: bytes) -> str:
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise _refused(call, "This file is not a valid image.", "6d55c3f4-e58e-4fe3-91ee-74b492199956")


def _refused(call: Call, message: str, code: str) -> Exception:
    return invalid([Violation(call.names.upload_field, message, code)])


def part(request: Request, name: str) -> bytes | None:
    """The content of the named part, or None."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head.encode("latin-1", "replace") + request.body)
    if not message.is_multipart():
        return None
    for each in message.iter_parts():
        if isinstance(each, Message) and each.get_param("name", header="content-disposition") == name:
            payload = each.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else None
    return None
