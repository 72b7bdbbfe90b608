"""A card that looks again by itself, while somebody works on the same page."""

from playwright.sync_api import Page, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

GOOGLE = "/o/org_1001/integrations/google-workspace/"
LOOKS = 120_000  # milliseconds: two looks or three


def enrol(page: Page) -> None:
    page.get_by_label("Primary domain or customer id").fill("kwelgeest.example")
    page.get_by_label("Client id").fill("103945728190475839201")
    page.get_by_role("button", name="Enroll Google Workspace").click()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()


def looked(api: Api) -> int:
    log = api.sandbox.requests()
    return sum(r["path"] == "/integrations/google-workspace" for r in log)


def test_it_settles_before_ones_eyes_and_takes_neither_focus_nor_what_was_typed(
    open_page: OpenPage, api: Api
) -> None:
    api.sandbox.settings(settle=3600)
    page = open_page(GOOGLE)
    enrol(page)
    card = page.locator("#google-workspace-card")
    expect(card).to_contain_text("Pending")
    client = page.get_by_label("Client id")
    client.fill("42")
    api.sandbox.settings(settle=0)
    expect(card).to_contain_text("Active", timeout=LOOKS)
    expect(page.locator("#announce")).to_contain_text("Google Workspace: Active")
    expect(client).to_be_focused()
    expect(client).to_have_value("42")


def test_whoever_is_on_its_link_stays_there(open_page: OpenPage, api: Api) -> None:
    api.sandbox.settings(settle=3600)
    page = open_page(GOOGLE)
    enrol(page)
    before = looked(api)
    page.get_by_role("link", name="Look again").focus()
    expect(page.locator("#google-workspace-card")).to_contain_text("by itself in", timeout=LOOKS)
    expect(page.get_by_role("link", name="Look again")).to_be_focused()
    assert looked(api) > before


def test_without_a_part_a_look_takes_no_page_away(open_page: OpenPage, api: Api) -> None:
    """A page for what failed instead of the card: the card says so, and what was typed stays."""
    api.sandbox.settings(settle=3600)
    page = open_page(GOOGLE, own=True)
    enrol(page)
    page.route(
        "**/*look=*", lambda route: route.fulfill(status=503, body="<!doctype html><h1>Elsewhere</h1>")
    )
    page.get_by_label("Client id").fill("42")
    expect(page.locator("#google-workspace-card")).to_contain_text("No answer came back", timeout=LOOKS)
    expect(page.get_by_label("Client id")).to_have_value("42")
    expect(page.get_by_label("Client id")).to_be_focused()
