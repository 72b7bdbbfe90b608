"""Texts that hide something or turn around what stands beside them, and what a page may not do with them."""

import re
from html.parser import HTMLParser

FSI, PDI = "\u2068", "\u2069"
# Written right to left, with figures that would wander, and a control character that turns the rest around.
BEGIN = "\u05d0\u05d1 7\u202e"
# What cannot be seen, but for the characters that isolate.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2067\u206a-\u206f\ufeff]"
)
READ = {"title", "alt", "label", "placeholder", "aria-label", "aria-description"}
EXACT = {"textarea", "script", "style"}


class Reading(HTMLParser):
    """What is read of a page: its text, with the pair of characters for each <bdi>, and each attribute that is read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts, self.attributes, self._exact = [""], list[str](), False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.attributes += [value for name, value in attributes if name in READ and value]
        self._exact = tag in EXACT
        if tag == "bdi":
            self.texts[0] += FSI

    def handle_endtag(self, tag: str) -> None:
        self._exact = False
        if tag == "bdi":
            self.texts[0] += PDI

    def handle_data(self, data: str) -> None:
        if not self._exact:
            self.texts[0] += " ".join(re.split("[ \n]+", data))


def bare(page: str) -> list[str]:
    """Where such a text stands in a page without being isolated, or with something in it that cannot be seen."""
    read = Reading(page)
    return [found for text in [*read.texts, *read.attributes] for found in bare_in(text)]


# As a text of its own, alone or with a second one that is part of the same name.
_TEXT = "\u05d0\u05d1 7(?:⟨U\\+202E⟩)?"
_REST = f"(?:(?!{_TEXT})[^{FSI}{PDI}])*"
ALONE = re.compile(f"{FSI}{_TEXT}{_REST}(?:(?<=\\w) {_TEXT}{_REST})?{PDI}")


def bare_in(text: str) -> list[str]:
    """Every text that begins with `BEGIN` has to be in a pair that begins with it and holds no other text."""
    found = [text[max(0, one.start() - 40) : one.end() + 20] for one in UNSEEN.finditer(text)]
    before, text = "", re.sub(f"([\"']){_TEXT}", r"\1", text)  # as another quotes it
    while before != text:
        before, text = text, ALONE.sub("·", text)
    return found + [text[max(0, one.start() - 40) : one.end() + 40] for one in re.finditer(BEGIN[:2], text)]
