"""A session that ends while somebody works: sign in over the page, and go on."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.support.accessibility import AXE
from tests.support.page_watch import Watch
from tests.support.records import Api
from tests.support.windows import OpenPage, sign_in

pytestmark = pytest.mark.usefixtures("location")
EDIT = "/o/org_1001/locations/1/"
IN_THE_DIALOG = """() => axe.run("dialog", { resultTypes: ["violations"] }).then(
  (found) => found.violations.map((one) => one.id + ": " + one.nodes[0].html))"""


def typed_and_gone(open_page: OpenPage) -> Page:
    """A page in which somebody has typed, saves, and is not signed in any more."""
    page = open_page(username="", own=True)
    sign_in(page, "backoffice2")
    page.goto(EDIT)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_label("Opens at").select_option("6")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save location").click()
    return page


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Sign in again")


def sign_in_there(page: Page, username: str = "", password: str = "demo") -> None:
    dialog = dialog_of(page)
    if username:
        dialog.get_by_label("Username").fill(username)
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Sign in").click()


def test_a_save_is_asked_for_in_a_dialog_over_the_form_and_goes_through_afterwards(
    open_page: OpenPage, api: Api
) -> None:
    page = typed_and_gone(open_page)
    dialog = dialog_of(page)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Nothing was sent, and what you typed is still here")
    expect(dialog.get_by_label("Username")).to_have_value("backoffice2")
    expect(dialog.get_by_label("Password")).to_be_focused()
    expect(page).to_have_url(re.compile(rf"{EDIT}$"))
    sign_in_there(page)
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Save location")).to_be_focused()
    expect(page.get_by_text("You are signed in. Nothing was sent yet: save once more.").first).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    expect(page.get_by_label("Opens at")).to_have_value("6")
    assert api.sent("PATCH") == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()
    assert api.sent("PATCH") == [{"name": "Depot Zuid", "officeOpenHour": 6}]


def test_a_wrong_password_is_said_in_the_dialog(open_page: OpenPage) -> None:
    page = typed_and_gone(open_page)
    sign_in_there(page, password="not the password")
    alert = dialog_of(page).get_by_role("alert")
    expect(alert).to_contain_text("do not belong together")
    expect(alert).to_be_focused()
    sign_in_there(page)
    expect(dialog_of(page)).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")


def test_escape_leaves_the_form_and_saving_asks_again(open_page: OpenPage, api: Api) -> None:
    page = typed_and_gone(open_page)
    expect(dialog_of(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog_of(page)).to_be_hidden()
    save = page.get_by_role("button", name="Save location")
    expect(save).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text("Nothing was sent: your session has ended.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    save.click()
    sign_in_there(page)
    save.click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()


def test_focus_stays_in_the_dialog(open_page: OpenPage) -> None:
    page = typed_and_gone(open_page)
    expect(dialog_of(page).get_by_label("Password")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
        assert page.evaluate(inside)


def test_another_person_gets_the_page_anew_and_nothing_of_what_was_typed(
    open_page: OpenPage, api: Api
) -> None:
    page = typed_and_gone(open_page)
    sign_in_there(page, "admin")
    expect(page.locator("body[data-person=admin]")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"{EDIT}$"))
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Oost")
    assert api.sent("PATCH") == []


def test_the_sign_in_page_may_be_used_instead_without_being_asked_whether_to_leave(
    open_page: OpenPage, api: Api
) -> None:
    page = typed_and_gone(open_page)
    asked: list[Dialog] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog)
        dialog.accept()

    page.on("dialog", accept)
    dialog_of(page).get_by_role("link", name="Use the sign-in page").click()
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_label("Username").fill("backoffice2")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("main")).to_contain_text("Not saved yet: nothing was sent")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    expect(page.get_by_label("Opens at")).to_have_value("6")
    assert asked == []
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()
    assert api.sent("PATCH") == [{"name": "Depot Zuid", "officeOpenHour": 6}]


def test_leaving_the_form_itself_still_asks(open_page: OpenPage) -> None:
    page = typed_and_gone(open_page)
    sign_in_there(page)
    expect(dialog_of(page)).to_be_hidden()
    asked: list[str] = []

    def stay(one: Dialog) -> None:
        asked.append(one.type)
        one.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Leave without saving").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    assert asked == ["beforeunload"]


def test_a_token_gone_stale_is_renewed_without_a_dialog(open_page: OpenPage, api: Api) -> None:
    page = open_page(username="", own=True)
    sign_in(page, "backoffice2")
    page.goto(EDIT)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.context.clear_cookies(name="sessionid")
    other = page.context.new_page()
    sign_in(other, "backoffice2")
    page.bring_to_front()
    save = page.get_by_role("button", name="Save location")
    save.click()
    expect(page.get_by_text("You are signed in. Nothing was sent yet: save once more.").first).to_be_visible()
    expect(dialog_of(page)).to_be_hidden()
    assert api.sent("PATCH") == []
    save.click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()


def test_a_list_is_read_again_by_itself(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/", own=True)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("link", name="Next").click()
    expect(dialog_of(page)).to_be_visible()
    expect(dialog_of(page).get_by_text("what you typed")).to_be_hidden()
    sign_in_there(page)
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text(re.compile(r"31–60 of \d+"))
    expect(page).to_have_url(re.compile(r"page=2"))


def test_a_search_is_made_again_by_itself(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/", own=True)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("searchbox", name="Search by name").fill("Depot")
    page.get_by_role("searchbox", name="Search by name").press("Enter")
    sign_in_there(page)
    expect(page).to_have_url(re.compile(r"q=Depot"))
    expect(page.get_by_role("row").filter(has_text="Depot Oost")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_the_dialog(open_page: OpenPage, watch: Watch, dark: bool) -> None:
    page = typed_and_gone(open_page)
    page.emulate_media(color_scheme="dark" if dark else "light")
    sign_in_there(page, password="not the password")
    expect(dialog_of(page).get_by_role("alert")).to_be_visible()
    watch.end()  # axe itself tries inline styles, which the security policy blocks
    page.evaluate(AXE)
    assert page.evaluate(IN_THE_DIALOG) == []


def test_without_scripts_it_goes_by_way_of_the_sign_in_page(open_page: OpenPage, api: Api) -> None:
    page: Any = open_page(EDIT, scripts=False, own=True)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save location").click()
    page.get_by_label("Username").fill("backoffice")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("main")).to_contain_text("Not saved yet: nothing was sent")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()
    assert api.sent("PATCH") == [{"name": "Depot Zuid"}]
