"""SQL of the store: its tables, and the conditions that a list is filtered by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

SCHEMA = """
CREATE TABLE records (
  tenant TEXT NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL,
  parent TEXT, label TEXT NOT NULL, search TEXT NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX by_position ON records (tenant, kind, position);
CREATE UNIQUE INDEX by_id ON records (tenant, kind, id);
CREATE INDEX by_parent ON records (tenant, kind, parent, position) WHERE parent IS NOT NULL;
CREATE INDEX by_label ON records (tenant, kind, label, position);
CREATE INDEX by_search ON records (tenant, kind, position, search);
CREATE INDEX by_status ON records (tenant, kind, json_extract(body, '$."status"'), position);
CREATE INDEX by_tin ON records (tenant, kind, json_extract(body, '$."tin"'), position);
CREATE TABLE counts (
  tenant TEXT NOT NULL, kind TEXT NOT NULL, total INTEGER NOT NULL,
  last_position INTEGER NOT NULL, last_number INTEGER NOT NULL, PRIMARY KEY (tenant, kind));
CREATE TABLE files (id TEXT PRIMARY KEY, tenant TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

INSERT = (
    "INSERT INTO records (tenant, kind, position, id, parent, label, search, body) VALUES (?,?,?,?,?,?,?,?)"
)


@dataclass
class Wanted:
    """Which rows of a list, in which order: SQL conditions with their values."""

    conditions: list[str]
    values: list[Any]
    order: str = ""

    @property
    def everything(self) -> bool:
        return not self.conditions and not self.order


def extracted(field: str) -> str:
    """The SQL of a field inside the stored body. Field names come from declarations, never from a caller."""
    return f"json_extract(body, '$.\"{field}\"')"


# What the search looks in.
SEARCHED = ("name", "_label", "tin", "vatNumber", "addressCity", "email")


def together(fields: Iterable[str]) -> str:
    """The SQL of several fields as one text."""
    return " || ' ' || ".join(f"coalesce({extracted(field)}, '')" for field in fields)


def folded(text: object) -> str:
    return str(text or "").casefold()
