"""Folding: texts compared whatever their case and accents, on SQLite and PostgreSQL alike.

`organization_name__folded__contains="élan"` finds Élan and ELAN. By itself SQLite folds only the letters of ASCII, and
neither folds accents.
"""

import re
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, TextField, Transform

MARKS = r"[\u0300-\u036f]"
_MARKS = re.compile(MARKS)


def folded(text: str | None) -> str | None:
    if text is None or text.isascii():
        return text and text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


@CharField.register_lookup
@TextField.register_lookup
class Folded(Transform):
    """Transform of both sides of a comparison."""

    lookup_name = "folded"
    function = "FOLDED"
    bilateral = True

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        plain = f"REGEXP_REPLACE(NORMALIZE(%(expressions)s, NFKD), '{MARKS}', '', 'g')"
        template = f'LOWER({plain} COLLATE "und-x-icu")'  # whatever the locale of the database
        return super().as_sql(compiler, connection, template=template, **context)


def teach_sqlite(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("FOLDED", 1, folded, deterministic=True)
