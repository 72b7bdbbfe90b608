"""The API's own description of itself, open, behind the token, or off."""

from dashboard.sandbox import openapi
from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Route
from dashboard.sandbox.media_types import accepts
from dashboard.sandbox.messages import Answer, json_answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.refusals import Refusal, not_found

OPENAPI = "application/vnd.openapi+json"


def routes(names: Names) -> list[Route]:
    paths = ("/docs.jsonopenapi", "/docs.json", "/docs")
    return [Route("GET", path, describe, scoped=False, guarded=False) for path in paths]


def describe(call: Call) -> Answer:
    _check_access(call)
    if call.route.path == "/docs" and not accepts(call.request, OPENAPI):
        raise Refusal(406, f'Supported MIME types are "{OPENAPI}".')
    document = openapi.document(call.names, call.switches)
    return json_answer(document, 200, f"{OPENAPI}; charset=utf-8")


def _check_access(call: Call) -> None:
    if call.switches.docs == "off":
        raise not_found()
    if call.switches.docs == "token":
        call.tokens.check(call.request.headers.get("authorization"))
