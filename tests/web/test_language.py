"""Retired words: what the dashboard's texts no longer say, and those that still do."""

import re
from pathlib import Path

from tests.support.messages import messages

# The current word is that of the glossary: "audit log", "erase the data of an organization", "fetch", "again" …
RETIRED = re.compile(
    r"\b(the trail|audit trail|clear(?:s|ed|ing)? (?:the |an |this |%\(\w+\)s|organization)|pull(?:s|ed|ing)?"
    r"|sift(?:s|ed|ing)?|anew|go(?:es)? on|just so|just now|some(?:body|one else's)|nobody|everybody|twins?"
    r"|rehears(?:e|es|ed|al|als|ing)|tak(?:e|es|en|ing) back|look(?:s|ed)? again|user names?|in doubt|doubts?"
    r"|gone stale|speaks? against|what (?:came|becomes|became) of|not any more|post codes?|such as|by hand"
    r"|the act|acts|promised dates?|stands? among|mail footers?)\b",
    re.IGNORECASE,
)
OFFENDERS = Path(__file__).with_name("retired_words.txt")


def test_no_message_but_those_on_the_list_says_a_retired_word() -> None:
    """The list may only shrink: a message that is mended, or gone, leaves it in the same commit."""
    found = {message for message in messages() if RETIRED.search(message)}
    known = OFFENDERS.read_text().splitlines()
    assert sorted(found - set(known)) == [], "new: say it with the words of the glossary"
    assert sorted(set(known) - found) == [], f"mended: take them off {OFFENDERS.name}"
    assert known == sorted(set(known))


def test_messages_are_read_from_python_and_from_templates() -> None:
    found = messages()
    assert len(found) > 1000
    assert {"Menu", "Superuser"} <= found
