"""Rules of a field, with the words and the codes of the framework behind the API."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.sandbox.countries import COUNTRIES


@dataclass(frozen=True)
class Rule:
    holds: Callable[[Any], bool]
    message: str
    code: str
    schema: tuple[tuple[str, Any], ...] = ()


def between(low: int, high: int) -> Rule:
    message = f"This value should be between {low} and {high}."
    schema = (("minimum", low), ("maximum", high))
    return Rule(lambda value: low <= value <= high, message, "04b91c99-a946-4221-afc5-e65ebac401eb", schema)


def longest(limit: int) -> Rule:
    message = f"This value is too long. It should have {limit} characters or less."
    schema = (("maxLength", limit),)
    return Rule(lambda value: len(value) <= limit, message, "d94b19cc-114f-4f44-9cc4-4138e80a87b9", schema)


def shortest(limit: int) -> Rule:
    message = f"This value is too short. It should have {limit} characters or more."
    schema = (("minLength", limit),)
    return Rule(lambda value: len(value) >= limit, message, "9ff3fdc4-b214-49db-8718-39c315e33d45", schema)


def shaped(pattern: str, message: str, code: str = "de1e3db3-5ed4-4941-aae4-59f3667cc3a3") -> Rule:
    compiled = re.compile(pattern)
    return Rule(lambda value: bool(compiled.fullmatch(value)), message, code)


EMAIL = shaped(
    r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]+",
    "This value is not a valid email address.",
    "bd79c0ab-ddba-46cc-a703-a7a4b08de310",
)
COUNTRY = Rule(
    lambda value: value in COUNTRIES,
    "This value is not a valid country.",
    "8f900c12-61bd-455d-9398-996cd040f7f0",
)
LOCALE = shaped(
    r"[a-z]{2,3}([-_][A-Z][a-z]{3})?([-_][A-Z]{2})?",
    "This value is not a valid locale.",
    "a0af4293-1f1a-4a1c-a328-979cba6182a2",
)
HOUR = between(0, 24)
