"""What was typed about one customer is offered by no browser at another's form."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

ORGANIZATION = "/o/org_1001"
FORMS = [
    "/locations/new/", "/locations/1/", "/addresses/new/", "/addresses/addr_1001_1/", "/clients/new/", "/clients/1/",
    "/clients/1/contacts/new/", "/clients/1/contacts/1/", "/meetings/new/", "/configs/session.timeout/",
    "/configs/working-days/", "/subscriptions/new/", "/subscriptions/coupon/apply/", "/subscriptions/coupon/clear/",
    "/subscriptions/sub_1001/cancel/", "/profile/mail-footer/", "/integrations/google-workspace/",
    "/integrations/kontomatik/revoke/", "/notes/clients/1/",
]  # fmt: skip
# Controls that a browser fills in by itself.
FILLED_IN = {
    "text",
    "search",
    "email",
    "tel",
    "url",
    "number",
    "date",
    "datetime-local",
    "textarea",
    "select",
}


class Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.offered: list[str] = []
        self.count = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        kind = (said.get("type") or "text") if tag == "input" else tag
        if tag in {"input", "textarea", "select"} and kind in FILLED_IN and "readonly" not in said:
            self.count += 1
            if said.get("autocomplete") != "off":
                self.offered.append(said.get("name") or tag)


@pytest.mark.parametrize(
    "page", ["/organizations/new/", "/coupons/new/", *(f"{ORGANIZATION}{each}" for each in FORMS)]
)
def test_no_field_about_a_customer_is_filled_in_by_a_browser(
    page: str, sandbox: Sandbox, people: object, signed_in: Callable[[str], CheckedClient]
) -> None:
    answer = signed_in("admin").get(page)
    assert answer.status_code == 200
    forms = re.findall(r'<form\b[^>]*method="post".*?</form>', answer.content.decode(), re.S)
    controls = Controls()
    for form in forms:
        controls.feed(form)
    assert controls.count, "there is a form"
    assert controls.offered == []
