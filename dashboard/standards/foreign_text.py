"""Text of others (names, codes, notes, a server's words): shown so that it neither hides anything nor turns around what
stands beside it.

The bidirectional algorithm (Unicode, UAX #9) orders a whole paragraph by its characters: a name written right to left
moves the figures next to it, and control characters turn any text around. So what cannot be seen is shown as a mark,
and what is written right to left stands between FSI and PDI, which any place of plain text understands.
"""

import re
from collections.abc import Iterable

FSI, PDI = "\u2068", "\u2069"
# Controls but tab and line ends · format characters but the visible ones · fillers, letters that are blank, variation
# selectors and tags · two noncharacters that are used below.
_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufdd0\ufdd1\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The blocks whose letters are written so.
_RIGHT_TO_LEFT = (
    "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefe"
    "\U00010800-\U00010fff\U0001e800-\U0001efff"
)
# The scripts and pictures whose shape a joiner or a variation selector decides; elsewhere either only hides.
_SHAPED = (
    "\u0590-\u109f\u1780-\u18af\u20e3\u2190-\u2bff\ufb50-\ufdcf\ufdf0-\ufdff\ufe0f\ufe70-\ufefe"
    "\U0001f000-\U0001faff"
)
RIGHT_TO_LEFT = re.compile(f"[{_RIGHT_TO_LEFT}]")
SUSPECT = re.compile(f"[{_UNSEEN}{_RIGHT_TO_LEFT}]")
_HIDDEN = re.compile(
    f"(?P<shaping>(?<=[{_SHAPED}])[\u200c\u200d](?=[{_SHAPED}])|(?<=[{_SHAPED}])[\ufe0e\ufe0f])|[{_UNSEEN}]"
)
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # in place of a pair while the rest is marked
PAIR = re.compile(f"{FSI}([^\u2066-\u2069\r\n]*){PDI}")
DEPTH = 8  # of pairs in pairs; what is nested deeper was not made to be read
_LINE = re.compile(r"[^\r\n]+")  # a pair ends with its line
_BLANK = re.compile(rf"[\s{_UNSEEN}]")
_MARK = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")


def marked(text: str, opening: str = FSI, closing: str = PDI) -> str:
    """The text with a mark in place of each character that cannot be seen: `SPRING⟨U+200B⟩-30`. A pair that isolates
    something written right to left is none of them: it stays, or becomes the pair that is given."""
    if not SUSPECT.search(text):
        return text
    text = re.sub(f"[{_OPEN}{_CLOSE}]", _mark, text)
    for _inner_ones_first in range(DEPTH):
        text = PAIR.sub(_kept, text)
    pair = {_OPEN: opening, _CLOSE: closing}
    return _HIDDEN.sub(lambda one: one[0] if one["shaping"] else pair.get(one[0]) or _mark(one), text)


def isolated(text: str) -> str:
    """The same as a part of a sentence: what stands around it keeps its order."""
    shown = marked(text)
    return _LINE.sub(_line, shown) if RIGHT_TO_LEFT.search(shown) else shown


def joined(texts: Iterable[object], between: str = ", ") -> str:
    """Several in a row, each by itself; without those that are empty."""
    return between.join(isolated(str(text)) for text in texts if text)


def unmarked(text: str) -> str:
    """What `marked` made a text of, back."""
    return _MARK.sub(lambda mark: chr(int(mark[1], 16)), text)


def trimmed(text: str) -> str:
    """The text without blanks, and what cannot be seen, around it."""
    seen = [number for number, one in enumerate(text) if not _BLANK.match(one)]
    return text[seen[0] : seen[-1] + 1] if seen else ""


def without_unseen(text: str) -> str:
    """The text without what cannot be seen: for numbers and addresses, where it means nothing."""
    return _HIDDEN.sub(lambda one: one[0] if one["shaping"] else "", text)


def can_be_seen(text: str) -> bool:
    """Whether anything of the text shows: it is not of blanks and unseen characters alone."""
    return bool(without_unseen(text).strip())


def _kept(pair: re.Match[str]) -> str:
    return f"{_OPEN}{pair[1]}{_CLOSE}" if RIGHT_TO_LEFT.search(pair[1]) else pair[0]


def _line(line: re.Match[str]) -> str:
    return f"{FSI}{line[0]}{PDI}" if RIGHT_TO_LEFT.search(line[0]) else line[0]


def _mark(one: re.Match[str]) -> str:
    return f"⟨U+{ord(one[0]):04X}⟩"
