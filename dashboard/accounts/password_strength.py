"""Password strength: how many guesses it takes, by zxcvbn. Its 30,000 passwords from breaches, its words and names come
with the package: nothing is asked of anybody."""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST = 3  # of zxcvbn's 0 to 4: more than 10^8 guesses
LOOKED_AT = (
    72  # characters: what takes longer to guess is never weak, and zxcvbn's own time grows with the square
)
OURS = ("flowtly", "back office", "backoffice", "dashboard")


class StrengthValidator:
    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        from zxcvbn import zxcvbn  # a quarter of a second, and only who chooses a password needs it

        found = zxcvbn(password[:LOOKED_AT], user_inputs=sorted(set(_context(user))))
        if found["score"] < LEAST or _mostly_expected(found["sequence"], len(password)):
            raise ValidationError(_why(found["sequence"]), code="password_too_easy")

    def get_help_text(self) -> str:
        return _("The password must not be easy to guess.")


def _mostly_expected(parts: list[dict[str, Any]], length: int) -> bool:
    """Whether half of it or more are words that are expected of this person."""
    expected = [len(part["token"]) for part in parts if part.get("dictionary_name") == "user_inputs"]
    return 2 * sum(expected) >= length


def _why(parts: list[dict[str, Any]]) -> str:
    longest = max(parts, key=lambda part: len(part["token"]))
    if longest["pattern"] == "repeat":
        return _(
            "This password repeats characters or words. Enter one without repetition, for example a sentence."
        )
    names = {part.get("dictionary_name") for part in parts}
    if "user_inputs" in names:
        return _(
            "This password is built on your name or a word of this site. Enter one that cannot be guessed from them."
        )
    if "passwords" in names:
        return _(
            "This password is like one on a list of stolen passwords. Enter another, for example a sentence."
        )
    return _("This password is easy to guess. Enter a longer one, for example a sentence.")


def _context(user: AbstractBaseUser | None) -> Iterable[str]:
    """Words that whoever guesses would try first: of the person, and of where they work."""
    texts = [*OURS, *settings.ALLOWED_HOSTS]
    texts += [str(getattr(user, name, "") or "") for name in ("username", "first_name", "last_name", "email")]
    for text in texts:
        yield from (word for word in [text.lower(), *re.split(r"[\W_]+", text.lower())] if len(word) > 2)
