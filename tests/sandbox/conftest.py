from collections.abc import Iterator

import pytest

from tests.support.api_caller import Caller
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="session")
def _started() -> Iterator[Sandbox]:
    with running_sandbox("--settle", "3600") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_started: Sandbox) -> Sandbox:
    _started.reset()
    return _started


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    """Signed in, at work on the largest organization. What is pending stays so until a test turns `settle` down."""
    return Caller(sandbox).signed_in()


@pytest.fixture(scope="session")
def _started_flipped() -> Iterator[Sandbox]:
    with running_sandbox("--flipped", "--settle", "3600") as sandbox:
        yield sandbox


@pytest.fixture
def flipped(_started_flipped: Sandbox) -> Caller:
    """The same, where every name that may be another is another."""
    _started_flipped.reset()
    return Caller(_started_flipped).signed_in()
