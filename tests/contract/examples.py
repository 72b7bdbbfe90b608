"""What to type where the kind of a field does not tell, by entity. One that the generator can fill in alone needs no
line here."""

from tests.support.form_fields import FormField, fields_of

# Fields of a new record beside those that are required.
NEW: dict[str, dict[str, str]] = {
    "addresses": {"type": "delivery", "country": "NL", "postCode": "1012 AB"},
    "clients": {"status": "active", "tinType": "company"},
    "meetings": {"dateTo": "2031-05-06T10:00"},
    "organizations": {"slug": "contract-one", "type": "demo"},
    "subscriptions": {"type": "team", "products": "prod_team"},
    "languages": {"id": "sv"},
}
# What the page of a new one is asked with, where it first asks which.
QUERY = {"languages": "?id=sv"}
# The field that is changed, where it is not the name or else the first text.
CHANGED = {"meetings": "notes"}
# The field that is emptied, where it is not the first that may be; "" where all are needed.
CLEARED = {"clients": "invoiceComment", "meetings": "notes", "configs": ""}
TEXTS = ("text", "textarea")
# Columns of the export beside the record's fields.
EXPORTED_TOO = {"configs": {"key"}}


def new(entity: str, page: str) -> dict[str, str]:
    """The values of a new record: what its form requires, and the examples."""
    required = {each.name: each.example() for each in fields_of(page) if each.required}
    return {**required, **NEW.get(entity, {})}


def changed(entity: str, page: str) -> FormField:
    """The field of a record's form that is changed."""
    fields = {each.name: each for each in fields_of(page) if each.kind in TEXTS}
    return fields[CHANGED.get(entity) or ("name" if "name" in fields else next(iter(fields)))]


def cleared(entity: str, page: str) -> FormField | None:
    """The field of a record's form that is emptied; None where none may be."""
    fields = {each.name: each for each in fields_of(page) if not each.required and each.kind != "checkbox"}
    name = CLEARED.get(entity) if entity in CLEARED else next(iter(fields), "")
    return fields[name] if name else None
