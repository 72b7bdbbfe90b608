"""What nobody touched is not sent, whatever it is and whatever a browser makes of it on its way back."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tests.support.form_fields import sent_untouched
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

ORGANIZATION = "/o/org_1001"
PAGES = {
    "location": ("locations/1/", "/locations/1", ["name", "officeOpenHour", "officeCloseHour"], {"name": "Noordkade"}),
    "address": (
        "addresses/addr_1001_1/",
        "/organization-addresses/addr_1001_1",
        ["type", "name", "street", "postCode", "city", "country", "email", "tin", "tinCountry"],
        {"city": "Delft"},
    ),
    "client": (
        "clients/1/",
        "/clients/1",
        ["name", "status", "documentsLanguage", "country", "tinType", "tin", "tinCountry", "vatNumber",
         "defaultTaxRate", "addressStreetLine", "addressCountry", "currency", "dueDays", "invoiceComment",
         "defaultCost", "costGroup", "attributeSet"],
        {"addressCity": "Delft"},
    ),
    "contact": ("", "", ["name", "email", "type", "title", "position"], {"title": "Inkoop"}),
    "meeting": ("", "", ["dateFrom", "dateTo", "time", "notes", "employee"], {"notes": "Jaargesprek"}),
    "config": ("configs/session.timeout/", "/configs/session.timeout", ["value"], {}),
}  # fmt: skip
# Values that one of the fields, or its control in a browser, cannot hold.
VALUES = [
    "Foo\nbar", "a\rb", "a\r\nb\rc\n", "\nlate", " x@y.example ", "\ttab\t", "  ", "a\u2028b", "a\x0bb",
    "net 30", "1,5", "half past nine", "2031-05-06", "NL/BE", "'\"<>&amp;", "x" * 300,
    30.5, 9.0, -1, 10**30, True, False, {"a": "b/c"}, {"id": 7, "name": "Zeven"}, ["a", {"b": 2}], [1, 2], [" a"],
]  # fmt: skip


@pytest.fixture
def admin(sandbox: Sandbox, people: object, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("admin")


@pytest.fixture
def place(admin: CheckedClient, sandbox: Sandbox) -> Callable[[str], tuple[str, str]]:
    """The page of a record of that kind, and its path at the API."""

    def find(kind: str) -> tuple[str, str]:
        page, path, _names, _typed = PAGES[kind]
        if kind == "contact":
            ids = re.findall(
                r'href="/o/org_1001/clients/1/contacts/(\d+)/"',
                admin.get(f"{ORGANIZATION}/clients/1/").content.decode(),
            )
            page, path = f"clients/1/contacts/{ids[0]}/", f"/client-contacts/{ids[0]}"
        if kind == "meeting":
            text = admin.get(f"{ORGANIZATION}/meetings/?view=list").content.decode()
            (meeting, *_others) = re.findall(r'href="/o/org_1001/meetings/([0-9a-f-]{36})/"', text)
            page, path = f"meetings/{meeting}/", f"/meetings/{meeting}"
        return f"{ORGANIZATION}/{page}", path

    return find


def patched(sandbox: Sandbox) -> list[Any]:
    return [r["body"] for r in sandbox.requests() if r["method"] == "PATCH"]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: json.dumps(value)[:24])
@pytest.mark.parametrize("kind", PAGES)
def test_whatever_a_record_holds_comes_back_from_a_browser_as_no_change(
    kind: str,
    value: object,
    admin: CheckedClient,
    sandbox: Sandbox,
    place: Callable[[str], tuple[str, str]],
) -> None:
    page, path = place(kind)
    named = {
        sandbox.names["config_value_field"] if name == "value" else name: value for name in PAGES[kind][2]
    }
    sandbox.faults(f"GET {path}", {"merge": named})
    drawn = admin.get(page).content.decode()
    sent = sent_untouched(drawn)
    assert named.keys() <= sent.keys(), "every field stays in the form"
    after = unescape(admin.post(page, sent, follow=True).content.decode())
    assert 'data-outcome="unchanged"' in after
    if typed := PAGES[kind][3]:
        fresh = sent_untouched(admin.get(page).content.decode())
        assert admin.post(page, {**fresh, **typed}).status_code == 302
        assert patched(sandbox) == [typed]


@pytest.mark.parametrize(
    ("held", "typed", "sent"),
    [
        ("Een\r\nTwee", "Een\r\nTwee\r\nDrie", "Een\r\nTwee\r\nDrie"),
        ("Een\rTwee", "Een\r\nTwee\r\nDrie", "Een\rTwee\rDrie"),
        ("Een\nTwee", "Een\r\nTwee\r\nDrie", "Een\nTwee\nDrie"),
        ("Een\nTwee", "Een Twee", "Een Twee"),
        ("Een", "Een\r\nTwee", "Een\nTwee"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "name"), [("client", "invoiceComment"), ("client", "tinType"), ("config", "value")]
)
def test_a_text_that_is_changed_keeps_its_kind_of_line_end(
    kind: str, name: str, held: str, typed: str, sent: str, admin: CheckedClient, sandbox: Sandbox,
    place: Callable[[str], tuple[str, str]],
) -> None:  # fmt: skip
    page, path = place(kind)
    name = sandbox.names["config_value_field"] if name == "value" else name
    sandbox.faults(f"GET {path}", {"merge": {name: held}})
    fields = sent_untouched(admin.get(page).content.decode())
    admin.post(page, {**fields, name: typed})
    assert patched(sandbox) == [{name: sent}]


@pytest.mark.parametrize("typed", ["1,5", "1.5", "1.000", "1 000", "1_000", "thirty", "1e3", "0x1F"])
def test_a_number_that_could_be_read_as_another_is_refused_in_words(
    typed: str, admin: CheckedClient, sandbox: Sandbox
) -> None:
    page = f"{ORGANIZATION}/clients/1/"
    answer = admin.send(page, {"dueDays": typed})
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Enter a whole number, for example 30." in text
    assert f'value="{typed}"' in text
    assert patched(sandbox) == []


def test_no_form_of_a_record_has_a_control_that_changes_its_value_by_itself(
    admin: CheckedClient, place: Callable[[str], tuple[str, str]]
) -> None:
    pages = [place(kind)[0] for kind in PAGES]
    for page in [
        *pages,
        *(f"{ORGANIZATION}/{each}/new/" for each in ("clients", "addresses", "subscriptions")),
    ]:
        text = admin.get(page).content.decode()
        assert re.findall(r'<input type="(?:number|email|url|date)"[^>]*>', text) == [], page
