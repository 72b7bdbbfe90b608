"""Text of others: marks for what cannot be seen, and a pair around what is written right to left."""

import pytest

from dashboard.standards.foreign_text import (
    DEPTH,
    FSI,
    PDI,
    isolated,
    joined,
    marked,
    trimmed,
    unmarked,
    without_unseen,
)

HEBREW, ARABIC, PERSIAN = (
    "\u05d0\u05d1 12",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
)
FAMILY, HEART = "\U0001f469\u200d\u2764\ufe0f\u200d\U0001f468", "\u2764\ufe0f"
SHOWN = {
    "SPRING\u202e03-": "SPRING⟨U+202E⟩03-",
    "SPRING\u200b-30": "SPRING⟨U+200B⟩-30",
    "a\x00b\x1bc\x7fd\x85e": "a⟨U+0000⟩b⟨U+001B⟩c⟨U+007F⟩d⟨U+0085⟩e",
    "a\u2028b\u2029c": "a⟨U+2028⟩b⟨U+2029⟩c",
    "\ufeffa\xadb\u2060c\u3164d\U000e0041e\ufe0ff": "⟨U+FEFF⟩a⟨U+00AD⟩b⟨U+2060⟩c⟨U+3164⟩d⟨U+E0041⟩e⟨U+FE0F⟩f",
    "a\u200db\u200cc": "a⟨U+200D⟩b⟨U+200C⟩c",
    "\u2068a\u2069\ufdd0": "⟨U+2068⟩a⟨U+2069⟩⟨U+FDD0⟩",
    "one\ttwo\r\nthree\xa0four\u202ffive": "one\ttwo\r\nthree\xa0four\u202ffive",
    "Rødgrød Håndværk – Ł €": "Rødgrød Håndværk – Ł €",
    PERSIAN: PERSIAN,
    FAMILY: FAMILY,
    HEART: HEART,
}


@pytest.mark.parametrize("text", SHOWN)
def test_what_cannot_be_seen_is_marked_and_what_shapes_letters_is_left(text: str) -> None:
    assert marked(text) == SHOWN[text]
    assert unmarked(marked(text)) == text


@pytest.mark.parametrize("text", [HEBREW, ARABIC, PERSIAN, "7 days \u05d0", "\U0001e900"])
def test_what_is_written_right_to_left_stands_in_a_pair_and_that_pair_is_no_mark(text: str) -> None:
    assert isolated(text) == f"\u2068{text}\u2069"
    assert marked(isolated(text)) == isolated(text)
    assert marked(f"a {isolated(text)}", "<", ">") == f"a <{text}>"
    assert marked(f"a\u2069 {text} \u2067") == f"a⟨U+2069⟩ {text} ⟨U+2067⟩"


@pytest.mark.parametrize("text", ["SPRING-30", "", "Ünïcode"])
def test_any_other_text_stays_without_one(text: str) -> None:
    assert isolated(text) == text


def test_a_pair_ends_with_its_line() -> None:
    assert isolated(f"{HEBREW}\nplain\r\n{ARABIC}") == f"\u2068{HEBREW}\u2069\nplain\r\n\u2068{ARABIC}\u2069"


def test_several_stand_each_by_itself_without_the_empty() -> None:
    assert joined([HEBREW, "", None, 12, ARABIC]) == f"\u2068{HEBREW}\u2069, 12, \u2068{ARABIC}\u2069"


def test_numbers_and_addresses_lose_what_cannot_be_seen() -> None:
    assert without_unseen("\u202aNL\u200b8205\u202c\ufeff") == "NL8205"
    assert without_unseen(PERSIAN) == PERSIAN


N = 300_000
LONG = {
    "words": ("long " * N, "long " * N),
    "blanks": ("a" + " " * N + "b", "a" + " " * N + "b"),
    "after": (f"{'x' * N}{HEBREW}", f"\u2068{'x' * N}{HEBREW}\u2069"),
    "lines": (f"{'x' * N}\n{HEBREW}", f"{'x' * N}\n\u2068{HEBREW}\u2069"),
    "opened": ("\u2068" * N, "⟨U+2068⟩" * N),
    "nested": (
        f"{FSI * N}{HEBREW}{PDI * N}",
        f"{FSI}{'⟨U+2068⟩' * (N - DEPTH)}{FSI * DEPTH}{HEBREW}{PDI * DEPTH}{'⟨U+2069⟩' * (N - DEPTH)}{PDI}",
    ),
}


@pytest.mark.parametrize("kind", LONG)
def test_a_long_text_takes_no_longer_than_it_is_long(kind: str) -> None:
    """Squared, each of these would take hours."""
    text, shown = LONG[kind]
    assert isolated(text) == shown
    assert trimmed(f" {text}\u200b ") == trimmed(text)
    assert without_unseen(text)[:1] != "⟨"
