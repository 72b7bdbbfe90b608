"""What is wrong with a page that no test asks about: in the console, in its scripts, in how it is made."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

# Said by the browser and by htmx of every answer that is not a 2xx or none; the tests know which they ask for.
STATUS_LINES = re.compile(
    r"Failed to load resource: (the server responded|net::ERR_INTERNET_DISCONNECTED)"
    r"|Response Status Error Code \d+ from|htmx:(sendError|afterRequest)"
)
NOWHERE = "about:blank"

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
AT_EVERY_LOAD_AND_SWAP = f"""(() => {{
  if (location.href === "{NOWHERE}" || self !== top) return; // even a listener is a script to a sandboxed frame
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
    troubles: list[str] = field(default_factory=list)
    ended: bool = False

    def begin(self) -> None:
        self.troubles, self.ended = [], False

    def end(self) -> None:
        """Says what was found. From here on nothing is looked at."""
        self.ended = True
        assert not self.troubles, "\n".join(self.troubles)

    def over(self, context: BrowserContext, *, scripts: bool) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self._say(f"script failed: {error.error}"))
        context.on("response", self._response)
        if scripts:
            context.add_init_script(AT_EVERY_LOAD_AND_SWAP)
        else:
            context.on("page", lambda page: page.on("load", self._look))

    def _look(self, page: Page) -> None:
        if page.url == NOWHERE:
            return
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
