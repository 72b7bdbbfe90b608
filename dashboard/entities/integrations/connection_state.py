"""Connection state: what an integration says of itself.

No field of its status is published. So the likely names are tried, wherever they stand and however they are spelt;
a word that nobody knows is shown as it came and claims nothing; and what is left over is shown too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.flowtly.resources.records import parse_moment
from dashboard.standards.foreign_text import joined
from dashboard.web.formatting import as_it_is, https_url

CONNECTED, WAITING, FAILED, OFF, UNKNOWN = "connected", "waiting", "failed", "off", "unknown"
PHASES: dict[str, frozenset[str]] = {
    CONNECTED: frozenset({"active", "connected", "enrolled", "enabled", "linked", "authorized", "ready"}),
    WAITING: frozenset(
        {"pending", "awaiting", "waiting", "processing", "in_progress", "connecting", "enrolling", "syncing",
         "queued", "requested", "initiated", "initializing", "starting", "verifying", "provisioning", "pulling"}
    ),
    FAILED: frozenset({"failed", "failure", "error", "errored", "denied", "rejected"}),
    OFF: frozenset(
        {"not_connected", "disconnected", "not_enrolled", "not_configured", "inactive", "disabled", "none",
         "revoked", "expired", "cancelled", "canceled"}
    ),
}  # fmt: skip
STILL = ("pending_", "awaiting_", "waiting_")  # what such a word begins with, whatever is waited for
CODES = ("status", "state", "connection_status", "connection_state", "integration_status")
INSIDE_A_CODE = ("code", "value", "name", "key", "id", "label")
WAITING_FLAGS = ("pending", "is_pending", "in_progress", "processing")
FLAGS = ("connected", "is_connected", "linked", "active", "is_active", "enrolled", "enabled", "is_enabled")
SINCE = {
    CONNECTED: ("connected_at", "activated_at", "enrolled_at", "enabled_at", "linked_at", "active_since"),
    WAITING: ("requested_at", "started_at", "initiated_at", "submitted_at", "pending_since", "enrolled_at"),
    FAILED: ("failed_at", "error_at", "last_error_at"),
    OFF: ("revoked_at", "disconnected_at", "expired_at", "disabled_at", "ended_at"),
    UNKNOWN: (),
}
SINCE_ANY = ("since", "status_since", "status_changed_at", "state_changed_at", "changed_at")
SAYS = {"error", "errors", "last_error", "error_message", "failure_reason", "failure", "reason", "message",
        "detail", "problem"}  # fmt: skip
_LINK = re.compile(r"(^|_)(url|uri|link|href|redirect|redirect_to)$")
_NEXT = re.compile(
    r"next_.*(pull|sync|refresh|fetch)|pull.*_(after|available|allowed|from)|cool_?down|retry_after"
)
_LAST = re.compile(r"last_.*(pull|sync|refresh|fetch|import)|(pulled|synced|refreshed|fetched|imported)_at$")
_LEFT = re.compile(r"(pulls|requests)_(left|remaining)|remaining_(pulls|requests)")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s.-]+")
DEEPEST = 3
MOST = 60  # fields that are shown


@dataclass(frozen=True)
class ConnectionState:
    """State of a connection. `code` is the API's word, spelt with underscores, or "" where it says none; `rest` what
    else came."""

    code: str = ""
    as_it_came: str = ""
    phase: str = UNKNOWN
    since: datetime | None = None
    says: str = ""
    link: str = ""
    last_pull: datetime | None = None
    next_pull: datetime | None = None
    pulls_left: int | None = None
    moments: Mapping[str, datetime] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        return self.phase == WAITING


def read(raw: Mapping[str, Any], now: datetime | None = None) -> ConnectionState:
    """State out of anything that is an object, or that stands in for one; never raises."""
    now = now or datetime.now(UTC)
    fields = dict(_flat(raw))
    used, code = _code(fields)
    phase = phase_of(spelt(code))
    moments = {name: at for name, value in fields.items() if (at := parse_moment(value)) is not None}
    since = next(
        (name for wanted in (*SINCE[phase], *SINCE_ANY) for name in moments if _last(name) == wanted), ""
    )
    said = {name: value for name, value in fields.items() if name != used and _is_said(name, value)}
    link = next(
        (name for name, value in fields.items() if _LINK.search(_last(name)) and https_url(value)), ""
    )
    next_name, next_pull = _next_pull(fields, moments, now)
    shown = {each for each in (used, since, link, next_name) if each} | set(said)
    left = [value for name, value in fields.items() if _LEFT.search(_last(name)) and _is_count(value)]
    return ConnectionState(
        code=spelt(code),
        as_it_came=code,
        phase=phase,
        since=moments[since] if since else None,
        says=joined(dict.fromkeys(_texts(said.values())), " · "),
        link=fields[link] if link else "",
        last_pull=max((at for name, at in moments.items() if _LAST.search(_last(name))), default=None),
        next_pull=next_pull,
        pulls_left=left[0] if left else None,
        moments={name: at for name, at in moments.items() if name not in shown},
        rest=dict([(n, v) for n, v in fields.items() if n not in shown and n not in moments][:MOST]),
    )


def phase_of(code: str) -> str:
    if code.startswith(STILL):
        return WAITING
    return next((phase for phase, codes in PHASES.items() if code in codes), UNKNOWN)


def spelt(word: str) -> str:
    """`inProgress`, `IN PROGRESS` and `in-progress` are one word."""
    return _WORDS.sub("_", word.strip()).lower()


def _flat(raw: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for name, value in raw.items():
        if name.startswith("@"):
            continue
        if isinstance(value, dict) and value and depth < DEEPEST:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        else:
            yield before + name, value


def _last(path: str) -> str:
    return spelt(path.rpartition(".")[2])


def _code(fields: Mapping[str, Any]) -> tuple[str, str]:
    """Field that holds the state, and the state: a word, or a flag in words."""
    for wanted in CODES:
        for path in sorted(fields, key=lambda path: path.count(".")):
            if _holds(path, wanted) and (code := _word(fields[path])):
                return path, code
    for flags, meaning in (
        (WAITING_FLAGS, {True: "pending"}),
        (FLAGS, {True: "connected", False: "not_connected"}),
    ):
        for wanted in flags:
            for path, value in fields.items():
                if _last(path) == wanted and isinstance(value, bool) and value in meaning:
                    return path, meaning[value]
    return "", ""


def _holds(path: str, wanted: str) -> bool:
    *_, before, last = ["", *map(spelt, path.split("."))]
    return last == wanted or (before == wanted and last in INSIDE_A_CODE)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "connected" if value else "not_connected"
    return str(value).strip() if isinstance(value, str | int) else ""


def _is_said(path: str, value: object) -> bool:
    named = any(spelt(part) in SAYS for part in path.split("."))
    return named and not isinstance(value, bool) and bool(list(_texts([value])))


def _texts(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield from filter(None, [value.strip()])
        elif isinstance(value, dict):
            best = next((value[name] for name in ("message", "detail", "title") if value.get(name)), None)
            yield from _texts([best if best is not None else as_it_is(value)] if value else [])
        elif isinstance(value, list):
            yield from _texts(value)
        elif value is not None:
            yield as_it_is(value)


def _next_pull(
    fields: Mapping[str, Any], moments: Mapping[str, datetime], now: datetime
) -> tuple[str, datetime | None]:
    """When the bank may be asked again, as a moment or in seconds from now; only while that is to come."""
    for name, value in fields.items():
        if not _NEXT.search(_last(name)):
            continue
        at = moments.get(name)
        if at is None and _is_count(value) and value <= timedelta(days=7).total_seconds():
            at = now + timedelta(seconds=value)
        if at is not None and at > now:
            return name, at
    return "", None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
