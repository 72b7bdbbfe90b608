"""What a page asks by itself is marked, so that it keeps nobody signed in."""

from playwright.sync_api import Request

from tests.support.windows import OpenPage

STATUS, LIST = "/status/", "/o/org_1001/locations/"


def marked(request: Request) -> bool:
    return request.headers.get("x-poll") == "1"


def test_a_look_that_a_page_takes_by_itself_is_marked(open_page: OpenPage) -> None:
    page = open_page(STATUS)
    with page.expect_request(lambda request: f"{STATUS}?was=" in request.url, timeout=30_000) as polled:
        pass
    assert marked(polled.value)
    with page.expect_request("**/away/**") as looked:
        page.evaluate("dispatchEvent(new Event('focus'))")
    assert marked(looked.value)


def test_what_somebody_does_is_not(open_page: OpenPage) -> None:
    page = open_page(LIST)
    with page.expect_request(lambda request: "q=kade" in request.url) as asked:
        page.get_by_role("searchbox").first.fill("kade")
        page.keyboard.press("Enter")
    assert not marked(asked.value)
