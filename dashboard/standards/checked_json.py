"""JSON as a person types it, read strictly: what is wrong with it is said with its line and column."""

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

LONGEST = 50_000  # characters
DEEPEST = 32
LONGEST_NUMBER = 40

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|-?(?:NaN|Infinity)|-?[0-9][0-9.eE+-]*')
_KEY = re.compile(r"\s*:")


class NotJSON(ValueError):  # noqa: N818 - what it is, not a mistake
    """Reason why a text is not taken, in words for people."""


def parse(text: str) -> Any:
    if len(text) > LONGEST:
        raise NotJSON(
            _("It is longer than %(most)s characters, which is too long to edit here.") % {"most": LONGEST}
        )
    try:
        value = json.loads(text, parse_int=_whole, parse_float=_decimal)
    except json.JSONDecodeError as error:
        raise NotJSON(
            _at(text, error.pos, _("this is not JSON (%(words)s).") % {"words": error.msg})
        ) from None
    except RecursionError:
        raise NotJSON(_("It is nested much too deeply.")) from None
    for position, words in _faults(text):
        raise NotJSON(_at(text, position, words))
    return value


def pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _faults(text: str) -> Iterator[tuple[int, str]]:
    """What Python's parser lets through, in a text that it takes."""
    open_: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        found = token[0]
        if found in "{[":
            open_.append(set())
            if len(open_) > DEEPEST:
                yield token.start(), _too_deep()
        elif found in "}]":
            open_.pop()
        elif found[0] == '"':
            words = json.loads(found)
            if _half(words):
                yield token.start(), _("it holds half a character.")
            if _KEY.match(text, token.end()):
                if words in open_[-1]:
                    yield token.start(), _("the key “%(key)s” is there twice.") % {"key": words[:80]}
                open_[-1].add(words)
        elif found[-1] in "Ny":
            yield token.start(), _("%(word)s is no number in JSON.") % {"word": found}
        elif not exact(found):
            yield token.start(), _("this number is too long or too precise to be kept as it is.")


def exact(digits: str) -> bool:
    """Whether a number survives being read and written."""
    if len(digits) > LONGEST_NUMBER:
        return False
    if not set(digits) & set(".eE"):
        return True
    number = float(digits)
    return math.isfinite(number) and Decimal(repr(number)) == Decimal(digits)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST_NUMBER else 0  # told of afterwards, with its place


def _decimal(digits: str) -> float:
    return float(digits) if len(digits) <= LONGEST_NUMBER else 0.0


def _half(words: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in words)


def _too_deep() -> str:
    return _("it is nested more than %(most)s levels deep.") % {"most": DEEPEST}


def _at(text: str, position: int, words: str) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return _("Line %(line)s, column %(column)s: %(words)s") % {"line": line, "column": column, "words": words}
