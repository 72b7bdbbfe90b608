"""One reader for the five shapes in which the API, its login and the proxies before them say no.

problem+json, the `hydra:` spelling and both merged are API Platform's (its source, 2.7 to 4.3);
`{"code", "message"}` is LexikJWTAuthenticationBundle's; HTML and plain text come from proxies.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.flowtly.errors import Violation
from dashboard.flowtly.strict_json import listed

LONGEST = 500
EXAMINED = 20_000
MOST_VIOLATIONS = 100

_HIDDEN = re.compile(r"<(script|style|head)\b.*?(</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_LINE = re.compile(r"^([A-Za-z_][\w.\[\]]{0,100}): (.+)$")
_TYPE = re.compile(r'^The type of the "([\w.\[\]]{1,100})" attribute must be')


@dataclass(frozen=True)
class Problem:
    """`detail`: the server's words, plain, at most 500 characters; `own`: an API wrote it, not a proxy."""

    detail: str = ""
    violations: tuple[Violation, ...] = ()
    own: bool = False


def read(data: object, text: str = "") -> Problem:
    """What an error body says. `data` is its JSON (None when it has none), `text` the body as it came."""
    if not isinstance(data, Mapping):
        return Problem(detail=plain(text))
    words = _first(data, "detail", "hydra:description", "description", "message", "error_description")
    title = _first(data, "title", "hydra:title", "error")
    violations = _violations(data) or _violations_in_words(words)
    return Problem(detail=plain(words or title), violations=violations, own=True)


def plain(text: str, longest: int = LONGEST) -> str:
    """Text without markup, control characters or line breaks, cut at `longest` characters."""
    visible = _TAG.sub(" ", _HIDDEN.sub(" ", text[:EXAMINED]))
    line = _SPACE.sub(" ", html.unescape(visible)).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _first(data: Mapping[str, Any], *keys: str) -> str:
    return next((data[key] for key in keys if isinstance(data.get(key), str) and data[key].strip()), "")


def _violations(data: Mapping[str, Any]) -> tuple[Violation, ...]:
    for key in ("violations", "hydra:violations", "constraintViolations"):
        found = listed(data.get(key))
        if found:
            entries = [entry for entry in found[:MOST_VIOLATIONS] if isinstance(entry, Mapping)]
            return tuple(_violation(entry) for entry in entries)
    return ()


def _violation(entry: Mapping[str, Any]) -> Violation:
    message, hint = _first(entry, "message", "hydra:message", "title"), _first(entry, "hint")
    return Violation(
        path=plain(_first(entry, "propertyPath", "hydra:propertyPath", "path"), 200),
        message=plain(message if hint in message else f"{message} {hint}"),
        code=plain(_first(entry, "code"), 100),
    )


def _violations_in_words(words: str) -> tuple[Violation, ...]:
    """API Platform repeats violations as lines `field: message`, and names a wrongly typed field in prose."""
    if typed := _TYPE.match(words):
        return (Violation(typed[1], plain(words)),)
    lines = [_LINE.match(line) for line in words[:EXAMINED].splitlines() if line.strip()]
    if not lines or not all(lines):
        return ()
    return tuple(Violation(line[1], plain(line[2])) for line in lines[:MOST_VIOLATIONS] if line)
