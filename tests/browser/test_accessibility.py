"""axe finds nothing, on any page, in the light, in the dark and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.records import Api
from tests.browser.watching import Watch
from tests.browser.windows import PHONE

EDIT = "/o/org_1001/locations/1/"
# Only the colours change with the light, and they do not with the width; they are also the dear part.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": TAGS}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
EVERY_RULE_BUT_COLOURS = {"runOnly": TAGS, "rules": {"color-contrast": {"enabled": False}}}
RUN = """(rules) => axe.run({ ...rules, resultTypes: ["violations"] }).then((found) => found.violations.map(
  (one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.html + " " + node.failureSummary).join("; ")))"""


def refused(page: Page, api: Api) -> None:
    violations = [{"propertyPath": "name", "message": "This value is already used."}]
    api.sandbox.faults("PATCH /locations/1", {"status": 422, "violations": violations})
    page.goto(EDIT)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_label("Opens at").select_option("3")
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=refused]")).to_be_focused()


def saved(page: Page, api: Api) -> None:
    page.goto(EDIT)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()


def changed(page: Page, api: Api) -> None:
    page.goto(EDIT)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_label("Opens at").select_option("3")
    expect(page.locator(".field.changed")).to_have_count(2)


def stale(page: Page, api: Api) -> None:
    page.goto(EDIT)
    page.context.clear_cookies(name="csrftoken")
    page.evaluate("document.querySelector('#form-part').submit()")
    expect(page.get_by_role("heading", name="this form had gone stale")).to_be_visible()


def half_broken(page: Page, api: Api) -> None:
    api.sandbox.faults("GET /(subscriptions|integrations.*)", {"status": 500})
    page.goto("/o/org_1001/")


def broken(page: Page, api: Api) -> None:
    api.sandbox.faults("GET /locations/1", {"status": 500})
    page.goto(EDIT)
    expect(page.get_by_role("heading", name="Flowtly could not be read")).to_be_visible()


def list_broken(page: Page, api: Api) -> None:
    api.sandbox.faults("GET /locations", {"status": 500})
    page.goto("/o/org_1001/locations/")


def wrong_password(page: Page, api: Api) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("viewer")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


def menus_open(page: Page, api: Api) -> None:
    page.goto("/o/org_1004/")
    page.goto("/o/org_1001/")
    page.evaluate("document.querySelectorAll('header details').forEach((one) => { one.open = true; })")


Reach = Callable[[Page, Api], None]
PAGES: dict[str, tuple[str, str | Reach]] = {
    "sign in": ("", "/accounts/login/"),
    "sign in, refused": ("", wrong_password),
    "sign out": ("backoffice", "/accounts/logout/"),
    "organizations": ("backoffice", "/"),
    "organizations, filtered": ("backoffice", "/?q=e&status=suspended"),
    "organizations, none found": ("backoffice", "/?q=zzzz"),
    "overview": ("backoffice", "/o/org_1001/"),
    "overview of a demo": ("backoffice", "/o/org_1004/"),
    "overview of a suspended one": ("backoffice", "/o/org_1005/"),
    "overview, half broken": ("backoffice", half_broken),
    "menus open": ("backoffice", menus_open),
    "locations": ("backoffice", "/o/org_1001/locations/"),
    "locations, none yet": ("backoffice", "/o/org_1006/locations/"),
    "locations, broken": ("backoffice", list_broken),
    "location": ("backoffice", EDIT),
    "location, read only": ("viewer", EDIT),
    "location, changed": ("backoffice", changed),
    "location, refused": ("backoffice", refused),
    "location, saved": ("backoffice", saved),
    "location, stale": ("backoffice", stale),
    "location, new": ("backoffice", "/o/org_1001/locations/new/"),
    "location, broken": ("backoffice", broken),
    "not allowed": ("viewer", "/o/org_1001/locations/new/"),
    "not found": ("backoffice", "/nowhere/"),
    "help": ("backoffice", "/help/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_any_light(
    open_page: OpenPage, watch: Watch, api: Api, axe: str, name: str
) -> None:
    username, reach = PAGES[name]
    page = open_page(username=username, own=reach is stale)
    if callable(reach):
        reach(page, api)
    else:
        page.goto(reach)
    watch.end()  # axe itself tries inline styles, which the security policy blocks
    page.evaluate(axe)
    found = {"light": violations(page, EVERY_RULE)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, COLOURS)
    page.set_viewport_size(PHONE)
    found["phone"] = violations(page, EVERY_RULE_BUT_COLOURS)
    assert found == {"light": [], "dark": [], "phone": []}


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe has against the page as it is."""
    found: list[str] = page.evaluate(RUN, rules)
    return found
