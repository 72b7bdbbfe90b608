"""What looks like a secret, and samples of values that hold none.

The API publishes no list of what is secret, so it goes by names and shapes: rather too much hidden than too little.
"""

import json
import re
from collections.abc import Mapping

# Parts of keys, and what counts only as one of several: "key" alone may be any key.
SECRET = (
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
    "private",
    "signature",
    "bearer",
)
WEAK = {"key", "keys", "auth", "pin", "salt", "dsn"}
HIDDEN = "•••"
LONGEST_SAMPLE = 120
DEEPEST = 4
MOST_OF_A_LIST = 10

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# A password within an address, and a private key.
IN_TEXT = re.compile(r"://[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY")
# A JWT, a key with a well-known beginning, or a long run of letters and digits mixed as chance mixes them.
_TOKEN = re.compile(r"eyJ[\w-]{8,}\.|\b(?:sk|pk|rk|whsec|ghp|xox[a-z])[_-]\w{8,}")
_RUN = re.compile(r"[\w+/=-]{40,}")
_EMAIL = re.compile(r"([^\s@<>,;\"']{1,2})[^\s@<>,;\"']*(@[^\s@<>,;\"']+)")


def looks_secret(key: str, *, alone: bool = True) -> bool:
    """`alone`: whether a weak word counts by itself, too."""
    parts = [part.lower() for part in _WORDS.findall(key)]
    if any(word in "".join(parts) for word in SECRET):
        return True
    return bool(WEAK & set(parts)) and (alone or len(parts) > 1)


def sample(key: str, value: object) -> str:
    """A value in at most 120 characters, with what looks secret and most of an e-mail address left out."""
    shown = _shown(key, value, DEEPEST)
    text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SAMPLE else f"{text[: LONGEST_SAMPLE - 1]}…"


def type_of(value: object) -> str:
    """JSON's own word for what this is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    kinds = {int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "object")


def _shown(key: str, value: object, deep: int) -> object:
    if value not in (None, "") and not isinstance(value, bool) and looks_secret(key, alone=False):
        return HIDDEN
    if isinstance(value, str):
        return _said(value)
    if isinstance(value, Mapping):
        if deep == 0:
            return "…"
        few = list(value.items())[:MOST_OF_A_LIST]
        return {_said(str(name)): _shown(str(name), each, deep - 1) for name, each in few}
    if isinstance(value, list):
        return ["…"] if deep == 0 else [_shown(key, each, deep - 1) for each in value[:MOST_OF_A_LIST]]
    return value if not isinstance(value, int) or abs(value) < 10**20 else "…"


def _said(text: str) -> str:
    # Cut before it is searched: a field may hold two megabytes, and the cut may not split what is to be hidden.
    beginning = text[: 4 * LONGEST_SAMPLE]
    if IN_TEXT.search(beginning) or _TOKEN.search(beginning) or any(map(_mixed, _RUN.findall(beginning))):
        return HIDDEN
    return _EMAIL.sub(r"\1…\2", beginning)[: LONGEST_SAMPLE + 1]


def _mixed(run: str) -> bool:
    return any(map(str.isdigit, run)) and any(map(str.isalpha, run))
