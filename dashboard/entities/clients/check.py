"""Check: one thing about a client that was looked at, and what came of it."""

from dataclasses import dataclass

from dashboard.flowtly.resources.clients import Client

PASS, FAIL, UNRUN = "pass", "fail", "could-not-run"


@dataclass(frozen=True)
class Check:
    """Check of one thing. `field` is the API's name of the field it is about, "" for the contacts; `others` are clients
    it found."""

    name: str
    state: str
    words: str
    field: str = ""
    others: tuple[Client, ...] = ()


def text_of(client: Client, name: str) -> str:
    """Field as text, whatever type it came in; "" for nothing and for what is no text."""
    value = client.raw.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def address_country(client: Client) -> object:
    return client.raw.get("addressCountry") or client.raw.get("country")
