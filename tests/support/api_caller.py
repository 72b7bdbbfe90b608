"""A caller of the API that knows nothing but HTTP: what a test says is what goes over the wire."""

import http.client
import json
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from tests.support.sandbox import Sandbox

LD = "application/ld+json"
MERGE_PATCH = "application/merge-patch+json"
BIG = "org_1001"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def members(self) -> list[dict[str, Any]]:
        found = self.json
        return found if isinstance(found, list) else found.get("hydra:member", found.get("member"))

    @property
    def total(self) -> int:
        return int(self.json["hydra:totalItems"])

    @property
    def paths(self) -> list[str]:
        return [each["propertyPath"] for each in self.json["violations"]]


@dataclass
class Caller:
    sandbox: Sandbox
    tenant: str | None = BIG
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def sign_in(self, username: str = "sandbox", password: str = "sandbox") -> Reply:
        sent = {"username": username, "password": password}
        return self.call("POST", self.sandbox.names["login_path"], sent, media_type="application/json")

    def signed_in(self) -> "Caller":
        self.token = self.sign_in().json["token"]
        return self

    def of(self, tenant: str | None) -> "Caller":
        return Caller(self.sandbox, tenant, self.token, self.headers)

    def get(self, path: str, **headers: str) -> Reply:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: Any) -> Reply:
        return self.call("POST", path, body)

    def patch(self, path: str, body: Any) -> Reply:
        return self.call("PATCH", path, body, media_type=MERGE_PATCH)

    def delete(self, path: str) -> Reply:
        return self.call("DELETE", path)

    def upload(self, path: str, name: str, content: bytes) -> Reply:
        edge = "edge-of-a-part"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="it.png"\r\n'
        body = head.encode() + b"Content-Type: image/png\r\n\r\n" + content + f"\r\n--{edge}--\r\n".encode()
        return self.call("POST", path, body, media_type=f"multipart/form-data; boundary={edge}")

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        media_type: str | None = LD,
        headers: dict[str, str] | None = None,
        timeout: float = 120,
    ) -> Reply:
        base = urllib.parse.urlsplit(self.sandbox.base_url)
        connection = http.client.HTTPConnection(base.netloc, timeout=timeout)
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, base.path + path, sent, self._headers(sent, media_type, headers or {}))
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def _headers(self, sent: Any, media_type: str | None, extra: dict[str, str]) -> dict[str, str]:
        found = dict(self.headers)
        if self.token:
            found["Authorization"] = f"Bearer {self.token}"
        if self.tenant:
            found[self.sandbox.names["tenant_header"]] = self.tenant
        if sent is not None and media_type:
            found["Content-Type"] = media_type
        return found | extra
