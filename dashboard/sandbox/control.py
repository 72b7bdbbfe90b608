"""The paths under /_control: faults, the log of requests, reset, tokens and switches, for tests and demos."""

import base64
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.sandbox.api import Api
from dashboard.sandbox.faults import Faults
from dashboard.sandbox.messages import Answer, Request, json_answer
from dashboard.sandbox.names import changed

PREFIX = "/_control/"


@dataclass
class Logged:
    request: Request
    path: str
    status: int = 0


class Log:
    def __init__(self) -> None:
        self._entries: deque[Logged] = deque(maxlen=20_000)
        self._lock = threading.Lock()

    def add(self, request: Request, path: str) -> Logged:
        entry = Logged(request, path)
        with self._lock:
            self._entries.append(entry)
        return entry

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def as_json(self) -> list[dict[str, Any]]:
        with self._lock:
            entries = list(self._entries)
        return [_described(entry) for entry in entries]


class Control:
    def __init__(self, api: Api, faults: Faults, log: Log, reset: Callable[[], None]) -> None:
        self._api = api
        self._faults = faults
        self._log = log
        self._reset = reset
        self._switches = api.switches

    def answer(self, request: Request) -> Answer:
        act = getattr(self, f"_{request.method.lower()}_{_word(request)}", None)
        if act is None:
            return json_answer({"error": "There is no such control."}, 404)
        try:
            value = act(json.loads(request.body or b"{}"))
        except (ValueError, KeyError, TypeError, re.error) as error:
            return json_answer({"error": str(error)}, 400)
        return Answer(204) if value is None else json_answer(value, 201 if request.method == "POST" else 200)

    def _post_faults(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._faults.add(sent["match"], sent["fault"], sent.get("times"))
        return sent

    def _delete_faults(self, sent: dict[str, Any]) -> None:
        self._faults.clear()

    def _post_act_now(self, sent: dict[str, Any]) -> None:
        self._faults.act_now()

    def _get_requests(self, sent: dict[str, Any]) -> list[dict[str, Any]]:
        return self._log.as_json()

    def _delete_requests(self, sent: dict[str, Any]) -> None:
        self._log.clear()

    def _post_revoke_tokens(self, sent: dict[str, Any]) -> None:
        self._api.tokens.revoke_all()

    def _post_reset(self, sent: dict[str, Any]) -> None:
        """Seeded data, no faults, an empty log, and the switches the process was started with."""
        self._faults.forget()
        self._reset()
        self._api.switches = self._switches
        self._log.clear()

    def _post_settings(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._api.switches = changed(self._api.switches, sent)
        return asdict(self._api.switches)

    def _get_settings(self, sent: dict[str, Any]) -> dict[str, Any]:
        return asdict(self._api.switches)

    def _get_names(self, sent: dict[str, Any]) -> dict[str, Any]:
        return asdict(self._api.names)


def _word(request: Request) -> str:
    return request.raw_path.removeprefix(PREFIX).replace("-", "_")


def _described(entry: Logged) -> dict[str, Any]:
    request = entry.request
    query: dict[str, Any] = {}
    for name, value in request.query:
        query[name] = value
    return {
        "method": request.method,
        "path": entry.path,
        "query": query,
        "raw_query": request.raw_query,
        "headers": request.headers,
        "body": _body(request.body),
        "status": entry.status,
    }


def _body(body: bytes) -> object:
    if not body:
        return None
    try:
        text = body.decode()
    except ValueError:
        return {"base64": base64.b64encode(body).decode()}
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
