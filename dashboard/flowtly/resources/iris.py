"""IRIs: which record one names, and which name none."""

import re
from urllib.parse import unquote, urlsplit

# Addresses beside the records of a collection. Where one is declared before the records' own, API Platform makes it the
# IRI of the whole class: every organization is then `/organizations/mail-footer` (seen on real servers).
LITERALS = {
    "organizations": frozenset({"clear", "icon", "logo", "mail-footer"}),
    "subscriptions": frozenset({"apply-coupon", "clear-coupon", "catalog"}),
    "clients": frozenset({"search"}),
    "employees": frozenset({"search"}),
}
BELOW_A_RECORD = frozenset({"cancel", "invoices", "documents"})
# What API Platform calls an output without an identifier: new at every call (its source).
GENERATED = re.compile(r"(https?://[^/\s]+)?(/[\w-]+)*/\.well-known/genid/[\w-]+")
MARK = b"genid"
# What nearly all are: a path that needs no parsing.
PLAIN = re.compile(r"(/[\w-]+)+", re.ASCII)


def identifier(iri: str) -> str:
    """The id of the record that an IRI names, unquoted; "" where it names none."""
    try:
        path = iri if PLAIN.fullmatch(iri) else urlsplit(iri).path.rstrip("/")
    except ValueError:
        return ""
    *before, last = path.split("/")
    collection = before[-1] if before else ""
    below = len(before) > 1 and before[-2] in LITERALS
    literal = last in LITERALS.get(collection, ()) or (below and last in BELOW_A_RECORD)
    return "" if literal or _is_generated(iri) else unquote(last)


def without_generated(data: object) -> object:
    """JSON without the names that were made up for one answer: they lead nowhere, and would tell two answers with the
    same record apart."""
    if isinstance(data, dict):
        return {key: without_generated(value) for key, value in data.items() if not _is_generated(value)}
    if isinstance(data, list):
        return [without_generated(each) for each in data if not _is_generated(each)]
    return data


def _is_generated(value: object) -> bool:
    return isinstance(value, str) and GENERATED.fullmatch(value) is not None
