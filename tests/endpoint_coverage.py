"""After the whole suite: was each endpoint with a page really asked of the sandbox by some test?

Not collected by itself: `tests/all` runs it after the suite, which leaves what it asked in $REQUESTS_ASKED.
"""

import os
import re
from pathlib import Path

import pytest

from tests.support.endpoints import endpoints


def asked() -> set[str]:
    folder = Path(os.environ["REQUESTS_ASKED"])
    return {line for file in folder.glob("*.txt") for line in file.read_text().splitlines()}


@pytest.mark.parametrize(("method", "path", "page"), endpoints())
def test_was_asked_of_the_sandbox(method: str, path: str, page: str) -> None:
    wanted = re.compile(f"{method} " + re.escape(path).replace(r"\{id\}", r"[^/]+"))
    literal = {f"{m} {p}" for m, p, _ in endpoints() if "{" not in p} - {f"{method} {path}"}
    assert any(wanted.fullmatch(line) for line in asked() - literal)
