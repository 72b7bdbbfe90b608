"""Every section of the menu and what its pages lead to: each kind of page once, as somebody who may do everything."""

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from dashboard.web.navigation import items
from tests.support.accessibility import everything_wrong
from tests.support.page_watch import NOWHERE, Watch
from tests.support.windows import OpenPage

ITEMS = {str(item.label): item.url_name for item in items()}
SECTIONS = {name.rpartition(":")[0] or name for name in ITEMS.values()}
# Of a table the first row stands for all.
LINKS = """() => [...document.querySelectorAll("main a[href]:not([download], tbody tr:nth-child(n+2) a)")]
  .filter((one) => one.origin === location.origin).map((one) => one.pathname)"""


@pytest.mark.parametrize("section", ITEMS)
def test_nothing_is_wrong_with_a_section_and_the_pages_it_leads_to(
    open_page: OpenPage, watch: Watch, section: str
) -> None:
    page = open_page("/o/org_1001/", "admin")
    link = page.get_by_role("navigation", name="Sections").get_by_role("link", name=section, exact=True)
    elsewhere = SECTIONS - {section_of(ITEMS[section])}
    ahead = {ITEMS[section]: str(link.get_attribute("href"))}
    seen: set[str] = set()
    found: dict[str, dict[str, list[str]]] = {}
    while ahead:
        view, path = ahead.popitem()
        seen.add(view)
        watch.begin()
        if not opened(page, path):
            continue
        leads_to = {view_of(one): one for one in page.evaluate(LINKS)}
        ahead |= {
            v: p for v, p in leads_to.items() if v not in seen and section_of(v) not in {"", *elsewhere}
        }
        watch.end()
        if wrong := everything_wrong(page):
            found[path] = wrong
        page.goto(NOWHERE)  # so that nothing of what axe has tried is heard of afterwards
    watch.begin()
    assert found == {}


def opened(page: Page, path: str) -> bool:
    """Opens it if it is a page; pictures and files have links too."""
    answer = page.request.get(path)
    if not answer.headers["content-type"].startswith("text/html"):
        return False
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return True


def view_of(path: str) -> str:
    """The name of the view behind it; "" where there is none."""
    try:
        return str(resolve(path).view_name)
    except Resolver404:
        return ""


def section_of(view: str) -> str:
    return view.rpartition(":")[0] or view
