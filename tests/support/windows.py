"""The browser's windows. One that is opened anew costs more than most tests do, so they are kept for the next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.support.page_watch import NOWHERE, Watch

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 60_000  # milliseconds, for a machine that does much else
expect.set_options(timeout=PATIENCE)

OpenPage = Callable[..., Page]  # see Windows.open
# Who, on a phone, with scripts.
Kind = tuple[str, bool, bool]


@dataclass
class Windows:
    browser: Browser
    address: str
    watch: Watch
    _kept: dict[Kind, Page] = field(default_factory=dict)
    _own: list[BrowserContext] = field(default_factory=list)
    _sessions: dict[str, Any] = field(default_factory=dict)

    def open(
        self,
        path: str = "",
        username: str = "backoffice",
        *,
        phone: bool = False,
        scripts: bool = True,
        own: bool = False,
    ) -> Page:
        """A window of somebody who is signed in, or of nobody (""). Who signs in or out, goes offline, meets
        dialogs or touches cookies takes one of its own, which nobody gets after."""
        kind = (username, phone, scripts)
        if own:
            page = self._new(kind)
            self._own.append(page.context)
        else:
            page = self._again(self._kept[kind], phone) if kind in self._kept else self._keep(kind)
        if path:
            page.goto(path)
        return page

    def tidy(self) -> None:
        for context in self._own:
            context.close()
        self._own.clear()
        for page in self._kept.values():
            if page.url != NOWHERE:
                page.goto(NOWHERE)

    def close(self) -> None:
        for page in self._kept.values():
            page.context.close()

    def _again(self, page: Page, phone: bool) -> Page:
        page.set_viewport_size(PHONE if phone else DESKTOP)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.mouse.move(0, 0)
        return page

    def _keep(self, kind: Kind) -> Page:
        page = self._kept[kind] = self._new(kind)
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def _new(self, kind: Kind) -> Page:
        username, phone, scripts = kind
        context = self.browser.new_context(
            base_url=self.address,
            storage_state=self._session(username),
            color_scheme="light",
            reduced_motion="reduce",
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE)
        self.watch.over(context, scripts=scripts)
        return context.new_page()

    def _session(self, username: str) -> Any:
        """What the browser keeps of somebody who is signed in; each signs in once, by the form."""
        if username and username not in self._sessions:
            context = self.browser.new_context(base_url=self.address)
            sign_in(context.new_page(), username)
            self._sessions[username] = context.storage_state()
            context.close()
        return self._sessions.get(username)


def sign_in(page: Page, username: str, password: str = "demo") -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
