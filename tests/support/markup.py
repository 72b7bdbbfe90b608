"""What must be true of any page, whoever asked for it: checked for every answer of every test's client."""

import functools
import hashlib
import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Protocol

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as ClientAnswer


class Answer(Protocol):
    """What a view and Django's test client both give: tests follow either."""

    status_code: int

    @property
    def content(self) -> bytes: ...

    def __getitem__(self, header: str) -> str: ...


VOID = {
    "area",
    "base",
    "br",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "rect",
    "use",
    "path",
    "line",
    "circle",
}
OPTIONAL_END = {"p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead"}


def hidden_of(page: str) -> dict[str, str]:
    """The signed values of the form on a page."""
    found = re.findall(r'<input type="hidden" name="(operation|base)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def form_of(page: str) -> dict[str, str]:
    """What the form on the page carries unseen, with the token."""
    token = re.search(r'<form class="form".*?name="csrfmiddlewaretoken" value="([^"]+)"', page, flags=re.S)
    assert token
    return {**hidden_of(page), "csrfmiddlewaretoken": token[1]}


# Lists of countries are most of many a page, and there is nothing to find in a plain option.
PLAIN_OPTIONS = re.compile(r'(?:\s*<option value="[^"<>]*">[^<>]*</option>)+')
# What differs between two drawings of one and the same page: tokens, and what is numbered at random. A pattern each:
# one that begins with a letter of its own is found at once.
DRAWN_ANEW = (
    re.compile(r'name="(?:csrfmiddlewaretoken|operation|base)" value="[^"]*"'),
    re.compile(r">Request [0-9a-f]+"),
    re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}"),
    re.compile(r'"[0-9a-f]{8}-[0-9a-f-]{27}"'),
)

PIECE = re.compile(
    r"""<(?:textarea|pre)\b.*?</(?:textarea|pre)>|<[/!a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+|<""",
    re.DOTALL,
)
BLANKS = " \t\n\r\f"
RUN_OF_BLANKS = re.compile(f"[{BLANKS}]+")
BLOCKS = frozenset(
    (  # noqa: SIM905  # five lines instead of fifty
        "!doctype html head body title meta link script main div p ul ol li dl dt dd table caption thead tbody tr "
        "th td form fieldset legend label datalist option optgroup section article header nav search details "
        "summary h1 h2 h3 h4 dialog figure figcaption use rect line textarea pre "
    ).split()
)
# The same pieces are on a thousand pages: what is known of one is kept.
kept = functools.lru_cache(100_000)


def as_drawn(page: str) -> str:
    """A page with the blanks that a browser shows: none at the edges of a block, a button or an icon, one elsewhere.

    How a template is laid out then makes no difference to what is looked for in its pages."""
    drawn: list[str] = []
    blank, at_edge = False, True  # whether a blank is due, and whether it would be seen
    for piece in PIECE.findall(page):
        if piece[0] != "<" or piece == "<":
            blank = blank or piece[0] in BLANKS
            if text := _plain(piece):
                drawn.append(f" {text}" if blank and not at_edge else text)
                blank, at_edge = piece[-1] in BLANKS, False
            continue
        tag, closes, block, line = _tag(piece)
        if block:
            blank, at_edge = False, True
        elif closes:
            blank, at_edge = blank and tag != "button", at_edge or tag == "svg"
        else:
            if blank and not at_edge and tag != "svg":
                drawn.append(" ")
                at_edge = True
            blank, at_edge = False, tag in {"button", "select", "svg"} or (at_edge and tag not in VOID)
        drawn.append(line)
        if closes and tag in {"button", "select"}:
            at_edge = False
    return "".join(drawn)


@kept
def _plain(text: str) -> str:
    return RUN_OF_BLANKS.sub(" ", text.strip(BLANKS))


@kept
def _tag(piece: str) -> tuple[str, bool, bool, str]:
    """Its name, whether it closes, whether blanks around it show, and how it stands on one line."""
    name = re.match(r"</?([\w!]+)", piece)
    tag = name[1].lower() if name else ""
    return tag, piece[1] == "/", tag in BLOCKS or 'type="hidden"' in piece, _on_one_line(piece)


# The first tag of a piece: what stands in a text area or a pre stays as it is.
TAG = re.compile(r"""<[/!a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")


def _on_one_line(piece: str) -> str:
    tag = TAG.match(piece)
    if tag is None or "\n" not in tag[0]:
        return piece
    line = re.sub(r'"[^"]*"|\s+', lambda found: found[0] if found[0][0] == '"' else " ", tag[0])
    return re.sub(r" (/?>)$", r"\1", line) + piece[tag.end() :]


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang = self.title = ""
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self.references: list[tuple[str, str]] = []
        self._open: list[str] = []
        self._forms = 0
        self.feed(PLAIN_OPTIONS.sub("", text))
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.lang = said.get("lang", "")
        if tag == "h1":
            self.headings.append("")
        if "id" in said:
            self.ids.append(said["id"])
        self.references += [(name, each) for name in ("for", "aria-describedby", "aria-labelledby")
                            for each in said.get(name, "").split()]  # fmt: skip
        self._suspect(tag, said)
        if tag not in VOID:
            self._open.append(tag)

    def _suspect(self, tag: str, said: dict[str, str]) -> None:
        if tag == "style" or (tag == "script" and "src" not in said) or "style" in said:
            self.wrong.append(f"inline script or style in <{tag}>")
        if any(name.startswith(("on", "hx-on")) for name in said):
            self.wrong.append(f"a handler on <{tag}>")
        if tag == "form" and said.get("method", "").lower() == "post":
            self._forms += 1
        if tag == "input" and said.get("name") == "csrfmiddlewaretoken":
            self._forms -= 1
        if tag == "img" and "alt" not in said:
            self.wrong.append("an image without words for it")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1] != tag and self._open[-1] in OPTIONAL_END:
            self._open.pop()
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag not in VOID:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title += data
        if self.headings and "h1" in self._open:
            self.headings[-1] += data

    def faults(self, *, whole: bool) -> list[str]:
        found = list(self.wrong)
        twice = sorted({each for each in self.ids if self.ids.count(each) > 1})
        if twice:
            found.append(f"ids used twice: {twice}")
        if self._forms:
            found.append("a POST form without its CSRF token")
        if whole:
            missing = sorted({each for _, each in self.references if each not in self.ids})
            if missing:
                found.append(f"ids referred to and not there: {missing}")
            if len(self.headings) != 1 or not self.headings[0].strip():
                found.append(f"headings of the first level: {self.headings}")
            if not self.title.strip() or not self.lang:
                found.append("no title or no language")
        return found


_fine: set[str] = set()


def _look_at(page: str, what: object) -> None:
    """A page that was fine is fine when it is drawn again with other tokens in it."""
    shape = page
    for anew in DRAWN_ANEW:
        shape = anew.sub("", shape)
    seen = hashlib.blake2b(shape.encode()).hexdigest()
    if seen in _fine:
        return
    faults = Page(page).faults(whole="<html" in page)
    assert not faults, (what, faults)
    _fine.add(seen)


class CheckedClient(Client):
    """Django's client, that looks at every page it is given and can fill in a form."""

    def send(self, path: str, fields: Mapping[str, object], **kwargs: Any) -> "ClientAnswer":
        """Opens the page, fills in these fields of its form and submits it, as a browser would."""
        return self.post(path, {**self.hidden(path), **fields}, **kwargs)

    def hidden(self, path: str) -> dict[str, str]:
        """What the form on that page carries unseen."""
        answer = self.get(path)
        return {} if answer.streaming else hidden_of(answer.content.decode())

    def request(self, **kwargs: Any) -> "ClientAnswer":
        answer = super().request(**kwargs)
        # What is shown inside a sandboxed frame has a policy and a shape of its own.
        framed = "'unsafe-inline'" in answer.get("Content-Security-Policy", "")
        kind = answer.get("Content-Type", "")
        if kind.startswith("text/html") and not framed and not answer.streaming and answer.content:
            text = answer.content.decode()
            _look_at(text, (kwargs.get("PATH_INFO"), answer.status_code))
            answer.content = as_drawn(text).encode()
        return answer
