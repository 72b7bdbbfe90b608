"""Every message of the dashboard that is marked for translation, read from its sources."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None,
}


def messages() -> set[str]:
    """In English, singular and plural, on one line each."""
    return {" ".join(one.split()) for one in _extracted() if one}


def _extracted() -> Iterator[str]:
    for source in _sources():
        for _line, found, _comments, _context in extract("python", BytesIO(source.encode()), KEYWORDS):
            yield from (found,) if isinstance(found, str) else (one for one in found if one)


def _sources() -> Iterator[str]:
    for file in sorted((ROOT / "dashboard").rglob("*.py")):
        yield file.read_text()
    for file in sorted((ROOT / "templates").rglob("*.*")):
        # What Django makes of a template is calls of gettext among blanks, which Python would read as indents.
        yield "\n".join(line.strip() for line in templatize(file.read_text(), origin=str(file)).splitlines())
