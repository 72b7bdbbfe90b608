"""Strict JSON: bodies of untrusted size and content: decompressed under a cap, parsed as strict JSON."""
# ruff: noqa: N818 - named after what happened

import json
import math
import re
import zlib
from collections.abc import Mapping
from typing import Any, NoReturn

HOLDERS = (dict, list)
DEEPEST = 64
LONGEST_NUMBER = 40

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class BadBody(Exception):
    """Why a body cannot be used, in words for people."""

    @property
    def sentence(self) -> str:
        return f"{self}.".capitalize()


class BrokenOff(BadBody):
    """The body ended before its end."""


class Bounded:
    """Collects a body piece by piece and never holds more than `most` decoded bytes."""

    def __init__(self, encoding: str, most: int) -> None:
        self._most = most
        self._body = bytearray()
        self._inflate = _inflater(encoding.strip().lower())

    def add(self, piece: bytes) -> None:
        room = self._most - len(self._body) + 1
        self._body += piece if self._inflate is None else self._inflated(piece, room)
        if len(self._body) > self._most:
            raise BadBody(f"it is larger than {self._most} bytes")

    def finish(self) -> bytes:
        if self._inflate is not None and self._body and not self._inflate.eof:
            raise BrokenOff("its compressed body broke off")
        return bytes(self._body)

    def _inflated(self, piece: bytes, room: int) -> bytes:
        assert self._inflate is not None
        try:
            decoded = self._inflate.decompress(piece, room)
        except zlib.error:
            raise BadBody("its compressed body is damaged") from None
        if self._inflate.unused_data:
            raise BadBody("something follows its compressed body")
        return decoded


def _inflater(encoding: str) -> "zlib._Decompress | None":
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    raise BadBody("it is encoded in a way that was not asked for")


def parse(body: bytes) -> object:
    """The JSON value of a body, or BadBody: nothing that Python's own parser lets through or trips over.

    Refused: NaN and infinities, duplicate keys, more than 64 levels, numbers of more than 40 digits,
    half surrogate pairs (they cannot be written out again), anything but UTF-8.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadBody("it is not UTF-8") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except RecursionError:
        raise BadBody("it is nested too deeply") from None
    except ValueError:
        raise BadBody("it is not JSON") from None
    _refuse_depth(value)
    if _SURROGATE.search(text):
        _refuse_half_pairs(value)
    return value


def parse_or_none(body: bytes) -> object:
    try:
        return parse(body)
    except BadBody:
        return None


def listed(value: object) -> list[Any] | None:
    """A list, also when it came as an object with numeric keys (PHP does that); None for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping) and value and all(key.isascii() and key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=lambda key: (len(key), key))]
    return None


def mapped(value: object) -> dict[str, Any] | None:
    """A map, also when it came empty as `[]` (PHP does that); None for anything else."""
    if isinstance(value, dict):
        return value
    return {} if value == [] else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadBody("a key appears twice in it")
    return found


def _no_constant(name: str) -> NoReturn:
    raise BadBody(f"{name} is not JSON")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise BadBody("a number in it is too long")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if len(digits) > LONGEST_NUMBER or not math.isfinite(number):
        raise BadBody("a number in it is too long")
    return number


def _refuse_depth(value: object) -> None:
    level: list[Any] = [value] if isinstance(value, HOLDERS) else []
    for _ in range(DEEPEST):
        if not level:
            return
        within = (parent.values() if isinstance(parent, dict) else parent for parent in level)
        level = [child for children in within for child in children if isinstance(child, HOLDERS)]
    raise BadBody("it is nested too deeply")


def _refuse_half_pairs(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadBody("it holds half a character") from None
