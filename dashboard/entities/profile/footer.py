"""The HTML of a mail footer: what may be in it, what is taken out of what somebody typed, and how it is shown.

Mail programs know little of HTML, and what they know they use carefully; so what is allowed here is what a footer is
made of: text, links, tables, https pictures, and styles that colour and space them. Nothing that runs, loads or sends.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser

import nh3
from django.utils.translation import gettext as _

_ALLOWED = (
    "a abbr b big blockquote br caption center code col colgroup dd div dl dt em font h1 h2 h3 h4 h5 h6 hr i img li"
    " ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr u ul"
)
_GONE = (
    "script style title template noscript iframe object embed applet svg math xmp noembed noframes textarea select"
    " audio video canvas"
)
TAGS = set(_ALLOWED.split())
WITH_CONTENT = set(_GONE.split())  # gone with all that is in them; of any other tag the text stays
CELL = {"width", "height", "align", "valign", "bgcolor", "colspan", "rowspan"}
ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align"},
    "a": {"href"},
    "col": {"span", "width"},
    "font": {"color", "face", "size"},
    "hr": {"width", "size", "color"},
    "img": {"src", "alt", "width", "height", "border"},
    "ol": {"type", "start"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor", "role"},
    "td": CELL,
    "th": CELL,
    "tr": {"valign", "bgcolor"},
}
VALUES = {"a": {"target": {"_blank"}}}
SCHEMES = {"http", "https", "mailto", "tel"}
STYLES = re.compile(
    r"(background|color|direction|display|height|line-height|letter-spacing|width|vertical-align|white-space|word-break"
    r"|(max|min)-(height|width)|font(-[a-z]+)?|text-(align|decoration|indent|transform)|(margin|padding)(-[a-z]+)?"
    r"|background-color|border(-[a-z]+){0,2}|list-style(-type|-position)?|table-layout|mso-[a-z-]+)"
)
# Words, numbers, colours, quoted names of fonts. No other function than a colour's: url() and its kin load things.
ONE_VALUE = r"""(?:[#\w.%+-]+|'[\w .-]*'|"[\w .-]*"|(?:rgb|hsl)a?\([\d\s.,%/]*\))"""
STYLE_VALUE = re.compile(rf"{ONE_VALUE}(?:[\s,/]+{ONE_VALUE})*(?:\s*!important)?", re.A | re.I)
BREAKS = re.compile(r"\n|(?<=<br>)|(?=<(?:p|div|table|tr|t[dh]|[uo]l|li|h[1-6r])\b)", re.I)
LONGEST_SHOWN = 160
# Characters and tags; Flowtly may take fewer, and says so. To clean tags within tags takes time by their square.
LONGEST, MOST_TAGS = 100_000, 4_000


def clean(text: str) -> str:
    """HTML that may be sent of what was typed. Without a < there is none in it, and it stays as it is."""
    return _clean(text, _allowed) if "<" in text else text


def too_much(text: str) -> bool:
    """Whether it is no footer but a load: it is neither cleaned nor compared."""
    return len(text) > LONGEST or text.count("<") > MOST_TAGS


def preview(parts: Iterable[tuple[str, str]]) -> str:
    """Page of its own that shows texts, each under its label where there are several: no link leads anywhere and
    no picture is asked for."""
    shown = list(parts)
    body = "<hr>".join(_part(label if len(shown) > 1 else "", text) for label, text in shown)
    title = escape(_("Preview of the mail footer"))
    style = (
        "html{color-scheme:light;background:#fff}body{margin:12px;font:15px/1.45 system-ui,sans-serif;color:#1b2230}"
        "a{color:#2451b8;text-decoration:underline}.plain{white-space:pre-line}body{overflow-wrap:anywhere}img{max-width:100%}small{color:#566072}"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{style}</style></head><body>{body or _nothing()}</body></html>"
    )


def _part(label: str, text: str) -> str:
    head = _small(label) if label else ""
    if not text:
        return head + _nothing()
    if too_much(text):
        return head + _small(_("It is too long to be shown here."))
    return f"{head}<div{'' if '<' in text else ' class=plain'}>{_clean(text, _harmless)}</div>"


def _nothing() -> str:
    return _small(_("There is nothing in it."))


def _small(text: str) -> str:
    return f"<p><small>{escape(text)}</small></p>"


def _clean(text: str, allow: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=allow,
        tag_attribute_values=VALUES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel=None,
    )


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "style":
        return style(value) or None
    if tag == "img" and attribute == "src" and not value.strip().lower().startswith("https://"):
        return None
    return value


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    return None if attribute in {"href", "src", "target"} else _allowed(tag, attribute, value)


def style(value: str) -> str:
    """Style declarations that only colour, size and space; as they were typed where all of them do."""
    typed = _declarations(value)
    good = [each for each in typed if _is_plain(each)]
    return value if good == typed else "; ".join(good)


def _declarations(value: str) -> list[str]:
    return [each.strip() for each in value.split(";") if each.strip()]


def _is_plain(declaration: str) -> bool:
    name, colon, value = declaration.partition(":")
    return bool(colon and STYLES.fullmatch(name.strip().lower()) and STYLE_VALUE.fullmatch(value.strip()))


# --- telling what was done to it ---


def taken_out(typed: str, kept: str) -> list[str]:
    """Parts that were typed and are not kept, in words. For people: the two texts themselves say it exactly."""
    gone = Counter(_Inventory(typed).parts) - Counter(_Inventory(kept).parts)
    return [one if len(one) <= LONGEST_SHOWN else f"{one[:LONGEST_SHOWN]}…" for one in gone.elements()]


def links(text: str) -> list[str]:
    """Addresses of its links and pictures, since a preview leads nowhere."""
    return list(dict.fromkeys(_Inventory(text).addresses))


def lines(before: str, after: str) -> list[dict[str, str]]:
    """Diff of two texts, line by line: what stays, goes and comes."""
    if too_much(before):
        before = f"{before[:LONGEST_SHOWN]}…"
    old, new = ([line for line in BREAKS.split(text) if line] for text in (before, after))
    told = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        told += [{"what": "same" if what == "equal" else "gone", "text": line} for line in old[i:j]]
        told += [{"what": "new", "text": line} for line in new[k:m] if what != "equal"]
    return told


class _Inventory(HTMLParser):
    """Tags, attributes, styles and comments of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.addresses: list[str] = []
        try:
            self.feed(text)
            self.close()
        except (AssertionError, ValueError):
            self.parts.append(_("something that is no HTML"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"<{tag}>")
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.addresses.append(value)
            each = _declarations(value or "") if name == "style" else [value or ""]
            self.parts += [f'{name}="{one}" on <{tag}>' for one in each]

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")
