"""A real browser in front of the real product, with the sandbox behind it.

Server, sandbox and browser are started once per worker and live while tests of this folder run: no longer, for
Playwright keeps an event loop in the thread and Django refuses its database while there is one.

Whatever a test opens is looked at: what the console says, scripts that fail, what the security policy blocks, and
after every load and every swap that the page has a title, a language, one h1, no id twice, and focus somewhere.
"""

import json
import re
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.product import Run, started
from tests.sandbox.running import Sandbox

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 15_000  # milliseconds, for a machine that does much else
expect.set_options(timeout=PATIENCE)
# Said by the browser and by htmx of every answer that is not a 2xx or none; the tests know which they ask for.
STATUS_LINES = re.compile(
    r"Failed to load resource: (the server responded|net::ERR_INTERNET_DISCONNECTED)"
    r"|Response Status Error Code \d+ from|htmx:(sendError|afterRequest)"
)

LOOK = """() => {
  const found = [];
  if (!document.title.trim()) found.push("no title");
  if (!document.documentElement.lang) found.push("no language");
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) found.push(headings + " h1");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  if (twice.length) found.push("ids that occur twice: " + twice.join(" "));
  return found;
}"""
WATCH = f"""(() => {{
  const look = {LOOK};
  const say = (words) => console.error("looked at: " + words);
  addEventListener("securitypolicyviolation", (event) => say("blocked " + event.violatedDirective));
  addEventListener("load", () => look().forEach(say));
  document.addEventListener("htmx:afterSettle", () => setTimeout(() => {{
    look().forEach(say);
    if (document.activeElement === document.body) say("focus fell to body after a swap");
  }}));
}})()"""


@dataclass
class Watch:
    """Collects what is wrong with the pages of one test."""

    troubles: list[str] = field(default_factory=list)
    ended: bool = False

    def end(self) -> None:
        """Says what was found. From here on nothing is looked at."""
        self.ended = True
        assert self.troubles == []

    def over(self, context: BrowserContext, *, scripts: bool) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self._say(f"script failed: {error.error}"))
        context.on("response", self._response)
        if scripts:
            context.add_init_script(WATCH)
        else:
            context.on("page", lambda page: page.on("load", self._look))

    def _look(self, page: Page) -> None:
        for trouble in page.evaluate(LOOK):
            self._say(f"{page.url}: {trouble}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not STATUS_LINES.match(message.text):
            self._say(f"{message.location.get('url', '')}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status == 500 or (response.status >= 400 and "/static/" in response.url):
            self._say(f"{response.url} answered {response.status}")

    def _say(self, trouble: str) -> None:
        if not self.ended:
            self.troubles.append(trouble)


@dataclass
class Api:
    """The sandbox behind the product: its faults and its log, and its records as one organization has them."""

    sandbox: Sandbox
    organization: str = "org_1001"  # Kwelgeest Groep: production, with more locations than fit on a page
    token: str = ""

    def read(self, path: str) -> Any:
        return self._send("GET", path)

    def patch(self, path: str, changes: dict[str, Any]) -> Any:
        return self._send("PATCH", path, changes)

    def sent(self, method: str, path: str = "/locations/1") -> list[Any]:
        """The bodies that reached it with this method at this path."""
        log = self.sandbox.requests()
        return [each["body"] for each in log if (each["method"], each["path"]) == (method, path)]

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        if not self.token:
            self.token = "-"
            credentials = {"username": "sandbox", "password": "sandbox"}
            self.token = self._send("POST", "/login", credentials)["token"]
        request = urllib.request.Request(
            self.sandbox.base_url + path,
            None if body is None else json.dumps(body).encode(),
            {
                "Accept": "application/ld+json",
                "Content-Type": "application/merge-patch+json" if method == "PATCH" else "application/json",
                "Authorization": f"Bearer {self.token}",
                "instance": "kwelgeest_7f3a",
            },
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


class OpenPage(Protocol):
    """`open_page("/help/", "viewer", dark=True)`: a page of somebody's own; "" is nobody."""

    def __call__(
        self,
        path: str = "",
        username: str = "backoffice",
        *,
        dark: bool = False,
        phone: bool = False,
        scripts: bool = True,
    ) -> Page: ...


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


@pytest.fixture
def api(product: Run) -> Api:
    """The API as it was at the start."""
    product.sandbox.reset()
    return Api(product.sandbox)


@pytest.fixture
def location(api: Api) -> Any:
    """Location 1 of Kwelgeest Groep, open from 8 to 17."""
    record = api.patch("/locations/1", {"name": "Depot Oost", "officeOpenHour": 8, "officeCloseHour": 17})
    api.sandbox.clear_requests()
    return record


@pytest.fixture(scope="package")
def sessions(product: Run, chromium: Browser) -> Callable[[str], Any]:
    """What the browser keeps of somebody who is signed in; each signs in once, by the form."""
    kept: dict[str, Any] = {"": None}

    def session(username: str) -> Any:
        if username not in kept:
            context = chromium.new_context(base_url=product.address)
            sign_in(context.new_page(), username)
            kept[username] = context.storage_state()
            context.close()
        return kept[username]

    return session


def sign_in(page: Page, username: str, password: str = "demo") -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def open_page(
    product: Run, api: Api, chromium: Browser, sessions: Callable[[str], Any], watch: Watch
) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def opened(
        path: str = "",
        username: str = "backoffice",
        *,
        dark: bool = False,
        phone: bool = False,
        scripts: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=product.address,
            storage_state=sessions(username),
            color_scheme="dark" if dark else "light",
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.over(context, scripts=scripts)
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    watch.end()


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(__file__).parent / "vendor/axe/axe.min.js").read_text()
