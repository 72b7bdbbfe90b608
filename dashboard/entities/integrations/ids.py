"""Ids that an organization is enrolled with: what is surely none, and what is worth a second look."""

import re
from collections.abc import Callable, Mapping

from django import forms
from django.utils.translation import gettext as _

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CLIENT_ID_DIGITS = 21


def refuse(wrong: Callable[[str, str], str], kind: str, value: str) -> None:
    if text := wrong(kind, value.strip()):
        raise forms.ValidationError(text)


def wrong_tenant(kind: str, value: str) -> str:
    """Why it surely is no tenant id of that service; else ""."""
    if kind == "microsoft-teams":
        return "" if GUID.fullmatch(value) else _guid_wanted(value)
    if GUID.fullmatch(value):
        return _("This is an id as Microsoft has them. Google's is a domain or a customer id.")
    if re.search(r"[\s@/:]", value):
        return _("Only the domain or the customer id: no address of a page or a person, and no spaces.")
    return ""


def wrong_client(kind: str, value: str) -> str:
    if kind == "microsoft-teams":
        return "" if GUID.fullmatch(value) else _guid_wanted(value)
    if not (value.isascii() and value.isdigit()):
        return _("Google's client id is a number: digits only.")
    return ""


def _guid_wanted(value: str) -> str:
    if "." in value:
        return _("This looks like a domain. Microsoft's id is 32 hexadecimal digits in five groups.")
    return _("Microsoft's id is 32 hexadecimal digits in five groups: 8-4-4-4-12.")


def doubts(kind: str, typed: Mapping[str, object]) -> list[str]:
    """What is worth a second look, and may be right all the same."""
    if kind != "google-workspace":
        return []
    tenant, client = str(typed.get("tenantId") or ""), str(typed.get("clientId") or "")
    found = []
    if tenant and "." not in tenant and not re.fullmatch(r"C[0-9a-z]{6,}", tenant):
        found.append(_("“%(tenant)s” looks like neither a domain nor a customer id.") % {"tenant": tenant})
    if client and len(client) != CLIENT_ID_DIGITS:
        found.append(
            _("The client id has %(n)s digits; Google's mostly have %(usual)s.")
            % {"n": len(client), "usual": CLIENT_ID_DIGITS}
        )
    return found
