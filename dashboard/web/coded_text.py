"""Coded text: what is kept in place of a sentence is its code with its values, so that each reader reads their own
language."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from dashboard.web.formatting import span, when

# Code → sentence. Whoever has some puts them here when the dashboard starts.
TEXTS: dict[str, str | Promise] = {}


class CodedText(str):
    """A sentence in the language of whoever asked, which knows its code and its values. Those are texts, numbers and
    coded texts; `when` is a moment and `zone` that of its reader, `span` a number of seconds."""

    code: str
    values: Mapping[str, Any]


def coded(code: str, **values: Any) -> CodedText:
    shown = dict(values)
    if "when" in values:
        shown["when"] = when(datetime.fromisoformat(values["when"]), values.get("zone", ""))
    if "span" in values:
        shown["span"] = span(values["span"])
    sentence: Any = TEXTS[code]
    text = CodedText(sentence % shown)
    text.code, text.values = code, values
    return text


def kept(text: str) -> str:
    """For a column of our own. A text without a code is kept as it was written."""
    if not isinstance(text, CodedText):
        return text
    return json.dumps(_as_data(text), ensure_ascii=False) if text.values else text.code


def drawn(stored: str) -> str:
    """What was kept, in the reader's language; what has no code that is known, as it was written."""
    if stored in TEXTS:
        return coded(stored)
    try:
        return _read(json.loads(stored)) if stored.startswith("{") else stored
    except (ValueError, TypeError, KeyError):
        return stored


def _as_data(text: CodedText) -> dict[str, Any]:
    values = {name: _as_data(v) if isinstance(v, CodedText) else v for name, v in text.values.items()}
    return {"code": text.code, **values}


def _read(data: Mapping[str, Any]) -> CodedText:
    return coded(**{name: _read(v) if isinstance(v, dict) else v for name, v in data.items()})
