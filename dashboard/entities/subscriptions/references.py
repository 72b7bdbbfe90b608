"""Products, modules and whatever else Flowtly lists in a shape that is not published: codes, IRIs, objects, or a
map of any of these. Each is named as well as it can be, and nothing of it is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.strict_json import listed
from dashboard.standards.foreign_text import joined
from dashboard.web.formatting import as_it_is

NO_NAMES: Mapping[str, str] = {}
# The keys that say what an object is, not what is special about it.
NAMING = {"id", "name", "title", "fullName"}


@dataclass(frozen=True)
class Thing:
    """Thing, named. `code` is what Flowtly calls it, where it has a name besides; `detail` what else came with it."""

    name: str
    code: str = ""
    detail: str = ""


def read(value: object, names: Mapping[str, str] = NO_NAMES) -> list[Thing]:
    """Things in a value of any shape; `names` says ids in words."""
    if value is None or value in ("", [], {}):
        return []
    found = listed(value)
    if found is not None:
        return [one(each, names) for each in found]
    if isinstance(value, Mapping) and not _is_one(value):
        return [_keyed(str(key), each, names) for key, each in value.items()]
    return [one(value, names)]


def one(value: object, names: Mapping[str, str] = NO_NAMES) -> Thing:
    named = Reference.read(value)
    if not isinstance(named, Reference) or not (named.id or named.label):
        return Thing((details(value) if isinstance(value, Mapping) else "") or as_it_is(value))
    code = named.iri or named.id
    name = named.label or names.get(named.id, "") or named.id
    detail = details(value, NAMING) if isinstance(value, Mapping) else ""
    return Thing(name, code if code != name else "", detail)


def details(value: Mapping[str, Any], but: Iterable[str] = ()) -> str:
    rest = {key: each for key, each in value.items() if key not in but and not str(key).startswith("@")}
    return joined(joined([key, as_it_is(each)], ": ") for key, each in rest.items())


def _is_one(value: Mapping[str, Any]) -> bool:
    """Whether it is a thing itself, not a map of things."""
    named = Reference.read(value)
    return "@type" in value or (isinstance(named, Reference) and bool(named.id or named.label))


def _keyed(key: str, value: object, names: Mapping[str, str]) -> Thing:
    name = names.get(key) or key
    code = key if name != key else ""
    if value is None or value is True:
        return Thing(name, code)
    if value is False:
        return Thing(name, code, _("no"))
    if isinstance(value, Mapping):
        return _named_by_its_key(name, code, value, names)
    return Thing(name, code, as_it_is(value))


def _named_by_its_key(name: str, code: str, value: Mapping[str, Any], names: Mapping[str, str]) -> Thing:
    if not _is_one(value):
        return Thing(name, code, details(value))
    found = one(value, names)
    return found if found.name == name or found.code else Thing(found.name, code or name, found.detail)


def codes(value: object) -> list[str]:
    """Codes to send to mean the same things: the codes or IRIs in a value of any shape, and nothing else."""
    found = listed(value)
    if found is not None:
        return [code for each in found for code in codes(each)]
    if isinstance(value, Mapping) and not _is_one(value):
        return [str(key) for key, each in value.items() if key and each is not False]
    named = Reference.read(value)
    code = (named.iri or named.id) if isinstance(named, Reference) else ""
    return [code] if code else []
