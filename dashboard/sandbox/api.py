"""From a request to an answer: route, token, media type, tenant, and then the act itself."""

import secrets
import traceback

from dashboard.sandbox.call import NOBODY, Call
from dashboard.sandbox.declarations import Record, Route
from dashboard.sandbox.error_shapes import refused
from dashboard.sandbox.media_types import LARGEST_BODY, fails_to_refuse, negotiated
from dashboard.sandbox.messages import Answer, Request, segments
from dashboard.sandbox.names import Names, Switches
from dashboard.sandbox.refusals import Refusal
from dashboard.sandbox.resources import routes
from dashboard.sandbox.store import Store
from dashboard.sandbox.tokens import Tokens

WRITES = ("POST", "PATCH", "DELETE")


class Api:
    def __init__(self, names: Names, switches: Switches, store: Store, tokens: Tokens) -> None:
        self.names = names
        self.switches = switches
        self.store = store
        self.tokens = tokens
        self.routes = routes(names)
        self._by_length: dict[int, list[Route]] = {}
        for route in sorted(self.routes, key=lambda route: route.path.count("{")):
            self._by_length.setdefault(len(route.parts), []).append(route)

    def answer(self, request: Request, keep: bool = True) -> Answer:
        """With keep=False a write is tried, answered as if it had happened, and taken back."""
        switches = self.switches
        try:
            answer = self._answered(request, switches, keep)
        except Refusal as refusal:
            if refusal.status != 401 and fails_to_refuse(request, switches):
                answer = refused(Refusal(500, "Internal Server Error"), "html")
            else:
                answer = refused(refusal, switches.errors)
        except Exception:  # noqa: BLE001 - the server has to outlive a mistake of its own
            traceback.print_exc()
            answer = refused(Refusal(500, "Internal Server Error"), switches.errors)
        answer.headers.setdefault("X-Request-Id", request.headers.get("x-request-id") or secrets.token_hex(8))
        return answer

    def local_path(self, request: Request) -> str | None:
        base = self.names.base_path
        path = request.raw_path
        if not base:
            return path
        return path[len(base) :] if path == base or path.startswith(base + "/") else None

    def _answered(self, request: Request, switches: Switches, keep: bool) -> Answer:
        route, params = self._matched(request)
        call = Call(request, route, params, self.names, switches, self.store, self.tokens)
        if route.guarded:
            self.tokens.check(request.headers.get("authorization"))
        if len(request.body) > LARGEST_BODY:
            raise Refusal(413, "The request entity is larger than limits defined by the server.")
        if route.returns is not None:
            call.media_type = negotiated(request, switches)
        if request.method not in WRITES:
            return self._acted(call)
        with self.store.transaction(keep):
            return self._acted(call)

    def _acted(self, call: Call) -> Answer:
        """Inside the transaction the tenant is read as well: acts without an id change its record."""
        if call.route.scoped:
            call.organization = self._organization(call.request, call.switches)
        return call.route.act(call)

    def _matched(self, request: Request) -> tuple[Route, dict[str, str]]:
        path = self.local_path(request)
        parts = segments(path) if path is not None else []
        method = "GET" if request.method == "HEAD" else request.method
        allowed = []
        for route in self._by_length.get(len(parts), []):
            params = _fits(route.parts, parts)
            if params is None:
                continue
            if route.method == method:
                return route, params
            allowed.append(route.method)
        if not allowed:
            raise Refusal(404, f'No route found for "{request.method} {request.raw_path}"')
        listed = ", ".join(sorted(set(allowed)))
        detail = (
            f'No route found for "{request.method} {request.raw_path}": Method Not Allowed (Allow: {listed})'
        )
        raise Refusal(405, detail, headers={"Allow": listed})

    def _organization(self, request: Request, switches: Switches) -> Record:
        named = switches.tenant or request.headers.get(self.names.tenant_header.lower(), "")
        if not named:
            raise Refusal(403, "No instance was selected.")
        found = self.store.get(NOBODY, "organizations", named) or self.store.find(
            NOBODY, "organizations", "instance", named
        )
        if found is None:
            raise Refusal(403, "Access to this instance is denied.")
        return found


def _fits(pattern: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    params = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            if not part:
                return None
            params[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return params
