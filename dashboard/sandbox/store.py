"""The records, in SQLite: one row each, by tenant and kind, with a position that makes paging cheap."""

# ruff: noqa: S608 - what is put into the SQL are our own declarations and question marks

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
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


class Store:
    def __init__(self, path: Path, durable: bool) -> None:
        self._path = path
        self._synchronous = "NORMAL" if durable else "OFF"
        self._local = threading.local()
        self._writing = threading.RLock()

    @classmethod
    def around(cls, connection: sqlite3.Connection) -> "Store":
        """A store on a connection that is already open: a seed in memory."""
        store = cls(Path(":memory:"), durable=False)
        store._local.connection = connection
        return store

    # Connections: one a thread for reading; writers take turns before SQLite would make them wait.

    @property
    def connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._opened()
        return found

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, cached_statements=200)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        connection.create_function("fold", 1, folded, deterministic=True)
        return connection

    def close_thread(self) -> None:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[None]:
        """Everything or nothing; with keep=False the act is tried and taken back."""
        with self._writing:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT" if keep else "ROLLBACK")

    # Whole databases

    def is_seeded(self) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE name = 'facts'"
        return self.connection.execute(query).fetchone() is not None and self.fact("seeded") is not None

    def restore(self, template: sqlite3.Connection) -> None:
        with self._writing:
            template.backup(self.connection)

    # Facts and files

    def fact(self, name: str) -> str | None:
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def note(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?,?)", (name, value))

    def keep_file(self, tenant: str, name: str, media_type: str, content: bytes) -> None:
        query = "INSERT OR REPLACE INTO files (id, tenant, media_type, content) VALUES (?,?,?,?)"
        self.connection.execute(query, (name, tenant, media_type, content))

    def file(self, name: str) -> tuple[str, bytes] | None:
        query = "SELECT media_type, content FROM files WHERE id = ?"
        row = self.connection.execute(query, (name,)).fetchone()
        return (row[0], bytes(row[1])) if row else None

    def drop_files(self, tenant: str) -> None:
        self.connection.execute("DELETE FROM files WHERE tenant = ?", (tenant,))

    # Records

    def get(self, tenant: str, kind: str, record_id: str) -> Record | None:
        query = "SELECT body FROM records WHERE tenant = ? AND kind = ? AND id = ?"
        row = self.connection.execute(query, (tenant, kind, record_id)).fetchone()
        return json.loads(row[0]) if row else None

    def find(self, tenant: str, kind: str, field: str, value: str) -> Record | None:
        query = f"SELECT body FROM records WHERE tenant = ? AND kind = ? AND {extracted(field)} = ?"
        row = self.connection.execute(query, (tenant, kind, value)).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, tenant: str, kind: str) -> list[Record]:
        query = "SELECT body FROM records WHERE tenant = ? AND kind = ? ORDER BY position"
        return [json.loads(row[0]) for row in self.connection.execute(query, (tenant, kind))]

    def children(self, tenant: str, kind: str, parents: Sequence[str]) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {parent: [] for parent in parents}
        marks = ",".join("?" * len(parents))
        query = (
            "SELECT parent, body FROM records INDEXED BY by_parent"
            f" WHERE tenant = ? AND kind = ? AND parent IN ({marks}) ORDER BY position"
        )
        for parent, body in self.connection.execute(query, (tenant, kind, *parents)):
            found[parent].append(json.loads(body))
        return found

    def page(self, tenant: str, kind: str, wanted: Wanted, skip: int, size: int) -> tuple[list[Record], int]:
        if wanted.everything:
            return self._plain_page(tenant, kind, skip, size)
        where = " AND ".join(["tenant = ?", "kind = ?", *wanted.conditions])
        values = [tenant, kind, *wanted.values]
        total = self.connection.execute(f"SELECT COUNT(*) FROM records WHERE {where}", values).fetchone()[0]
        query = (
            f"SELECT body FROM records WHERE {where} ORDER BY {wanted.order or 'position'} LIMIT ? OFFSET ?"
        )
        rows = self.connection.execute(query, [*values, size, skip])
        return [json.loads(row[0]) for row in rows], total

    def _plain_page(self, tenant: str, kind: str, skip: int, size: int) -> tuple[list[Record], int]:
        """Without gaps the position says where a page begins: the last page costs what the first does."""
        total, last = self._counted(tenant, kind)[:2]
        query = "SELECT body FROM records INDEXED BY by_position WHERE tenant = ? AND kind = ?"
        if total == last:
            query += " AND position > ? ORDER BY position LIMIT ?"
            rows = self.connection.execute(query, (tenant, kind, min(skip, total), size))
        else:
            query += " ORDER BY position LIMIT ? OFFSET ?"
            rows = self.connection.execute(query, (tenant, kind, size, min(skip, total)))
        return [json.loads(row[0]) for row in rows], total

    def total(self, tenant: str, kind: str) -> int:
        return self._counted(tenant, kind)[0]

    def next_number(self, tenant: str, kind: str) -> int:
        return self._counted(tenant, kind)[2] + 1

    def _counted(self, tenant: str, kind: str) -> tuple[int, int, int]:
        query = "SELECT total, last_position, last_number FROM counts WHERE tenant = ? AND kind = ?"
        row = self.connection.execute(query, (tenant, kind)).fetchone()
        return (row[0], row[1], row[2]) if row else (0, 0, 0)

    def insert(self, tenant: str, kind: str, record: Record, parent: str | None = None) -> None:
        self.insert_many(tenant, kind, [(record, parent)])

    def insert_many(self, tenant: str, kind: str, records: Iterable[tuple[Record, str | None]]) -> None:
        total, last, number = self._counted(tenant, kind)
        rows = []
        for record, parent in records:
            total, last = total + 1, last + 1
            number = max(number, record["id"]) if isinstance(record["id"], int) else number
            rows.append((tenant, kind, last, str(record["id"]), parent, *_columns(record)))
        self.connection.executemany(INSERT, rows)
        self._count(tenant, kind, total, last, number)

    def replace(self, tenant: str, kind: str, record: Record, parent: str | None = None) -> None:
        """With a parent the record moves there too; without one it stays where it was."""
        query = (
            "UPDATE records SET label = ?, search = ?, body = ?, parent = coalesce(?, parent)"
            " WHERE tenant = ? AND kind = ? AND id = ?"
        )
        self.connection.execute(query, (*_columns(record), parent, tenant, kind, str(record["id"])))

    def delete(self, tenant: str, kind: str, record_id: str) -> None:
        query = "DELETE FROM records WHERE tenant = ? AND kind = ? AND id = ?"
        gone = self.connection.execute(query, (tenant, kind, record_id)).rowcount
        total, last, number = self._counted(tenant, kind)
        self._count(tenant, kind, total - gone, last, number)

    def clear(self, tenant: str, kind: str) -> None:
        self.connection.execute("DELETE FROM records WHERE tenant = ? AND kind = ?", (tenant, kind))
        self._count(tenant, kind, 0, 0, self._counted(tenant, kind)[2])

    def _count(self, tenant: str, kind: str, total: int, last: int, number: int) -> None:
        query = (
            "INSERT OR REPLACE INTO counts (tenant, kind, total, last_position, last_number)"
            " VALUES (?,?,?,?,?)"
        )
        self.connection.execute(query, (tenant, kind, total, last, number))


def extracted(field: str) -> str:
    """The SQL of a field inside the stored body. Field names come from declarations, never from a caller."""
    return f"json_extract(body, '$.\"{field}\"')"


def folded(text: object) -> str:
    return str(text or "").casefold()


def _columns(record: Record) -> tuple[str, str, str]:
    label = folded(record.get("name") or record.get("_label"))
    words = [record.get(name) for name in ("name", "_label", "tin", "vatNumber", "addressCity", "email")]
    search = folded(" ".join(str(word) for word in words if word))
    return label, search, json.dumps(record, ensure_ascii=False, separators=(",", ":"))
