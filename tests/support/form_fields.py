"""Fields of a form as its page draws them, and a value to type into each, told by its kind alone."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {
    "text", "search", "textarea", "select", "checkbox", "email", "number", "tel", "url",
    "date", "time", "datetime-local",
}  # fmt: skip
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
