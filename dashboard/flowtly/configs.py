"""Configuration values of an organization (published reference: list, read, patch; no schema)."""
# ruff: noqa: RUF009 - the calls return dataclass fields

from dataclasses import dataclass
from typing import Any

from .records import Record, anything
from .verbs import Gets, Lists, Updates


@dataclass(frozen=True)
class Config(Record):
    """`id` may be a key with dots and colons, `value` any JSON, perhaps within a string (all assumed)."""

    value: Any = anything()


class Configs(Lists[Config], Gets[Config], Updates[Config]):
    path = "/configs"
    record = Config
