"""Cache in the database, for whoever counts on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import Error, connections, router

from dashboard.storage.database import trouble


class SharedCache(DatabaseCache):
    """Says when it cannot be written. Django's own keeps quiet about it: a throttle would count nothing, or take a busy
    database for somebody who tries too often."""

    def purge(self, size: int) -> int:
        """Takes away what has expired, so many rows at a time; how many there were: none where `prepare` has not made
        the table yet."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        with connection.cursor() as cursor:
            if self._table not in connection.introspection.table_names(cursor):  # type: ignore[attr-defined]
                return 0
            return sum(iter(lambda: self._purge(cursor, size), 0))

    def _purge(self, cursor: Any, size: int) -> int:
        quoted = cursor.db.ops.quote_name(self._table)  # type: ignore[attr-defined]
        now = cursor.db.ops.adapt_datetimefield_value(
            datetime.now(tz=UTC).replace(microsecond=0, tzinfo=None)
        )
        cursor.execute(
            f"DELETE FROM {quoted} WHERE cache_key IN "  # noqa: S608  # its own name
            f"(SELECT cache_key FROM {quoted} WHERE expires < %s LIMIT %s)",
            [now, size],
        )
        return int(cursor.rowcount)

    def _base_set(self, mode: str, key: str, value: object, timeout: object = DEFAULT_TIMEOUT) -> bool:
        failed: list[Error] = []

        def watch(execute: Callable[..., Any], *call: object) -> Any:
            try:
                return execute(*call)
            except Error as error:
                failed.append(error)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(watch):
            done = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]
        if not done and failed and trouble(failed[-1]):
            raise failed[-1]
        return bool(done)
