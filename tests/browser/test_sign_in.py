"""Coming in and going out."""

import re

from playwright.sync_api import expect

from tests.support.windows import OpenPage, sign_in


def test_who_is_not_signed_in_is_asked_to_and_then_gets_the_page_that_was_wanted(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/?q=Depot", "", own=True)
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    page.get_by_label("Username").fill("viewer")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/o/org_1001/locations/\?q=Depot$"))
    expect(page.get_by_role("heading", name="Locations", level=1)).to_be_visible()


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_and_the_name_stays(
    open_page: OpenPage,
) -> None:
    page = open_page("/accounts/login/", "")
    said = []
    for username in ("finance2", "nobody-of-this-name"):
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        alert = page.get_by_role("alert")
        expect(alert).to_be_focused()
        expect(page.get_by_label("Username")).to_have_value(username)
        expect(page.get_by_label("Password")).to_have_value("")
        said.append(alert.inner_text())
    assert said[0] == said[1] != ""


def test_signing_out_closes_every_page(open_page: OpenPage) -> None:
    page = open_page(username="", own=True)
    sign_in(page, "accounts")
    page.locator("summary", has_text="Anaïs Lefèvre").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/o/org_1001/")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
