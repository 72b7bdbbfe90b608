"""Rows in a browser: what a first visit weighs, when the first row is painted, how long a click takes to show a form.

API Platform Admin 4, what somebody would take instead, is not built here: its times are those that were measured side
by side once, on two idle cores, and each row that uses one says so.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.bench.figures import Figure, at_most, not_measured
from tests.bench.floor import floor
from tests.bench.measuring import medians, milliseconds
from tests.bench.pages import FORM
from tests.bench.stage import CLIENTS, Stage
from tests.support.windows import DESKTOP

# API Platform Admin 4, in seconds: recorded, and scaled by nothing.
ADMIN_COLD, ADMIN_COLD_SLOW = 1.148, 2.885
ADMIN_CLICK = {20: 0.212, 80: 0.208}
SLOWER = 4  # times
ROW, FIELD = "main tbody tr", 'main form [name="name"]'
LINK = f'{ROW} a[href="{FORM}"]'
RESTS = 100  # milliseconds for which the pointer rests on a link before the click

# Looks at every frame whether something is there, and notes on the page's root when that frame has been painted.
WATCH = """(() => {
  const now = () => performance.timeOrigin + performance.now();
  const wanted = {row: 'ROW', field: 'FIELD'};
  addEventListener("click", () => sessionStorage.setItem("clicked", now()), true);
  const look = () => {
    for (const name in wanted) {
      if (document.querySelector(wanted[name])?.getClientRects().length) {
        delete wanted[name];
        setTimeout(() => document.documentElement.setAttribute(`painted-${name}`, now()));
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()""".replace("ROW", ROW).replace("FIELD", FIELD)


@dataclass(frozen=True)
class Visitor:
    """Somebody in a browser, signed in to a site or in front of its recorded answers."""

    browser: Browser
    address: str
    session: str

    @contextmanager
    def window(self, slower: int = 1) -> Iterator[Page]:
        """A window that has nothing of the site yet."""
        context = self.browser.new_context(base_url=self.address, viewport=DESKTOP)
        try:
            context.add_cookies([{"name": "sessionid", "value": self.session, "url": self.address}])
            context.add_init_script(WATCH)
            page = context.new_page()
            if slower > 1:
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
            yield page
        finally:
            context.close()

    def cold(self, slower: int = 1) -> float:
        """Seconds until the first row is painted, for somebody who was never here."""
        with self.window(slower) as page:
            return first_row(page)


def first_row(page: Page) -> float:
    page.goto(CLIENTS, wait_until="commit")
    return (painted(page, "row") - float(page.evaluate("performance.timeOrigin"))) / 1000


def click_to_form(page: Page) -> float:
    """Seconds from the click on a row, on which the pointer has rested, to its form."""
    page.goto(CLIENTS)
    page.hover(LINK)
    page.wait_for_timeout(RESTS)
    page.mouse.down()
    page.mouse.up()
    return (painted(page, "field") - float(page.evaluate("sessionStorage.clicked"))) / 1000


def painted(page: Page, name: str) -> float:
    page.wait_for_selector(f"html[painted-{name}]", state="attached")
    return float(str(page.get_attribute("html", f"painted-{name}")))


def in_a_browser(stage: Stage) -> Iterator[Figure]:
    program = shutil.which("chromium")
    if program is None:
        yield not_measured("all rows in a browser", "", "Chromium is not installed")
        return
    site = stage.product()
    with sync_playwright() as playwright:
        switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=switches)
        ours = Visitor(browser, site.address, site.sessions["accounts"])
        yield from _first_visit(ours)
        with floor(site.caller("accounts"), _asked(ours)) as address:
            theirs = Visitor(browser, address, "any")
            yield from _first_row(stage, ours, theirs)
            yield from _click(stage, ours, theirs)
        browser.close()


def _asked(visitor: Visitor) -> list[str]:
    """All that a browser asks the site for on the way to the list and to a form."""
    found: list[str] = []
    with visitor.window() as page:
        page.on("request", lambda one: found.append(one.url.removeprefix(visitor.address)))
        click_to_form(page)
        page.goto(FORM, wait_until="networkidle")
    return [path for path in dict.fromkeys(found) if path.startswith("/")]


def _first_visit(visitor: Visitor) -> Iterator[Figure]:
    weights: Counter[str] = Counter()
    requests: list[Request] = []
    with visitor.window() as page:
        page.on("requestfinished", lambda one: requests.append(one))
        page.goto(CLIENTS, wait_until="networkidle")
        for one in requests:
            weights[one.resource_type] += one.sizes()["responseBodySize"] + one.sizes()["responseHeadersSize"]
    how = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in weights.most_common())
    yield at_most("first visit, on the wire", 45, weights.total() / 1000, " kB", how)
    yield at_most("first visit, requests", 6, len(requests))
    yield at_most("first visit, scripts", 24, weights["script"] / 1000, " kB")
    yield at_most("first visit, styles", 17, weights["stylesheet"] / 1000, " kB")


def _first_row(stage: Stage, ours: Visitor, theirs: Visitor) -> Iterator[Figure]:
    stage.sandbox(20)
    with ours.window() as mine, theirs.window() as floors:
        took = medians(
            {"ours": partial(first_row, mine), "floor": partial(first_row, floors)}, stage.times(15)
        )
    over = (took["ours"] - took["floor"] - 0.020) * 1000
    how = f"{milliseconds(took['ours'])}, floor {milliseconds(took['floor'])}, call 20 ms"
    yield at_most("first row painted, warm, over the floor and the call", 30, over, " ms", how)
    for slower, admin in ((1, ADMIN_COLD), (SLOWER, ADMIN_COLD_SLOW)):
        runs = {"ours": partial(ours.cold, slower), "floor": partial(theirs.cold, slower)}
        took = medians(runs, stage.times(5))
        what = "first row painted, cold" + (f", CPU × {slower}" if slower > 1 else "")
        how = f"{milliseconds(took['ours'])}, floor {milliseconds(took['floor'])}"
        yield at_most(f"{what}, over the floor", 1.15, took["ours"] / took["floor"], " ×", how)
        yield _over_admin(what, 0.25, took["ours"], admin)


def _click(stage: Stage, ours: Visitor, theirs: Visitor) -> Iterator[Figure]:
    for latency, bound in ((20, 0.45), (80, 0.5)):
        stage.sandbox(latency)
        with ours.window() as mine, theirs.window() as floors:
            runs = {"ours": partial(click_to_form, mine), "floor": partial(click_to_form, floors)}
            took = medians(runs, stage.times(8))
        what = f"click on a row → form, API {latency} ms"
        yield _over_admin(what, bound, took["ours"], ADMIN_CLICK[latency])
        if latency == 20:
            least = took["floor"] + 0.020
            how = f"{milliseconds(took['ours'])}, floor {milliseconds(took['floor'])}, call 20 ms"
            yield at_most(f"{what}, over the floor and the call", 1.6, took["ours"] / least, " ×", how)


def _over_admin(what: str, bound: float, ours: float, admin: float) -> Figure:
    how = f"{milliseconds(ours)} of {milliseconds(admin)}, which is recorded and not measured here"
    return at_most(f"{what}, over API Platform Admin 4", bound, ours / admin, " ×", how)
