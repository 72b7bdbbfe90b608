"""Languages as people know them: by name in the reader's language, and which are spoken where an organization is."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from babel.languages import get_official_languages

from dashboard.standards import countries
from dashboard.web.formatting import NOTHING, babel_locale

# What a code may look like: a language, perhaps with a script and a country.
CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?")


def name(code: str) -> str:
    """Name in the reader's language, with its country where the code has one; a code nobody knows as it is."""
    return known(code) or code or NOTHING


def known(code: str) -> str:
    parts = re.split("[-_]", code)
    language = babel_locale().languages.get(parts[0].lower(), "")
    if not language:
        return ""
    places = [_place(part) for part in parts[1:]]
    return f"{language} ({', '.join(places)})" if places else language


def named(code: str) -> str:
    return f"{name(code)} ({code})" if known(code) else code


def same(one: str, other: str) -> bool:
    """Whether two codes are of one language, however they are spelled."""
    return one.replace("_", "-").casefold() == other.replace("_", "-").casefold()


def usual(places: Iterable[Any]) -> dict[str, list[str]]:
    """Language → the countries among these, by name, where it is an official one."""
    found: dict[str, list[str]] = {}
    for place in sorted(set(filter(None, map(countries.code, places)))):
        for language in get_official_languages(place, de_facto=True):
            found.setdefault(language, []).append(countries.name(place))
    return found


def choices() -> list[tuple[str, str]]:
    """Every living language with a code of two letters, by name."""
    by_code = {code: name for code, name in babel_locale().languages.items() if len(code) == 2}
    return sorted(by_code.items(), key=lambda choice: sorting(choice[1]))


def sorting(text: str) -> str:
    """Letters with marks stand with those without."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _place(part: str) -> str:
    named = countries.name(part)
    return part if named == NOTHING else named
