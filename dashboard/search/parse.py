"""What somebody typed or pasted, read and never followed: words, an id, a number, an e-mail address, or an address
of a record at the API or of a page here."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, unquote, urlsplit

from dashboard.standards.foreign_text import without_unseen
from dashboard.web.converters import is_identifier

LONGEST = 300
# What comes along when a link or a mail address is copied.
AROUND = " \t\r\n\"'<>“”„‘’,;"
MAILBOX = re.compile(r"[^<>]*<([^<>\s]+@[^<>\s]+?)\.?>?")  # Noor <noor@example.com>, its end stripped or not
EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/.]+")
LIKE_AN_ID = re.compile(r"[\d_.:@~]")
NUMBER = re.compile(r"(?=(?:.*\d){7})[A-Z0-9]{7,20}")


@dataclass(frozen=True)
class Pasted:
    """`kind` is words, id, number, email, record (of a `collection`, by its `identifier`) or page (`path`);
    `elsewhere` is the host an address names where that is neither ours nor the API's; `sure` that it can be nothing
    but an id."""

    text: str
    kind: str
    collection: str = ""
    identifier: str = ""
    path: str = ""
    elsewhere: str = ""
    sure: bool = False


def read(text: str, collections: Collection[str], hosts: Collection[str], *, typing: bool = False) -> Pasted:
    """`hosts` are ours and the API's: elsewhere the same path may mean another record. `typing`: it may go on, so what
    could as well be the beginning of a word is no id yet."""
    words = without_unseen(text[:LONGEST]).strip(AROUND)
    plain = words.rstrip(".") or words  # the end of a sentence, but for words such as B.V.
    if re.match(r"mailto:", plain, re.IGNORECASE):
        plain = unquote(plain[7:].partition("?")[0])
    if named := MAILBOX.fullmatch(plain):
        plain = named[1]
    if EMAIL.fullmatch(plain):
        return Pasted(plain, "email")
    if found := _address(plain, collections, hosts):
        return found
    if NUMBER.fullmatch(compact(plain)):
        return Pasted(plain, "number", identifier=plain if is_identifier(plain) else "")
    if is_identifier(plain) and (LIKE_AN_ID.search(plain) or not typing):
        sure = bool(LIKE_AN_ID.search(plain)) and not plain.isdigit()
        return Pasted(words, "id", identifier=plain, sure=sure)
    return Pasted(words, "words")


def compact(number: str) -> str:
    """A tax number without what people put between its digits."""
    return re.sub(r"[\s./-]", "", number).upper()


def _address(plain: str, collections: Collection[str], hosts: Collection[str]) -> Pasted | None:
    whole = re.match(r"https?://", plain, re.IGNORECASE) is not None
    if not whole and "/" not in plain:
        return None
    try:
        parts = urlsplit(plain if whole or plain.startswith("/") else f"/{plain}")
        host = parts.netloc.rpartition("@")[2].lower()
        elsewhere = "" if not host or host in {each.lower() for each in hosts} else host
    except ValueError:
        return None
    collection, identifier = _record(parts, collections)
    if not whole and not plain.startswith("/") and not collection:
        return None  # a slash between words, or within a tax number
    path = parts.path + (f"?{parts.query}" if parts.query and not elsewhere else "")
    kind = "record" if collection else "page"
    return Pasted(plain, kind, collection, identifier, path, elsewhere)


def _record(parts: SplitResult, collections: Collection[str]) -> tuple[str, str]:
    """The first collection that the path names with something after it, whatever stands before them."""
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if segments[:1] == ["o"]:  # a page of ours, whose sections may be called as the API's collections are
        return "", ""
    pairs = pairwise(segments)
    return next(((name, after) for name, after in pairs if name in collections), ("", ""))
