"""Another language, for tests: a catalog of Django's in which each message has a mark before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation
from django.utils.translation import trans_real

MARK = "nl·"


@contextmanager
def in_dutch() -> Iterator[None]:
    catalog: Any = trans_real.translation("nl")
    own = {
        "gettext": lambda one: MARK + one,
        "ngettext": lambda one, many, n: MARK + (one if n == 1 else many),
    }
    vars(catalog).update(own)
    try:
        with translation.override("nl"):
            yield
    finally:
        for name in own:
            del vars(catalog)[name]
