"""Redaction: configs without their secrets.

What looks like a secret is taken out as soon as it is read, and a mark is put in its place that tells whether it is
still the same one. So nothing that draws, keeps or compares ever holds it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.crypto import salted_hmac

from dashboard.flowtly.redact import IN_TEXT, looks_secret
from dashboard.flowtly.resources.configs import Config, Configs
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.standards import checked_json

MARK = "\ue000hidden:"  # of the private use area: no API says this by itself
# What says which config it is, or when it was written, is no secret.
PLAIN = {"id", "key", "name", "code", "label", "description", "createdAt", "updatedAt"}
NAMES = ("id", "key", "name", "code")


def is_secret(config: Config, identifier: str = "") -> bool:
    names = [identifier, config.id, *(config.raw.get(name) for name in NAMES)]
    return any(isinstance(name, str) and looks_secret(name) for name in names) or holds_one(config.raw)


def holds_one(value: object) -> bool:
    """Whether something within a value looks like a secret, or is one that was taken out already."""
    if isinstance(value, str):
        return is_hidden(value) or bool(IN_TEXT.search(value)) or holds_one(inside(value))
    if isinstance(value, Mapping):
        return any(
            (each not in (None, "") and looks_secret(key, alone=False)) or holds_one(each)
            for key, each in value.items()
        )
    return isinstance(value, list) and any(map(holds_one, value))


def is_hidden(value: object) -> bool:
    return isinstance(value, str) and value.startswith(MARK)


def kind_of_hidden(value: object) -> str:
    return str(value).removeprefix(MARK).partition(":")[0] if is_hidden(value) else "null"


def hidden(value: object, identifier: str) -> str:
    """A mark for this value of this config: it tells a change, and nothing about the value but its kind."""
    said = salted_hmac("configs.hidden", f"{identifier}\0{kind_of(value)}\0{value!r}", algorithm="sha256")
    return f"{MARK}{kind_of(value)}:{said.hexdigest()}"


def kind_of(value: object) -> str:
    """What sort of value a config holds; a text that is the JSON of a list or object is of a kind of its own."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text" if inside(value) is None else "json"
    kinds = {int: "integer", float: "decimal", list: "list", dict: "object"}
    return kinds.get(type(value), "text")


def inside(value: str) -> object:
    """The list or object that a text is the JSON of; None for any other text."""
    if value.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return checked_json.parse(value)
    except checked_json.NotJSON:
        return None


def guard(config: Config, identifier: str = "") -> Config:
    if not is_secret(config, identifier):
        return config
    raw = {
        name: value
        if value is None or name.startswith("@") or name in PLAIN
        else hidden(value, config.id or identifier)
        for name, value in config.raw.items()
    }
    return Config.read(raw)


class Guarded:
    """The resource, for all that reads and writes configs here. `always` goes with every list: the keys, where the
    API wants them named."""

    path = Configs.path
    record = Config

    def __init__(self, configs: Configs, always: Mapping[str, list[str]] | None = None) -> None:
        self._configs = configs
        self._always = always or {}

    def get(self, identifier: str) -> Config:
        return guard(self._configs.get(identifier), identifier)

    def list(self, page: int = 1, items: int = 30, filters: Mapping[str, Any] | None = None) -> Page[Config]:
        found = self._configs.list(page, items, {**self._always, **(filters or {})})
        return replace(found, items=[guard(each) for each in found.items], raw=None)

    def every(self, filters: Mapping[str, Any] | None = None, most: int = 2000) -> Every[Config]:
        found = self._configs.every({**self._always, **(filters or {})}, most)
        return replace(found, items=[guard(each) for each in found.items])

    def filters(self) -> frozenset[str] | None:
        return self._configs.filters()

    def update(self, config: Config, changes: Mapping[str, Any]) -> Config:
        return guard(self._configs.update(config, changes), config.id)
