"""Fields of a form as its page draws them, and a value to type into each, told by its kind alone."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {
    "text", "search", "textarea", "select", "checkbox", "email", "number", "tel", "url",
    "date", "time", "datetime-local",
}  # fmt: skip
# A text box that asks for a kind of keyboard takes that kind of value.
TYPED_BY = {"email": "email", "numeric": "number"}
# What fits where nothing but the kind of a field is known; for each two that differ.
VALUES = {
    "email": ("contract@example.com", "other@example.com"),
    "number": ("7", "9"),
    "date": ("2031-05-06", "2031-05-07"),
    "time": ("09:00", "10:00"),
    "datetime-local": ("2031-05-06T09:00", "2031-05-06T10:00"),
    "url": ("https://example.com/", "https://example.com/other"),
    "tel": ("+31 10 1234567", "+31 10 7654321"),
}


@dataclass
class FormField:
    name: str
    kind: str
    required: bool = False
    value: str = ""
    choices: list[str] = field(default_factory=list)

    def example(self, other: bool = False) -> str:
        """A value that it takes, and another one."""
        if self.kind == "select":
            offered = [choice for choice in self.choices if choice and (not other or choice != self.value)]
            return offered[0] if offered else ""
        if self.kind == "checkbox":
            return "on"
        return VALUES.get(self.kind, ("Contract one", "Contract two"))[other]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[FormField] = []
        self._inside = False
        self._current: FormField | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "main":
            self._inside = True
        if not self._inside:
            return
        kind = said.get("type", "text") if tag == "input" else tag
        kind = TYPED_BY.get(said.get("inputmode", ""), kind)
        if tag in {"input", "select", "textarea"} and said.get("name") and kind in TYPED:
            required = "required" in said or said.get("aria-required") == "true"
            one = FormField(said["name"], kind, required, said.get("value", ""))
            self.found.append(one)
            self._current = None if tag == "input" else one
        elif tag == "option" and self._current and self._current.kind == "select":
            self._current.choices.append(said.get("value", ""))
            if "selected" in said:
                self._current.value = said.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._current and self._current.kind == "textarea":
            self._current.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._current = None
        if tag == "main":
            self._inside = False


def fields_of(page: str) -> list[FormField]:
    reader = _Reader()
    reader.feed(page)
    return reader.found


class _Browser(HTMLParser):
    """What a browser sends of the page's form that nobody touches (HTML Living Standard: value sanitization, form data
    set)."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._name = ""
        self._text: list[str] | None = None  # inside a text area
        self._options: list[tuple[str, bool]] | None = None  # inside a select

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "option" and self._options is not None:
            self._options.append((said.get("value", ""), "selected" in said))
        elif tag == "select":
            self._name, self._options = said["name"], []
        elif tag == "textarea":
            self._name, self._text = said["name"], []
        elif tag == "input" and said.get("name"):
            self._input(said["name"], said.get("type", "text"), said)

    def _input(self, name: str, kind: str, said: dict[str, str]) -> None:
        value = said.get("value", "on" if kind in {"checkbox", "radio"} else "")
        if kind in {"checkbox", "radio"} and "checked" not in said:
            return
        if kind not in {"hidden", "checkbox", "radio"}:
            value = value.replace("\n", "")
        if kind in {"email", "url"}:
            value = value.strip(" \t\n\f\r")
        if kind == "number" and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", value):
            value = ""
        if kind == "datetime-local" and not re.fullmatch(
            r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?", value
        ):
            value = ""
        self._send(name, value)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self._send(self._name, "".join(self._text).removeprefix("\n"))
            self._text = None
        elif tag == "select" and self._options is not None:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self._send(self._name, chosen[-1])
            self._options = None

    def _send(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value.replace("\n", "\r\n"))


def sent_untouched(page: str) -> dict[str, list[str]]:
    """What a browser sends of the form of that page, as it was drawn."""
    found = re.search(r'<form class="form".*?</form>', page, re.S)
    assert found
    browser = _Browser()
    browser.feed(found[0].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))
    return browser.sent
