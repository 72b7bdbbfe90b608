"""Select over a long list: the text of its options is made once for each list, and what is chosen put into it.

Django makes a record of each option, and draws it, for each of several lists of countries on a page.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Value and words of an option, or the words of a group and its options.
Options = tuple[tuple[str, "str | Options"], ...]


class LongSelect(forms.Select):
    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: object = None
    ) -> SafeString:
        text = _text(_plain(self.choices))
        # The first of them that is there, as a browser has it.
        found = min(
            (place for each in self.format_value(value) if (place := text.find(_value(each))) >= 0),
            default=-1,
        )
        if found >= 0:
            end = text.index(">", found)
            text = f"{text[:end]} selected{text[end:]}"
        all_attrs = flatatt(self.build_attrs(self.attrs, dict(attrs or {})))
        return format_html('<select name="{}"{}>{}</select>', name, all_attrs, mark_safe(text))  # noqa: S308


def _plain(choices: Iterable[Any]) -> Options:
    """The choices as texts, in the reader's language."""
    return tuple(
        (
            "" if value is None else str(value),
            _plain(words) if isinstance(words, list | tuple) else str(words),
        )
        for value, words in choices
    )


@lru_cache(maxsize=64)
def _text(options: Options) -> str:
    return "".join(
        f"<option{_value(value)}>{escape(words)}</option>"
        if isinstance(words, str)
        else f'<optgroup label="{escape(value)}">{_text(words)}</optgroup>'
        for value, words in options
    )


def _value(value: str) -> str:
    return f' value="{escape(value)}"'
