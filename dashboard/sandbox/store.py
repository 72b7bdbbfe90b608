"""The records, in SQLite: one row each, by tenant and kind, with a position that makes paging cheap."""

# ruff: noqa: S608 - what is put into the SQL are our own declarations and question marks

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

from dashboard.sandbox.sql import INSERT, SEARCHED, Record, Wanted, extracted, folded


class Store:
    def __init__(self, path: Path, durable: bool) -> None:
        self._path = path
        self._synchronous = "NORMAL" if durable else "OFF"
        self._local = threading.local()
        self._writing = threading.RLock()
        self._watch: sqlite3.Connection | None = None  # it writes nothing, and so sees what all others write
        self._as_restored: int | None = None

    @classmethod
    def around(cls, connection: sqlite3.Connection) -> "Store":
        """A store on a connection that is already open: a seed in memory."""
        store = cls(Path(":memory:"), durable=False)
        store._local.connection = connection
        return store

    # Connections: one a thread for reading; writers take turns before SQLite would make them wait.

    @property
    def connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._opened()
        return self._local.connection  # type: ignore[no-any-return]

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, cached_statements=200)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        connection.create_function("fold", 1, folded, deterministic=True)
        return connection

    def close_thread(self) -> None:
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

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
        """The template again, copied only if something was written since it last was."""
        with self._writing:
            if self._as_restored is not None and self._as_restored == self._version():
                return
            template.backup(self.connection)
            self._as_restored = self._version()

    def _version(self) -> int:
        """A number that changes when any other connection commits."""
        if self._watch is None:
            self._watch = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
        ((version,),) = self._watch.execute("PRAGMA data_version").fetchall()
        return int(version)

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
        return self._one(tenant, kind, "id", record_id)

    def find(self, tenant: str, kind: str, field: str, value: str) -> Record | None:
        return self._one(tenant, kind, extracted(field), value)

    def _one(self, tenant: str, kind: str, column: str, value: str) -> Record | None:
        query = f"SELECT body FROM records WHERE tenant = ? AND kind = ? AND {column} = ?"
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
        self.insert_many(tenant, kind, [record], [parent])

    def insert_many(
        self, tenant: str, kind: str, records: Iterable[Record], parents: Iterable[str | None] = repeat(None)
    ) -> None:
        total, last, number = self._counted(tenant, kind)
        rows = []
        for record, parent in zip(records, parents, strict=False):  # without end where none has a parent
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


def _columns(record: Record) -> tuple[str, str, str]:
    label = folded(record.get("name") or record.get("_label"))
    words = [record.get(name) for name in SEARCHED]
    search = folded(" ".join(str(word) for word in words if word))
    return label, search, json.dumps(record, ensure_ascii=False, separators=(",", ":"))
