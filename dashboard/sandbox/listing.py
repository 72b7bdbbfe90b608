"""From a query string to rows: the filters a resource has, and the paging they all share."""

from dashboard.sandbox.declarations import Filter, Resource
from dashboard.sandbox.fields import moment_or_none
from dashboard.sandbox.messages import Request
from dashboard.sandbox.names import Switches
from dashboard.sandbox.refusals import Refusal
from dashboard.sandbox.sql import SEARCHED, Wanted, extracted, folded, together

FURTHEST = 10**9
FLAGS = {"true": 1, "1": 1, "false": 0, "0": 0}


def wanted(resource: Resource, request: Request, prefix: str, switches: Switches) -> Wanted:
    """Filters the resource does not have are ignored without a word, as the API does."""
    found = Wanted([], [])
    sequence = []
    known = {name: each for each in resource.filters for name in (each.variable, f"{each.variable}[]")}
    gathered: dict[Filter, list[str]] = {}
    for name, value in request.query:
        if (each := known.get(name)) is None:
            continue
        if each.how == "order":
            sequence.append(_order(each, value))
        elif value != "":
            gathered.setdefault(each, []).append(value)
    for each, values in gathered.items():
        if each.how in ("partial", "search") and switches.texts != "folded":
            _as_written(found, each, values, whole=switches.texts == "whole" and each.how == "partial")
        elif each.how in ("after", "before"):
            _time_condition(found, each, values[-1], switches.zone)
        else:
            _condition(found, each, values, prefix)
    found.order = ", ".join(part for part in sequence if part)
    if found.order:
        found.order += ", position"
    return found


def _order(each: Filter, value: str) -> str:
    if value.lower() not in ("asc", "desc"):
        return ""
    column = {"name": "label", "id": "position"}.get(each.field) or extracted(each.field)
    return f"{column} {value.upper()}"


def _condition(found: Wanted, each: Filter, values: list[str], prefix: str) -> None:
    if each.how in ("partial", "search"):
        column = {"name": "label", "": "search"}.get(each.field, f"fold({extracted(each.field)})")
        found.conditions.append("(" + " OR ".join([f"instr({column}, ?) > 0"] * len(values)) + ")")
        found.values += [folded(value) for value in values]
    elif each.how == "flag":
        if (flag := FLAGS.get(values[-1].lower())) is not None:
            found.conditions.append(f"{extracted(each.field)} = ?")
            found.values.append(flag)
    else:
        column, exact = _exactly(each, values, prefix)
        found.conditions.append(f"{column} IN ({','.join('?' * len(exact))})")
        found.values += exact


def _as_written(found: Wanted, each: Filter, values: list[str], *, whole: bool) -> None:
    """Texts compared sign by sign, as a database without a collation for it does."""
    column = extracted(each.field) if each.field else together(SEARCHED)
    condition = f"{column} = ?" if whole else f"instr({column}, ?) > 0"
    found.conditions.append("(" + " OR ".join([condition] * len(values)) + ")")
    found.values += values


def _exactly(each: Filter, values: list[str], prefix: str) -> tuple[str, list[str]]:
    if each.how == "parent":
        return "parent", [value.rsplit("/", 1)[-1] for value in values]
    if each.how == "reference":
        return extracted(each.field), [_referenced(each, value, prefix) for value in values]
    return ("id" if each.field == "id" else extracted(each.field)), values


def _time_condition(found: Wanted, each: Filter, value: str, zone: str) -> None:
    if (moment := moment_or_none(value.replace(" ", "+") if "T" in value else value, zone)) is not None:
        found.conditions.append(f"{extracted(each.field)} {'>=' if each.how == 'after' else '<='} ?")
        found.values.append(moment)


def _referenced(each: Filter, value: str, prefix: str) -> str:
    plain = value.removeprefix(prefix) if prefix else value
    return plain if plain.startswith("/") else f"/{each.collection}/{plain}"


def paging(request: Request, switches: Switches) -> tuple[int, int]:
    """The page asked for, and the size it gets: what was asked for, clamped."""
    page = _positive(request.parameter("page"), 1, "Page")
    size = _positive(request.parameter("itemsPerPage"), switches.page_size, "Limit")
    return min(page, FURTHEST), min(size, switches.max_items)


def _positive(text: str | None, default: int, word: str) -> int:
    if text is None:
        return default
    digits = text.isascii() and text.isdigit()  # anything else is 0 to PHP
    number = int(text) if digits and len(text) < 12 else FURTHEST * digits
    if number < 1:
        raise Refusal(400, f"{word} should not be less than 1")
    return number
