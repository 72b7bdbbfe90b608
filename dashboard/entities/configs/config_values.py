"""Values of configs: the kinds there are, what each is called, how it is shown in a field, and read from one."""

import re
from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flowtly.resources.configs import Config
from dashboard.flowtly.resources.records import Record
from dashboard.forms.touched import with_line_ends_of
from dashboard.standards import checked_json
from dashboard.standards.checked_json import NotJSON
from dashboard.standards.foreign_text import joined
from dashboard.tables import filtering
from dashboard.upstream.merge import same
from dashboard.upstream.redaction import inside, kind_of
from dashboard.web.formatting import label

KINDS: dict[str, str | Promise] = {
    "text": gettext_lazy("Text"),
    "integer": gettext_lazy("Whole number"),
    "decimal": gettext_lazy("Decimal number"),
    "boolean": gettext_lazy("Yes or no"),
    "list": gettext_lazy("List"),
    "object": gettext_lazy("Object"),
    "json": gettext_lazy("JSON kept as text"),
    "null": gettext_lazy("Nothing"),
}
IN_JSON = {"list", "object", "json"}
FLAGS = {"true": True, "false": False}
SHORT = 80


class Unfit(ValueError):  # noqa: N818 - what it is, not a mistake
    """Why a text is no value of the kind, in words for people."""


def shown(value: object) -> str:
    """The value as its field shows it."""
    kind = kind_of(value)
    if kind in IN_JSON:
        return checked_json.pretty(inside(str(value)) if kind == "json" else value)
    if kind == "boolean":
        return "true" if value else "false"
    return "" if value is None else value if isinstance(value, str) else repr(value)


def short(value: object) -> str:
    """The value on one line."""
    kind = kind_of(value)
    if kind in ("boolean", "null"):
        return label(value)
    if kind in IN_JSON:
        if isinstance(value, list) and value and not any(isinstance(each, list | dict) for each in value):
            text = joined(map(short, value))
        else:
            text = checked_json.compact(inside(str(value)) if kind == "json" else value)
    else:
        text = " ".join(shown(value).split()) if isinstance(value, str) else shown(value)
        text = text or _("(an empty text)")
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def read(kind: str, text: str, before: object = None) -> object:
    """What was typed, as a value of that kind; `before` is what was there. Raises Unfit."""
    return _READ[kind](text, before)


def _text(text: str, before: object) -> str:
    return with_line_ends_of(before, text)


def _integer(text: str, before: object) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,40}", text.strip()):
        raise Unfit(_("This is no whole number, such as 30. For another kind of value, choose another type."))
    return int(text)


def _decimal(text: str, before: object) -> float:
    digits = text.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?", digits):
        raise Unfit(_("This is no number. Write it with a point, such as 0.21."))
    if not checked_json.exact(digits if set(digits) & set(".eE") else f"{digits}.0"):
        raise Unfit(_("This number is too long or too precise to be kept as it is."))
    return float(digits)


def _boolean(text: str, before: object) -> bool:
    if text not in FLAGS:
        raise Unfit(_("Choose yes or no."))
    return FLAGS[text]


def _list(text: str, before: object) -> object:
    value = _parsed(text)
    if not isinstance(value, list):
        raise Unfit(
            _("A list begins with [ and ends with ]. For another kind of value, choose another type.")
        )
    return value


def _object(text: str, before: object) -> object:
    value = _parsed(text)
    if not isinstance(value, dict):
        raise Unfit(
            _("An object begins with { and ends with }. For another kind of value, choose another type.")
        )
    return value


def _json(text: str, before: object) -> str:
    value = _parsed(text)
    if not isinstance(value, list | dict):
        raise Unfit(_("Only a list or an object is kept as JSON within a text."))
    untouched = isinstance(before, str) and same(inside(before), value)
    return str(before) if untouched else checked_json.compact(value)


def _parsed(text: str) -> object:
    try:
        return checked_json.parse(text)
    except NotJSON as why:
        raise Unfit(str(why)) from None


_READ: Mapping[str, Callable[[str, object], object]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "list": _list,
    "object": _object,
    "json": _json,
    "null": lambda text, before: None,
}


def by_key(record: Record, term: str) -> bool:
    """Whether what people call a config by, or its id, is what was searched for."""
    return any(filtering.contains(name, term) for name in (Config.read(record.raw).key, record.id))
