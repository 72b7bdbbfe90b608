"""The sandbox behind the product: its faults and its log, and its records as one organization has them."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.support.sandbox import Sandbox


@dataclass
class Api:
    """Kwelgeest Groep's records: org_1001, production, with more locations than fit on a page."""

    sandbox: Sandbox
    token: str = ""

    def read(self, path: str) -> Any:
        return self._send("GET", path)

    def patch(self, path: str, changes: dict[str, Any]) -> Any:
        return self._send("PATCH", path, changes)

    def depot(self, number: int) -> str:
        """Makes a location Depot Oost, open from 8 to 17; where its page is. What a test leaves unsettled outlives
        the sandbox's reset: a test of lost answers takes a location that no other one has to do with."""
        self.patch(f"/locations/{number}", {"name": "Depot Oost", "officeOpenHour": 8, "officeCloseHour": 17})
        self.sandbox.clear_requests()
        return f"/o/org_1001/locations/{number}/"

    def sent(self, method: str, path: str = "/locations/1") -> list[Any]:
        """The bodies that reached it with this method at this path."""
        log = self.sandbox.requests()
        return [each["body"] for each in log if (each["method"], each["path"]) == (method, path)]

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        if not self.token and path != "/login":
            credentials = {"username": "sandbox", "password": "sandbox"}
            self.token = self._send("POST", "/login", credentials)["token"]
        request = urllib.request.Request(
            self.sandbox.base_url + path,
            None if body is None else json.dumps(body).encode(),
            {
                "Accept": "application/ld+json",
                "Content-Type": "application/merge-patch+json" if method == "PATCH" else "application/json",
                "Authorization": f"Bearer {self.token}",
                "instance": "kwelgeest_7f3a",
            },
            method=method,
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)
