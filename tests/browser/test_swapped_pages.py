"""Rows and the menu swap the page where scripts run; the page of a row one rests on is asked for ahead of the click."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, Request, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

pytestmark = pytest.mark.usefixtures("location")

ORGANIZATION = "/o/org_1001/"
LIST, RECORD = f"{ORGANIZATION}locations/", f"{ORGANIZATION}locations/1/"
OPENED = f"{ORGANIZATION}opened/"
SAVES_DATA = 'Object.defineProperty(navigator, "connection", { value: { saveData: true } })'


class Asked:
    """What a page asks of the server, without static files and what it asks by itself."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if "/static/" not in request.url and "x-poll" not in request.headers:
            self.requests.append(request)

    def of(self, path: str) -> list[bool]:
        """For each request of this path, whether it was asked ahead."""
        return [
            "x-ahead" in request.headers for request in self.requests if urlsplit(request.url).path == path
        ]

    @property
    def loads(self) -> int:
        return sum(request.is_navigation_request() for request in self.requests)


def opened(open_page: OpenPage, path: str = LIST, **how: bool) -> tuple[Page, Asked]:
    page = open_page(path, **how)
    return page, Asked(page)


def opened_with_its_clock_stopped(open_page: OpenPage, script: str = "") -> tuple[Page, Asked]:
    page = open_page(own=True)
    if script:
        page.add_init_script(script)
    page.clock.install(time=0)
    page.goto(LIST)
    page.clock.pause_at(600_000)
    return page, Asked(page)


def rest_on_the_row(page: Page) -> None:
    with page.expect_response(lambda answer: urlsplit(answer.url).path == RECORD) as answered:
        page.locator(f"tr:has(a[href='{RECORD}'])").hover()
    answered.value.finished()


def click_the_row(page: Page) -> None:
    page.locator(f"a[href='{RECORD}']").click()


def expect_the_record(page: Page) -> None:
    expect(page).to_have_url(re.compile(f"{RECORD}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Depot Oost")


def test_a_row_rested_upon_and_clicked_is_asked_for_once(open_page: OpenPage) -> None:
    page, asked = opened(open_page)
    rest_on_the_row(page)
    assert (asked.of(RECORD), asked.of(OPENED)) == ([True], [])
    with page.expect_response(lambda answer: OPENED in answer.url) as told:
        click_the_row(page)
    expect_the_record(page)
    assert told.value.status == 204
    assert (asked.of(RECORD), asked.loads) == ([True], 0)


def test_a_swapped_page_is_as_if_it_had_been_loaded(open_page: OpenPage) -> None:
    page, asked = opened(open_page)
    click_the_row(page)
    expect_the_record(page)
    assert (asked.of(RECORD), asked.loads) == ([False], 0)
    swapped = frame_of(page)
    assert page.title().startswith("Depot Oost · Kwelgeest Groep")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("#announce")).to_have_text(re.compile("^Depot Oost · "))
    assert page.evaluate("scrollY") == 0
    page.reload()
    assert frame_of(page) == swapped


def frame_of(page: Page) -> list[str]:
    """What says where one is: the title, the top bar, the menu with its current item."""
    bar, menu = page.locator(".top").inner_text(), page.locator("#menu").inner_text()
    current = page.locator("#menu [aria-current]").inner_text()
    return [page.title(), bar, re.sub("Request.*", "", menu), current]


def test_the_menu_swaps_and_a_form_that_was_swapped_in_saves(open_page: OpenPage, api: Api) -> None:
    page, asked = opened(open_page, ORGANIZATION)
    page.locator("#menu").get_by_role("link", name="Locations").click()
    expect(page.locator("#menu [aria-current]")).to_have_text(re.compile("Locations"))
    click_the_row(page)
    expect_the_record(page)
    assert asked.loads == 0
    page.locator("#id_officeOpenHour").select_option("9")
    page.locator("[data-action=save]").click()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()
    assert api.sent("PATCH") == [{"officeOpenHour": 9}]


def test_back_and_forward_come_to_where_one_was(open_page: OpenPage) -> None:
    page, asked = opened(open_page)
    last = page.locator("tbody th a").last
    last.scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    there = page.evaluate("scrollY")
    assert there > 0
    name = last.inner_text()
    last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locations")
    page.wait_for_function("(y) => scrollY === y", arg=there)
    expect(page).to_have_title(re.compile("^Locations"))
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert asked.loads == 0


def test_back_to_a_list_that_was_sorted_has_it_sorted(open_page: OpenPage) -> None:
    page, _ = opened(open_page)
    page.get_by_role("columnheader").get_by_role("link", name="Name").click()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    page.locator("tbody th a").first.click()
    expect(page.locator("#form-part")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    page.go_back()
    expect(page).to_have_url(re.compile(f"{LIST}$"))
    expect(page.get_by_role("columnheader", name="Name")).not_to_have_attribute("aria-sort", "ascending")


def test_what_was_asked_ahead_is_used_once(open_page: OpenPage) -> None:
    page, asked = opened(open_page)
    rest_on_the_row(page)
    click_the_row(page)
    expect_the_record(page)
    page.locator("#menu").get_by_role("link", name="Locations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locations")
    page.locator(f"a[href='{RECORD}']").dispatch_event("click")
    expect_the_record(page)
    assert asked.of(RECORD) == [True, False]


@pytest.mark.parametrize(("seconds", "requests"), [(9, [True]), (11, [True, False])])
def test_after_ten_seconds_it_is_asked_for_anew(
    open_page: OpenPage, seconds: int, requests: list[bool]
) -> None:
    page, asked = opened_with_its_clock_stopped(open_page)
    page.locator(f"tr:has(a[href='{RECORD}'])").hover()
    with page.expect_response(lambda answer: urlsplit(answer.url).path == RECORD):
        page.clock.run_for(100)
    page.clock.run_for(seconds * 1000)
    page.locator(f"a[href='{RECORD}']").dispatch_event("click")
    expect_the_record(page)
    assert asked.of(RECORD) == requests


def test_a_pointer_that_only_comes_by_asks_for_nothing(open_page: OpenPage) -> None:
    page, asked = opened_with_its_clock_stopped(open_page)
    page.locator(f"tr:has(a[href='{RECORD}'])").hover()
    page.locator("h1").hover()
    page.clock.run_for(10_000)
    assert asked.of(RECORD) == []


def test_focus_that_rests_asks_too(open_page: OpenPage) -> None:
    page, asked = opened(open_page)
    with page.expect_response(lambda answer: urlsplit(answer.url).path == RECORD):
        page.locator(f"a[href='{RECORD}']").focus()
    page.keyboard.press("Enter")
    expect_the_record(page)
    assert asked.of(RECORD) == [True]


def test_nothing_is_asked_ahead_where_data_is_saved(open_page: OpenPage) -> None:
    page, asked = opened_with_its_clock_stopped(open_page, SAVES_DATA)
    page.locator(f"tr:has(a[href='{RECORD}'])").hover()
    page.clock.run_for(10_000)
    assert asked.of(RECORD) == []
    click_the_row(page)
    expect_the_record(page)
    assert asked.of(RECORD) == [False]


def test_what_was_asked_ahead_of_a_write_is_not_shown_after_it(open_page: OpenPage) -> None:
    page, asked = opened(open_page)
    rest_on_the_row(page)
    page.evaluate("document.querySelector('.theme').requestSubmit(document.querySelector('.theme button'))")
    page.locator(f"a[href='{RECORD}']").dispatch_event("click")
    expect_the_record(page)
    assert asked.of(RECORD) == [True, False]


@pytest.mark.parametrize("how", ["Control", "Shift"])
def test_a_click_with_a_key_opens_another_tab_as_ever(open_page: OpenPage, how: str) -> None:
    page, _ = opened(open_page, own=True)
    with page.context.expect_page() as another:
        page.locator(f"a[href='{RECORD}']").click(modifiers=[how])  # type: ignore[list-item]
    expect_the_record(another.value)
    expect(page).to_have_url(re.compile(f"{LIST}$"))


def test_the_middle_button_opens_another_tab_as_ever(open_page: OpenPage) -> None:
    page, _ = opened(open_page, own=True)
    with page.context.expect_page() as another:
        page.locator(f"a[href='{RECORD}']").click(button="middle")
    expect_the_record(another.value)


def test_without_scripts_links_are_links(open_page: OpenPage) -> None:
    page, asked = opened(open_page, scripts=False)
    page.locator(f"tr:has(a[href='{RECORD}'])").hover()
    click_the_row(page)
    expect_the_record(page)
    assert (asked.of(RECORD), asked.loads) == ([False], 1)


def test_an_error_is_opened_by_the_browser_itself(open_page: OpenPage, api: Api) -> None:
    page, asked = opened(open_page)
    api.sandbox.faults("GET /locations/1", {"status": 404})
    click_the_row(page)
    expect(page.locator("main h1")).not_to_have_text("Locations")
    expect(page).to_have_url(re.compile(f"{RECORD}$"))
    assert (asked.of(RECORD), asked.loads) == ([False, False], 1)


@pytest.mark.parametrize("rested", [True, False])
def test_somebody_signed_out_meanwhile_comes_to_the_sign_in(open_page: OpenPage, rested: bool) -> None:
    page, _ = opened(open_page, own=True)
    if rested:
        rest_on_the_row(page)
    page.context.clear_cookies(name="sessionid")
    click_the_row(page)
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=.*locations/1/$"))


def test_another_organization_is_loaded_whole(open_page: OpenPage) -> None:
    page, asked = opened(open_page, "/")
    page.locator("tbody th a").first.click()
    expect(page.locator(".whose-id")).to_be_visible()
    assert asked.loads == 1


class TestUnsaved:
    def typed(self, open_page: OpenPage, *, stay: bool) -> tuple[Page, list[str]]:
        page, _ = opened(open_page, own=True)
        asked: list[str] = []

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.type)
            if stay:
                dialog.dismiss()
            else:
                dialog.accept()

        page.on("dialog", answer)
        click_the_row(page)
        expect_the_record(page)
        page.locator("#id_name").fill("Depot West")
        return page, asked

    @pytest.mark.parametrize("way", ["menu", "back"])
    def test_leaving_asks_and_staying_keeps_what_was_typed(self, open_page: OpenPage, way: str) -> None:
        page, asked = self.typed(open_page, stay=True)
        if way == "menu":
            page.locator("#menu").get_by_role("link", name="Locations").click()
        else:
            page.evaluate("history.back()")
        expect(page.locator("#id_name")).to_have_value("Depot West")
        expect(page).to_have_url(re.compile(f"{RECORD}$"))
        assert asked == ["beforeunload" if way == "menu" else "confirm"]

    @pytest.mark.parametrize("way", ["menu", "back"])
    def test_who_leaves_all_the_same_leaves(self, open_page: OpenPage, way: str) -> None:
        page, asked = self.typed(open_page, stay=False)
        if way == "menu":
            page.locator("#menu").get_by_role("link", name="Locations").click()
        else:
            page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Locations")
        assert len(asked) == 1
