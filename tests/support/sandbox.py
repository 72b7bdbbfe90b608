"""A sandbox of one's own: starts the module in a process, waits until it speaks, ends it."""

import http.client
import json
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sandbox:
    """Where it listens, and the handles that /_control/ offers."""

    base_url: str  # with the base path
    origin: str  # without
    names: dict[str, Any]

    def faults(self, match: str, fault: dict[str, Any], times: int | None = None) -> None:
        """`match` is matched in full against "METHOD /path", without query and base path."""
        wanted = {"match": match, "fault": fault} | ({} if times is None else {"times": times})
        self._control("POST", "faults", wanted)

    def clear_faults(self) -> None:
        self._control("DELETE", "faults")

    def act_now(self) -> None:
        """What a fault was told to do late, it has done when this returns."""
        self._control("POST", "act-now")

    def requests(self) -> list[dict[str, Any]]:
        """What arrived: method, path, query, headers, body, status (0 where nothing was answered)."""
        return self._control("GET", "requests")  # type: ignore[no-any-return]

    def clear_requests(self) -> None:
        self._control("DELETE", "requests")

    def revoke_tokens(self) -> None:
        self._control("POST", "revoke-tokens")

    def reset(self) -> None:
        """Seeded data, no faults, an empty log, the switches it was started with."""
        self._control("POST", "reset")

    def settings(self, **wanted: Any) -> dict[str, Any]:
        return self._control("POST", "settings", wanted)  # type: ignore[no-any-return]

    def iri(self, path: str) -> str:
        """How this API names what is at that path."""
        return f"/api{path}" if self.names["iris"] == "prefixed" else path

    def country(self, code: str) -> str:
        """How it writes a country where a code would do."""
        return self.iri(f"/countries/{code}") if self.names["country_style"] == "iri" else code

    def _control(self, method: str, word: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.origin).netloc, timeout=120)
        try:
            connection.request(method, f"/_control/{word}", None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise RuntimeError(f"The sandbox refused {method} {word}: {text.decode()}")
        return json.loads(text) if text else None


def settings_for(sandbox: Sandbox) -> dict[str, object]:
    """The dashboard's settings for a sandbox that goes by these names."""
    names = sandbox.names
    return {
        "FLOWTLY_BASE_URL": sandbox.base_url,
        "FLOWTLY_LOGIN_PATH": names["login_path"],
        "FLOWTLY_TENANT_HEADER": names["tenant_header"],
        "FLOWTLY_TENANT_FIELD": names["tenant_field"],
        "FLOWTLY_COUPON_FIELD": names["coupon_field"],
        "FLOWTLY_UPLOAD_FIELD": names["upload_field"],
        "FLOWTLY_SEARCH_PARAMETER": names["search_parameter"],
        "FLOWTLY_ENROLL_FIELDS": names["enroll_fields"].split(","),
        "FLOWTLY_CONFIG_FIELD": names["config_value_field"],
    }


@contextmanager
def running_sandbox(*arguments: str, control: bool = True) -> Iterator[Sandbox]:
    """`with running_sandbox("--envelope", "plain") as sandbox:`; any switch of the module may be given."""
    command = [sys.executable, "-m", "dashboard.sandbox", "--port", "0", *arguments]
    process = subprocess.Popen(
        [*command, "--control"] if control else command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if "http://" not in line:
            raise RuntimeError(f"The sandbox did not start: {line!r}")
        origin = line[line.index("http://") :].strip()
        yield _found(origin, control, arguments)
    finally:
        process.terminate()
        process.wait(120)
        process.stdout.close()


def _found(origin: str, control: bool, arguments: tuple[str, ...]) -> Sandbox:
    if not control:
        names = printed_names(*arguments)
        return Sandbox(origin + names["base_path"], origin, names)
    names = Sandbox(origin, origin, {})._control("GET", "names")
    return Sandbox(origin + names["base_path"], origin, names)


def printed_names(*arguments: str) -> dict[str, Any]:
    """The names that a sandbox started with these arguments goes by."""
    command = [sys.executable, "-m", "dashboard.sandbox", *arguments, "--print-names"]
    return json.loads(subprocess.check_output(command, cwd=ROOT, text=True))  # type: ignore[no-any-return]
