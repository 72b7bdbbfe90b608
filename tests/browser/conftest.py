"""A real browser in front of the real product, with the sandbox behind it.

Server, sandbox and browser are started once per worker and live while tests of this folder run: no longer, for
Playwright keeps an event loop in the thread and Django refuses its database while there is one.

Whatever a test opens is looked at: what the console says, scripts that fail, what the security policy blocks, and
after every load and every swap that the page has a title, a language, one h1, no id twice, and focus somewhere.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.page_watch import Watch
from tests.support.product import Run, started
from tests.support.records import Api
from tests.support.windows import OpenPage, Windows


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    var = tmp_path_factory.mktemp("product")
    with started(var, SANDBOX_OPTIONS="--control", WEB_PROCESSES="1", WEB_THREADS="8") as run:
        run.wait_until_ready()
        yield run


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "The browser tests need the package chromium."
    switches = ["no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update"]
    switches += ["disable-sync", "no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=[f"--{switch}" for switch in switches]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def windows(product: Run, chromium: Browser) -> Iterator[Windows]:
    opened = Windows(chromium, product.address, Watch())
    yield opened
    opened.close()


@pytest.fixture
def api(product: Run) -> Api:
    """The API as it was at the start."""
    product.sandbox.reset()
    return Api(product.sandbox)


@pytest.fixture
def location(api: Api) -> str:
    """Location 1 of Kwelgeest Groep, open from 8 to 17."""
    return api.depot(1)


@pytest.fixture
def watch(windows: Windows) -> Watch:
    windows.watch.begin()
    return windows.watch


@pytest.fixture
def open_page(windows: Windows, api: Api, watch: Watch) -> Iterator[OpenPage]:
    yield windows.open
    windows.tidy()
    watch.end()
