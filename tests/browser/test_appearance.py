"""On a phone, in the dark, and on a slow line."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Request, expect

from tests.support.page_watch import Watch
from tests.support.records import Api
from tests.support.windows import OpenPage, sign_in

EVERYWHERE = ["/", "/o/org_1001/", "/o/org_1001/locations/", "/o/org_1001/locations/1/", "/help/"]
TALL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(
    ("path", "username"), [(path, "backoffice") for path in EVERYWHERE] + [("/accounts/login/", "")]
)
def test_a_phone_scrolls_down_and_never_sideways(open_page: OpenPage, path: str, username: str) -> None:
    page = open_page(path, username, phone=True)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    assert page.evaluate(TALL) == 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(TALL) == 0


LONG = [
    "/",
    "/o/org_1001/",
    "/o/org_1001/addresses/addr_1001_1/",
    "/o/org_1001/clients/1/",
    "/o/org_1001/locations/",
    "/o/org_1001/locations/1/",
    "/o/org_1001/subscriptions/",
    "/o/org_1001/subscriptions/coupon/apply/",
    "/find/?q=kwelgeest",
]


@pytest.mark.parametrize("phone", [True, False])
def test_no_page_is_as_wide_as_its_longest_word(open_page: OpenPage, api: Api, phone: bool) -> None:
    api.sandbox.settings(texts_begin="W" * 240)
    page = open_page("", "admin", phone=phone)
    wide = {}
    for path in LONG:
        page.goto(path)
        wide[path] = page.evaluate(TALL)
    assert wide == dict.fromkeys(LONG, 0)


def test_on_a_phone_the_menu_and_the_switcher_open(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/", phone=True)
    menu = page.get_by_role("navigation", name="Sections")
    expect(menu).to_be_hidden()
    page.get_by_text("Menu", exact=True).tap()
    expect(menu).to_be_visible()
    assert page.evaluate(TALL) == 0
    page.get_by_text("Menu", exact=True).tap()
    expect(menu).to_be_hidden()
    page.locator("summary", has_text="Switch organization").tap()
    expect(page.get_by_role("searchbox", name="Name, id or slug of an organization")).to_be_in_viewport()
    assert page.evaluate(TALL) == 0


def test_on_a_phone_a_location_is_edited(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/1/", phone=True)
    page.get_by_label("Opens at").select_option("5")
    page.get_by_role("button", name="Save location").tap()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()
    assert page.evaluate(TALL) == 0


def test_a_chosen_theme_holds_at_once_and_on_every_later_page(open_page: OpenPage) -> None:
    page = open_page("/help/", own=True)
    root = page.locator("html")
    page.locator("summary", has_text="Bram Visser").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")
    page.goto("/")
    expect(root).to_have_attribute("data-theme", "dark")
    page.locator("summary", has_text="Bram Visser").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="System").click()
    page.reload()
    expect(root).not_to_have_attribute("data-theme", re.compile("."))


def test_the_theme_can_be_chosen_before_signing_in_and_holds_after(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/", "", own=True)
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    sign_in(page, "viewer")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@dataclass
class Traffic:
    """What came over the wire, in bytes by kind of resource; headers are left out."""

    requests: list[str] = field(default_factory=list)
    received: dict[str, int] = field(default_factory=dict)

    def finished(self, request: Request) -> None:
        if request.url.startswith("http"):
            self.requests.append(request.url)
            body = request.sizes()["responseBodySize"]
            kind = request.resource_type
            self.received[kind] = self.received.get(kind, 0) + body


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_first_visit_is_light(open_page: OpenPage, path: str) -> None:
    page = open_page(own=True)
    traffic = Traffic()
    page.on("requestfinished", traffic.finished)
    page.goto(path, wait_until="networkidle")
    assert len(traffic.requests) <= 6, traffic.requests
    assert sum(traffic.received.values()) <= 45_000, traffic.received
    assert 0 < traffic.received["script"] <= 24_000, traffic.received
    assert 0 < traffic.received["stylesheet"] <= 17_000, traffic.received


def test_a_script_that_was_changed_on_its_way_does_not_run(open_page: OpenPage, watch: Watch) -> None:
    page = open_page("", "", own=True)
    page.route("**/js/app*.js", lambda route: route.fulfill(body="document.title = 'Taken over'", status=200))
    page.goto("/accounts/login/")
    expect(page).to_have_title(re.compile("Sign in"))
    expect(page.locator("html")).not_to_have_class(re.compile("js"))
    watch.begin()  # the browser has said so in its console


def test_thirty_rows_fit_on_a_screen(open_page: OpenPage) -> None:
    page = open_page()
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto("/o/org_1001/locations/")
    expect(page.get_by_role("row")).to_have_count(30 + 1)
    expect(page.get_by_role("row").last).to_be_in_viewport(ratio=1)
