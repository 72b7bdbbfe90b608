"""What goes over the wire, as values: a request, and an answer."""

import json
from dataclasses import dataclass, field
from http.client import responses
from urllib.parse import parse_qsl, unquote


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    def __post_init__(self) -> None:
        path, _, query = self.target.partition("?")
        self.raw_path = path
        self.raw_query = query
        self.query = _pairs(query)

    def parameter(self, name: str) -> str | None:
        """The last value wins, as it does in PHP."""
        return next((value for key, value in reversed(self.query) if key == name), None)


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def head(self, keep_alive: bool) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {responses.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.status != 204:
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: keep-alive" if keep_alive else "Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_answer(value: object, status: int = 200, media_type: str = "application/json") -> Answer:
    return Answer(status, json_bytes(value), {"Content-Type": media_type})


def segments(path: str) -> list[str]:
    """Decoded after the split, so that a quoted slash stays inside its segment."""
    return [unquote(part) for part in path.split("/")[1:]]


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []
