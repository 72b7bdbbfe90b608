"""Isolation of the text of others, at the two places that every such text goes through on its way to a person.

- **Sentences**: what is put into a message of ours (`_("Delete %(name)s?") % …`, `{% blocktranslate %}`, the errors of
  Django's fields) is isolated as it is put in.
- **Pages**: whatever a template has printed is marked and isolated in the finished HTML, where it is known which of it
  is read (text, titles, labels) and which is not (values of fields, addresses, what is copied): the latter stays exact.
"""

import re
from collections.abc import Callable, Mapping
from numbers import Number

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.safestring import SafeData

from dashboard.standards.foreign_text import DEPTH, FSI, PAIR, PDI, RIGHT_TO_LEFT, SUSPECT, isolated, marked

MESSAGES = ("gettext", "ngettext", "pgettext", "npgettext")
# Attributes that are read or read out.
READ = {"title", "alt", "label", "placeholder", "aria-label", "aria-description", "aria-valuetext"}
BDI = ("<bdi>", "</bdi>")
EXACT = {"textarea", "script", "style"}
# Nothing but text may stand in them, or each element in them would be laid out by itself.
PLAIN = {"title", "option", "text", "button", "label", "summary"}
PIECE = re.compile(r"""<!--.*?-->|<[/!a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+|<""", re.DOTALL)
ATTRIBUTE = re.compile(r"""(\s)([\w:-]+)=("[^"]*"|'[^']*')""")
BODY = re.compile(r"\S(?:.*\S)?", re.DOTALL)
NAME = re.compile(r"</?([a-zA-Z][\w-]*)")


class Message(str):
    """A message of ours: what is put into it is isolated."""

    def __mod__(self, values: object) -> str:
        if isinstance(values, Mapping):
            return super().__mod__({name: _put(value) for name, value in values.items()})
        return super().__mod__(tuple(map(_put, values)) if isinstance(values, tuple) else _put(values))

    def __str__(self) -> str:
        return self


def _put(value: object) -> object:
    return value if isinstance(value, Number) else isolated(str(value))


def isolate_messages() -> None:
    """Whatever Django translates is a `Message`. It keeps the functions that translate in one object, and asks that
    for them each time."""
    kept = translation._trans  # type: ignore[attr-defined]
    for name in MESSAGES:
        setattr(kept, name, _translating(getattr(kept, name)))


def _translating(translate: Callable[..., str]) -> Callable[..., str]:
    def message(*args: object, **kwargs: object) -> str:
        text = translate(*args, **kwargs)
        return text if isinstance(text, SafeData) or "%" not in text else Message(text)

    return message


class Isolation:
    """The pages. One without such text, as almost all are, is sent as it was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What has a policy of its own is shown in a frame, as it came.
        if (
            response.get("Content-Type", "").startswith("text/html")
            and not response.streaming
            and "Content-Security-Policy" not in response
        ):
            page = response.content.decode(response.charset)
            if SUSPECT.search(page):
                response.content = isolated_html(page).encode(response.charset)
        return response


def isolated_html(page: str) -> str:
    """HTML as our templates write it, with the text of others marked and isolated."""
    out, exact, plain = [], "", ""
    for piece in PIECE.findall(page):
        tag = NAME.match(piece)
        if tag is None:
            out.append(
                piece if exact or piece.startswith("<!") else _isolated(piece, *(() if plain else BDI))
            )
            continue
        name, closes = tag[1].lower(), piece[1] == "/"
        out.append(piece if exact else ATTRIBUTE.sub(_attribute, piece))
        if closes:
            exact, plain = exact if name != exact else "", plain if name != plain else ""
        elif not exact:
            exact, plain = name if name in EXACT else "", plain or (name if name in PLAIN else "")
    return "".join(out)


def _attribute(found: re.Match[str]) -> str:
    blank, name, value = found.groups()
    return f"{blank}{name}={value[0]}{_isolated(value[1:-1])}{value[0]}" if name in READ else found[0]


def _isolated(text: str, opening: str = FSI, closing: str = PDI) -> str:
    """What is isolated already stays; the rest is one text if any of it is written right to left."""
    bare = marked(text)
    for _inner_ones_first in range(DEPTH):
        bare = PAIR.sub("", bare)
    made = marked(text, opening, closing)
    if not RIGHT_TO_LEFT.search(bare):
        return made
    return BODY.sub(lambda body: f"{opening}{body[0]}{closing}", made, count=1)
