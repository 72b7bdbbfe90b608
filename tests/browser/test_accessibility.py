"""axe finds nothing, whatever has happened on a page, in the light, in the dark and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import everything_wrong
from tests.support.page_watch import Watch
from tests.support.records import Api
from tests.support.windows import OpenPage

EDIT = "/o/org_1001/locations/1/"


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
    page.evaluate("document.querySelector('#form-part form').submit()")
    expect(page.get_by_role("main")).to_contain_text("Not saved yet: nothing was sent")


def stale_sign_out(page: Page, api: Api) -> None:
    page.goto("/accounts/logout/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="this form had gone stale")).to_be_visible()


def conflict(page: Page, api: Api) -> None:
    page.goto(EDIT)
    hour = int(page.get_by_label("Opens at").input_value() or 0)
    api.patch("/locations/1", {"officeOpenHour": (hour + 1) % 24})
    page.get_by_label("Opens at").select_option(str((hour + 2) % 24))
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=conflict]")).to_be_focused()


def lost(page: Page, api: Api, number: int) -> None:
    """Left unsettled, so on a location that no other test has to do with."""
    api.sandbox.faults(f"PATCH /locations/{number}", {"drop": "before"}, times=1)
    page.goto(f"/o/org_1001/locations/{number}/")
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=unknown]")).to_be_focused()


def unknown(page: Page, api: Api) -> None:
    lost(page, api, 21)


def in_doubt(page: Page, api: Api) -> None:
    lost(page, api, 22)
    page.reload()
    expect(page.get_by_role("region", name="An attempt that is not settled")).to_be_visible()


def doubt_on_record(page: Page, api: Api) -> None:
    lost(page, api, 23)
    page.goto("/audit/?outcome=unknown")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Field by field")).to_be_visible()


def on_record(page: Page, api: Api) -> None:
    saved(page, api)
    page.goto("/audit/")
    expect(page.get_by_role("row").nth(1)).to_be_visible()


def one_on_record(page: Page, api: Api) -> None:
    on_record(page, api)
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Field by field")).to_contain_text("Depot Zuid")


def to_be_taken_back(page: Page, api: Api) -> None:
    saved(page, api)
    page.goto(EDIT)
    page.get_by_role("link", name="Take this back").first.click()
    expect(page.get_by_role("button", name="Save location")).to_be_visible()


def to_be_deactivated(page: Page, api: Api) -> None:
    page.goto("/people/")
    page.get_by_role("rowheader").get_by_role("link", name="Bram Visser").click()
    page.get_by_role("link", name="Deactivate").click()
    expect(page.get_by_role("main").get_by_role("button")).to_be_visible()


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


def palette_open(page: Page, api: Api) -> None:
    page.goto("/o/org_1001/")
    page.keyboard.press("Control+k")
    page.keyboard.type("zwolle")
    expect(page.get_by_role("option")).to_have_count(10)


Reach = Callable[[Page, Api], None]
PAGES: dict[str, tuple[str, str | Reach]] = {
    "sign in": ("", "/accounts/login/"),
    "sign in, refused": ("", wrong_password),
    "sign out": ("backoffice", "/accounts/logout/"),
    "sign out, stale": ("backoffice", stale_sign_out),
    "own page": ("backoffice", "/accounts/me/"),
    "own password": ("backoffice", "/accounts/me/password/"),
    "organizations, filtered": ("backoffice", "/?q=e&status=suspended"),
    "organizations, none found": ("backoffice", "/?q=zzzz"),
    "organization, new": ("backoffice", "/organizations/new/"),
    "overview of a demo": ("backoffice", "/o/org_1004/"),
    "overview of a suspended one": ("backoffice", "/o/org_1005/"),
    "overview, half broken": ("backoffice", half_broken),
    "menus open": ("backoffice", menus_open),
    "palette open": ("backoffice", palette_open),
    "found by id": ("backoffice", "/o/org_1001/find/?q=7"),
    "locations, none yet": ("backoffice", "/o/org_1006/locations/"),
    "locations, broken": ("backoffice", list_broken),
    "location, read only": ("viewer", EDIT),
    "location, changed": ("backoffice", changed),
    "location, refused": ("backoffice", refused),
    "location, saved": ("backoffice", saved),
    "location, stale": ("backoffice", stale),
    "location, in conflict": ("backoffice", conflict),
    "location, answer lost": ("backoffice", unknown),
    "location, in doubt": ("backoffice", in_doubt),
    "location, to be taken back": ("backoffice", to_be_taken_back),
    "address, read only": ("viewer", "/o/org_1001/addresses/addr_1001_1/"),
    "audit trail": ("backoffice", on_record),
    "audit trail, one write": ("backoffice", one_on_record),
    "audit trail, one in doubt": ("backoffice", doubt_on_record),
    "person, to be deactivated": ("admin", to_be_deactivated),
    "location, broken": ("backoffice", broken),
    "not allowed": ("viewer", "/o/org_1001/locations/new/"),
    "not found": ("backoffice", "/nowhere/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wrong_in_any_light_or_on_a_phone(
    open_page: OpenPage, watch: Watch, api: Api, name: str
) -> None:
    username, reach = PAGES[name]
    page = open_page(username=username, own=reach in (stale, stale_sign_out))
    if callable(reach):
        reach(page, api)
    else:
        page.goto(reach)
    watch.end()
    assert everything_wrong(page) == {}
