import re

from dashboard.flowtly.calls import segment
from dashboard.flowtly.errors import BadIdentifier


class IdConverter:
    """An id as Flowtly gives them: opaque, but never one that could climb out of its place in a path."""

    regex = r"[A-Za-z0-9_@][A-Za-z0-9_.:@~-]{0,127}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def is_identifier(value: str) -> bool:
    """Whether a record with this id can have a page. `new` is the name of a page of ours."""
    if value == "new" or not re.fullmatch(IdConverter.regex, value):
        return False
    try:
        segment(value)
    except BadIdentifier:
        return False
    return True
